import type { Pool } from 'pg';
import { REGISTERED, type RecordedEvent, fromStored, policyStream, position } from '#domain';
import type { EventLog, LogEntry, Revision } from '#event-log';
import type { Coordinate } from '#temporal';
import { type AnswerDocument, type ProvenEntry, answerDocument } from '../answer-document.js';
import type { Hash } from '../merkle.js';
import { type HashReader, type Subtree, inclusionProof } from '../merkle-proofs.js';
import { base64 } from '../reading.js';
import { type StoredDisclosure, disclosures } from '../store/log-rows.js';
import type { SignedHeads } from '../store/signed-heads.js';
import type { Standing } from '../store/standing.js';
import type { StoredTiles } from '../store/stored-tiles.js';
import { tileHashReader } from '../tile-hash-reader.js';

/** What proofs of answers are made with. */
export interface ProofNeeds {
  readonly pool: Pool;
  readonly log: Pick<EventLog, 'readStream'>;
  readonly tiles: StoredTiles;
  readonly heads: SignedHeads;
  readonly vkey: string;
}

/** What is to be proven: a policy's state at a coordinate. */
export interface Asked {
  readonly policy: string;
  readonly at: Coordinate;
}

/** A proof, or that the log is not signed as far as the coordinate. */
export type AnswerProof =
  | { readonly outcome: 'proven'; readonly answer: AnswerDocument }
  | { readonly outcome: 'not-signed-yet'; readonly signed: number };

/** Proves a policy's state from the last checkpoint: all its entries, and that there are no more. */
export async function proofOf(needs: ProofNeeds, { policy, at }: Asked): Promise<AnswerProof> {
  const { standing, proof: head } = await needs.heads.headOf(policyStream(policy));
  const { checkpoint, size } = standing;
  if (!checkpoint || !head || size < at.recorded) return { outcome: 'not-signed-yet', signed: size };
  const stored = await entriesOf(needs.log, policyStream(policy), size);
  const entries = await provenEntries(needs, stored, standing);
  const answer = answerDocument({
    policy,
    at,
    events: stored.flatMap(eventOf),
    entries,
    head: { index: head.index, hashes: head.hashes.map(base64) },
    checkpoint: checkpoint.note,
    vkey: needs.vkey,
  });
  return { outcome: 'proven', answer };
}

const PAGE = 1_000;

async function entriesOf(log: ProofNeeds['log'], stream: string, size: number): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  for (let after: Revision | undefined, more = true; more;) {
    const page: readonly LogEntry[] = await log.readStream(stream, {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    entries.push(...page.filter((entry) => entry.position <= size));
    after = page.at(-1)?.revision;
    more = page.length === PAGE && (page.at(-1)?.position ?? size) < size;
  }
  return entries;
}

const eventOf = (entry: LogEntry): readonly RecordedEvent[] =>
  entry.type === REGISTERED ? [] : [fromStored({ ...entry, position: position(entry.position) })];

async function provenEntries(
  { pool, tiles }: ProofNeeds,
  entries: readonly LogEntry[],
  standing: Standing,
): Promise<readonly ProvenEntry[]> {
  const committed = entries.filter(({ entry }) => entry.includes('{"commit":"')).map((entry) => entry.position);
  const texts = committed.length === 0 ? [] : await disclosures(pool, committed);
  const reader = remembered(tileHashReader(tiles.readerAt(standing), standing.size));
  const proven: ProvenEntry[] = [];
  for (const { position: at, entry } of entries) {
    const hashes = await inclusionProof(reader, { index: at - 1, size: standing.size });
    proven.push({ position: at, entry, hashes: hashes.map(base64), erasable: texts.flatMap(disclosedAt(at)) });
  }
  return proven;
}

const disclosedAt =
  (at: number) =>
  ({ position: place, pointer, salt, value }: StoredDisclosure): ProvenEntry['erasable'] =>
    place === at ? [{ pointer, salt, value }] : [];

/** Proofs of neighbours share most of their hashes. */
function remembered(reader: HashReader): HashReader {
  const known = new Map<string, Hash>();
  const nameOf = ({ level, index }: Subtree): string => `${level}/${index}`;
  return {
    async hashesAt(subtrees) {
      const missing = subtrees.filter((subtree) => !known.has(nameOf(subtree)));
      const read = await reader.hashesAt(missing);
      for (const [index, subtree] of missing.entries()) known.set(nameOf(subtree), read[index] ?? new Uint8Array());
      return subtrees.map((subtree) => known.get(nameOf(subtree)) ?? new Uint8Array());
    },
  };
}
