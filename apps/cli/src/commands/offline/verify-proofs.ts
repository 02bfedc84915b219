import {
  type CheckFault,
  readStrictJson,
  seemsTlogProof,
  verifyCheckpoint,
  verifyGrowth,
  verifyInclusion,
  verifyTlogProof,
} from '#audit/verifier';
import { EXIT, Failure } from '../../exit-code.js';
import { readText } from '../../files.js';

/** What is verified beside exports and answers, as the service sends it. */
type ProofKind = 'checkpoint' | 'tlog-proof' | 'inclusion' | 'consistency';

/** The files that were given with it. */
export interface ProofInputs {
  readonly key?: string;
  readonly checkpoint?: string;
  readonly later?: string;
}

/** The outcome for a checkpoint or a proof. */
export type ProofVerification =
  | {
      readonly verdict: 'verified';
      readonly subject: string;
      readonly proven: readonly string[];
      readonly unproven: readonly string[];
    }
  | { readonly verdict: 'not-verified'; readonly fault: CheckFault };

const NOTE = /^[^\n{]+\n\d+\n[A-Za-z0-9+/]{43}=\n/;

/** Tells by its beginning what a file is; undefined for what is not of these. */
export function proofKindOf(beginning: string): ProofKind | undefined {
  if (seemsTlogProof(beginning)) return 'tlog-proof';
  if (NOTE.test(beginning)) return 'checkpoint';
  if (/^\s*\{\s*"index"\s*:/.test(beginning)) return 'inclusion';
  return /^\s*\{\s*"from"\s*:\s*\d/.test(beginning) ? 'consistency' : undefined;
}

/** Verifies a checkpoint, or a proof against the checkpoints that were given with it. */
export async function verifyProof(kind: ProofKind, bytes: Uint8Array, given: ProofInputs): Promise<ProofVerification> {
  const vkey = needed(given.key, '--key VKEY, the key of the log, known from elsewhere');
  switch (kind) {
    case 'checkpoint':
      return checkpointOutcome(Buffer.from(bytes).toString(), vkey);
    case 'tlog-proof':
      return tlogProofOutcome(Buffer.from(bytes).toString(), vkey);
    case 'inclusion': {
      const file = needed(given.checkpoint, '--checkpoint FILE, the checkpoint over as many entries as the proof');
      return inclusionOutcome(readProof(bytes), await readText(file), vkey);
    }
    case 'consistency': {
      const files = [
        needed(given.checkpoint, '--checkpoint FILE, the earlier checkpoint'),
        needed(given.later, '--later FILE, the later checkpoint'),
      ];
      const [earlier = '', later = ''] = await Promise.all(files.map(readText));
      return growthOutcome({ earlier, later, proof: readProof(bytes), vkey });
    }
  }
}

function checkpointOutcome(note: string, vkey: string): ProofVerification {
  const outcome = verifyCheckpoint({ note, vkey });
  if (outcome.verdict === 'not-verified') return outcome;
  const { origin, size } = outcome.checkpoint;
  return {
    verdict: 'verified',
    subject: `the checkpoint of ${origin} over ${size} entries`,
    proven: ['The checkpoint is signed by the key you gave.'],
    unproven: outcome.unproven,
  };
}

function inclusionOutcome(proof: unknown, note: string, vkey: string): ProofVerification {
  const signed = verifyCheckpoint({ note, vkey });
  if (signed.verdict === 'not-verified') return signed;
  const outcome = verifyInclusion({ proof, checkpoint: signed.checkpoint });
  if (outcome.verdict === 'not-verified') return outcome;
  const { position, entry, unproven } = outcome;
  return {
    verdict: 'verified',
    subject: `${entry.key} at position ${position}`,
    proven: provenInclusion(position),
    unproven,
  };
}

function tlogProofOutcome(text: string, vkey: string): ProofVerification {
  const outcome = verifyTlogProof({ text, vkey });
  if (outcome.verdict === 'not-verified') return outcome;
  const { position, entry, origin, size, unproven } = outcome;
  return {
    verdict: 'verified',
    subject: `${entry.key} at position ${position} of ${origin}, among ${size} entries`,
    proven: provenInclusion(position),
    unproven,
  };
}

const provenInclusion = (position: number): readonly string[] => [
  'The checkpoint is signed by the key you gave.',
  `The entry is, byte for byte, at position ${position} of the log that the checkpoint is over.`,
];

function growthOutcome(growth: Parameters<typeof verifyGrowth>[0]): ProofVerification {
  const outcome = verifyGrowth(growth);
  if (outcome.verdict === 'not-verified') return outcome;
  const { earlier, later, unproven } = outcome;
  return {
    verdict: 'verified',
    subject: `that ${later.origin} only grew from ${earlier.size} to ${later.size} entries`,
    proven: [
      'Both checkpoints are signed by the key you gave.',
      `The first ${earlier.size} entries of the later log are those of the earlier: none was changed or removed.`,
    ],
    unproven,
  };
}

function readProof(bytes: Uint8Array): unknown {
  const json = readStrictJson(bytes);
  return json.ok ? json.value : undefined;
}

function needed(given: string | undefined, what: string): string {
  if (given !== undefined) return given;
  throw new Failure(EXIT.usage, `This can be verified with ${what} alone.`);
}
