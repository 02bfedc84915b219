import type { Pool } from 'pg';
import { policyStream } from '#domain';
import { type EventLog, type LogEntry, readStreamWhole } from '#event-log';
import type { EntryObject } from '#event-log/canonical';
import { type Replays } from '#projections';
import { Turns } from '#runtime/turns';
import type { Coordinate } from '#temporal';
import { type AnswerDocument, type ProvenEntry, renderShown } from '../answer/answer-document.js';
import { answerDocument } from '../answer/make-answer.js';
import type { Question } from '../answer/question.js';
import { recountAll } from '../answer/recount/recount-all.js';
import { showRecount } from '../answer/recount/recount.js';
import { firstOfRows } from '../answer/served-answer.js';
import type { Hash } from '../merkle/tree-hashes.js';
import { type HashReader, type Subtree, inclusionProof } from '../merkle/merkle-proofs.js';
import { base64 } from '../primitives/bytes.js';
import { readDisclosures } from '../store/log-rows.js';
import type { SignedHeads } from '../store/signed-heads.js';
import type { TreeState } from '../store/tree-state.js';
import type { StoredTiles } from '../store/stored-tiles.js';
import { tileHashReader } from '../merkle/tile-hash-reader.js';

/** The sources from which proofs of answers are made. */
export interface ProofNeeds {
  readonly pool: Pool;
  readonly log: Pick<EventLog, 'readStream'>;
  /** Folds long streams. */
  readonly replays: Replays;
  readonly tiles: StoredTiles;
  readonly heads: SignedHeads;
  readonly vkey: string;
}

/** The subject of a proof: a policy's state at a coordinate, or the answer to another question about it. */
export interface ProofSubject {
  readonly policy: string;
  readonly at: Coordinate;
  readonly question?: Question | undefined;
  /** Of a list: the rows that are shown of it. */
  readonly items?: readonly object[] | undefined;
}

/** A proof, or that the log is not signed as far as the coordinate. */
export type AnswerProof =
  | { readonly outcome: 'proven'; readonly answer: AnswerDocument }
  | { readonly outcome: 'not-signed-yet'; readonly signed: number }
  /** It would be longer than a proof may be. */
  | { readonly outcome: 'too-long' }
  /** Nothing is recorded under that slug. */
  | { readonly outcome: 'no-entries' };

/** Proves an answer about a policy from the last checkpoint: all its entries, and that there are no more. */
export async function provePolicy(needs: ProofNeeds, subject: ProofSubject): Promise<AnswerProof> {
  const { policy, at, question } = subject;
  const { treeState, proof: head } = await needs.heads.headOf(policyStream(policy));
  const { checkpoint, size } = treeState;
  if (!checkpoint || size < at.recorded) return { outcome: 'not-signed-yet', signed: size };
  if (!head) return { outcome: 'no-entries' };
  const stored = await entriesOf(needs.log, policyStream(policy), size);
  if (!stored) return { outcome: 'too-long' };
  const shown = await shownOf(needs.replays, stored, subject);
  const entries = await provenEntries(needs, stored, treeState);
  const answer = answerDocument({
    policy,
    at,
    question,
    shown,
    entries,
    head: { index: head.index, hashes: head.hashes.map(base64) },
    checkpoint: checkpoint.note,
    vkey: needs.vkey,
  });
  return { outcome: 'proven', answer };
}

async function shownOf(
  replays: Replays,
  stored: readonly LogEntry[],
  { policy, at, question, items = [] }: ProofSubject,
): Promise<EntryObject> {
  const turns = new Turns();
  if (question === undefined) {
    const facts = await replays.factsAt(stored, at);
    await turns.next();
    const shown = renderShown(facts);
    await turns.next();
    return shown;
  }
  const counted = await replays.inTurns(stored, (events) => recountAll({ policy, question, events, at }));
  const first = 'rows' in counted ? firstOfRows(counted.rows, items) : 1;
  await turns.next();
  return showRecount(counted, { first, length: items.length });
}

/** A proof longer than this is not made: whoever needs one can prove the same from an export of the log. */
const LONGEST_PROOF = 24 * 1024 * 1024;

/** A hash with its quotes and comma, and what surrounds an entry and its hashes. */
const [HASH_CHARACTERS, ENTRY_CHARACTERS] = [47, 60];

/** About how much an entry adds to a proof: it comes with a hash for each level of the tree. */
const lengthInProof = ({ entry }: LogEntry, size: number): number =>
  entry.length + ENTRY_CHARACTERS + HASH_CHARACTERS * Math.ceil(Math.log2(size + 1));

/** The entries of a stream up to a size of the log; undefined where their proof would be too long. */
async function entriesOf(
  log: ProofNeeds['log'],
  stream: string,
  size: number,
): Promise<readonly LogEntry[] | undefined> {
  const entries: LogEntry[] = [];
  let length = 0;
  for await (const page of readStreamWhole(log, stream, { upTo: size })) {
    entries.push(...page);
    length += page.reduce((sum, entry) => sum + lengthInProof(entry, size), 0);
    if (length > LONGEST_PROOF) return undefined;
  }
  return entries;
}

async function provenEntries(
  { pool, tiles }: ProofNeeds,
  entries: readonly LogEntry[],
  treeState: TreeState,
): Promise<readonly ProvenEntry[]> {
  const committed = entries.filter(({ entry }) => entry.includes('{"commit":"')).map((entry) => entry.position);
  const texts = committed.length === 0 ? [] : await readDisclosures(pool, committed);
  const erasableAt = new Map<number, ProvenEntry['erasable']>();
  for (const { position: at, pointer, salt, value } of texts)
    erasableAt.set(at, [...(erasableAt.get(at) ?? []), { pointer, salt, value }]);
  const turns = new Turns();
  const reader = cacheHashes(tileHashReader(tiles.readerAt(treeState), treeState.size));
  const proven: ProvenEntry[] = [];
  for (const { position: at, entry } of entries) {
    const hashes = await inclusionProof(reader, { index: at - 1, size: treeState.size });
    proven.push({ position: at, entry, hashes: hashes.map(base64), erasable: erasableAt.get(at) ?? [] });
    // Most hashes are known by then, and nothing else would have a turn.
    if (turns.isOver) await turns.next();
  }
  return proven;
}

/** Proofs of neighbours share most of their hashes. */
function cacheHashes(reader: HashReader): HashReader {
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
