import {
  type AnswerVerification,
  type TrustedInputs,
  type Verification,
  parseVerifierKey,
  readStrictJson,
  verifyAnswer,
  verifyExport,
} from '#audit/verifier';
import type { DefineCommand } from '../../define-command.js';
import { EXIT, type ExitCode, Failure } from '../../exit-code.js';
import { type OpenFile, openFile, readText } from '../../files.js';
import { ProgressLine } from '../../progress.js';
import { type Terminal, say, colour } from '../../terminal.js';
import { type ProofVerification, proofKindOf, verifyProof } from './verify-proofs.js';

interface Options {
  readonly key?: string;
  readonly checkpoint?: string;
  readonly later?: string;
  readonly json?: boolean;
}

/** The most bytes of an answer, which is read as a whole. */
const ANSWER_LIMIT_BYTES = 256 * 1_048_576;

export const defineVerify: DefineCommand = (command, terminal, done) => {
  command
    .argument(
      '<file>',
      'an export, a state answer with proof=true, a checkpoint, a .tlog-proof, a proof of inclusion or of consistency; - is standard input',
    )
    .option('--key <vkey>', 'the key that must have signed it, obtained independently of the file')
    .option(
      '--checkpoint <file>',
      'an earlier checkpoint, with which an export must be consistent; the one that a proof is about',
    )
    .option('--later <file>', 'with a proof of consistency: the later checkpoint')
    .option('--json', 'the verdict as JSON')
    .action(async (file: string, options: Options) => done(await verify(file, options, terminal)));
};

async function verify(file: string, options: Options, terminal: Terminal): Promise<ExitCode> {
  const known = await readKnown(options);
  const opened = await openFile(file, terminal);
  const progress = new ProgressLine(terminal, 'bytes');
  const chunks = reportProgress(opened, progress)[Symbol.asyncIterator]();
  const first = await chunks.next();
  const all = prepend(first, chunks);
  const verification = await verifyAny(first.done === true ? new Uint8Array() : first.value, all, { options, known });
  progress.end();
  if (options.json) say(terminal, JSON.stringify(toJson(verification)));
  else for (const line of linesOf(verification, terminal)) say(terminal, line);
  return verification.verdict === 'verified' ? EXIT.ok : EXIT.differs;
}

interface Given {
  readonly options: Options;
  readonly known: TrustedInputs;
}

async function verifyAny(
  first: Uint8Array,
  all: AsyncIterable<Uint8Array>,
  { options, known }: Given,
): Promise<AnyVerification> {
  const kind = proofKindOf(beginningOf(first));
  if (kind !== undefined) return verifyProof(kind, await readWhole(all), options);
  return isAnswer(first) ? verifyAnswerIn(await readWhole(all), options, known) : verifyExport(all, known);
}

type AnyVerification = Verification | AnswerVerification | ProofVerification;

/** Hashes in base64, as everywhere. */
function toJson(verification: AnyVerification): object {
  if (verification.verdict === 'not-verified' || !('checkpoint' in verification)) return verification;
  const { origin, size, root } = verification.checkpoint;
  return { ...verification, checkpoint: { origin, size, root: Buffer.from(root).toString('base64') } };
}

async function readKnown({ key: text, checkpoint }: Options): Promise<TrustedInputs> {
  const key = text === undefined ? undefined : parseVerifierKey(text.trim());
  if (key?.ok === false) throw new Failure(EXIT.usage, `--key: ${key.message}`);
  return {
    ...(key === undefined ? {} : { key: key.value }),
    ...(checkpoint === undefined ? {} : { checkpoint: await readText(checkpoint) }),
  };
}

async function* reportProgress({ chunks, bytes: of }: OpenFile, progress: ProgressLine): AsyncGenerator<Uint8Array> {
  let count = 0;
  for await (const chunk of chunks) {
    yield chunk;
    count += chunk.length;
    progress.report(of === undefined ? { count } : { count, of });
  }
}

async function* prepend(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

const BEGIN_BYTES = 200;

/** True if a file begins like an answer; everything else is verified as an export. */
const isAnswer = (chunk: Uint8Array): boolean =>
  /^\s*\{\s*"(?:policy"|format"\s*:\s*"policy-timeline-answer")/.test(beginningOf(chunk));

const beginningOf = (chunk: Uint8Array): string => Buffer.from(chunk.subarray(0, BEGIN_BYTES)).toString('latin1');

async function readWhole(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length > ANSWER_LIMIT_BYTES)
      throw new Failure(EXIT.usage, `An answer can have at most ${ANSWER_LIMIT_BYTES} bytes; this file is longer.`);
  }
  return Buffer.concat(parts);
}

function verifyAnswerIn(bytes: Uint8Array, { checkpoint }: Options, { key }: TrustedInputs): AnswerVerification {
  if (checkpoint !== undefined)
    throw new Failure(
      EXIT.usage,
      '--checkpoint applies to exports only. GET /v1/audit/proof/consistency shows whether an answer is consistent with an earlier checkpoint.',
    );
  const json = readStrictJson(bytes);
  if (json.ok) return verifyAnswer(json.value, key);
  return { verdict: 'not-verified', fault: { reason: 'answer-unreadable', position: null, message: json.message } };
}

function linesOf(verification: AnyVerification, terminal: Terminal): readonly string[] {
  if (verification.verdict === 'not-verified') return faultLines(verification, terminal);
  const { proven, unproven } = verification;
  return [
    `${colour(terminal, 'green', 'verified')} ${subjectOf(verification)}`,
    ...('vkey' in verification ? [`signed with ${verification.vkey}`] : []),
    'proven:',
    ...proven.map((sentence) => `  ${sentence}`),
    'not proven:',
    ...unproven.map((sentence) => colour(terminal, 'dim', `  ${sentence}`)),
  ];
}

type Verified<One> = Extract<One, { verdict: 'verified' }>;

function subjectOf(verification: Verified<AnyVerification>): string {
  if ('subject' in verification) return verification.subject;
  if ('policy' in verification) {
    const { policy, at, checkpoint } = verification;
    return `${policy} at position ${at.recorded}, known ${at.knownAt}, valid ${at.validAt}, of ${checkpoint.origin} at size ${checkpoint.size}`;
  }
  const { origin, size, root, streams } = verification;
  return `${origin}: ${size} entries in ${streams} streams, root ${root}`;
}

function faultLines(
  { fault }: Extract<AnyVerification, { verdict: 'not-verified' }>,
  terminal: Terminal,
): readonly string[] {
  const places = [
    ...(fault.position === null ? [] : [`position ${fault.position}`]),
    ...('line' in fault && fault.line !== null ? [`line ${fault.line}`] : []),
  ];
  return [
    `${colour(terminal, 'red', 'not verified')}${places.length > 0 ? ` at ${places.join(', ')}` : ''}: ${fault.reason}`,
    `  ${fault.message}`,
  ];
}
