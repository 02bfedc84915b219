import type { Pool } from 'pg';
import { bigintArray, doubleArray, faultOf, integerArray, textArray, uuidArray } from '#postgres';
import { LogStartError, reportUnavailability, type LogPosition, positionOf } from '#event-log/adapter';
import type { MirrorDraft, TakenNames } from './mirror-draft.js';
import type { SequencerLease } from './sequencer-lease.js';
import type { StorePosition } from '../store/store.js';

/** A batch to copy: the drafts of all records between two positions in the store. */
export interface MirrorBatch {
  readonly after: StorePosition | undefined;
  readonly to: StorePosition;
  readonly drafts: readonly MirrorDraft[];
}

/** The outcome for a batch: copied, or nothing stored, because keys are taken or another process has the lease. */
export type MirrorAnswer =
  | { readonly outcome: 'mirrored'; readonly head: LogPosition }
  | { readonly outcome: 'taken'; readonly taken: TakenNames }
  | { readonly outcome: 'taken-over' };

/** Store and mirror contradict each other: going on would make it worse. */
export class MirrorMismatchError extends LogStartError {
  override readonly name = 'MirrorMismatchError';
}

const MIRROR = `SELECT outcome, head::float8 AS head, taken
  FROM log.mirror($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`;

interface MirrorRow {
  readonly outcome: MirrorAnswer['outcome'];
  readonly head: number;
  readonly taken: { readonly [Name in keyof TakenNames]: readonly string[] | null } | null;
}

/** Copies a batch in one statement. The same batch again, after a lost connection, is copied once. */
export async function callMirror(
  pool: Pool,
  { owner, epoch }: SequencerLease,
  batch: MirrorBatch,
): Promise<MirrorAnswer> {
  const { after, to, drafts } = batch;
  const positions = [after?.commit, after?.prepare, to.commit, to.prepare].map((each) => each?.toString() ?? null);
  const values = [owner, epoch, ...positions, ...draftValues(drafts), ...keptValues(drafts)];
  const { rows } = await reportUnavailability(
    pool.query<MirrorRow>({ name: 'log-mirror', text: MIRROR, values }),
  ).catch((error: unknown) => {
    throw mismatchOf(error) ?? error;
  });
  const [row] = rows;
  if (!row) throw new Error('The mirror function answered nothing.');
  if (row.outcome === 'mirrored') return { outcome: 'mirrored', head: positionOf(row.head) };
  if (row.outcome === 'taken-over') return { outcome: 'taken-over' };
  const { keys, ids, idempotencyKeys } = row.taken ?? {};
  return { outcome: 'taken', taken: { keys: keys ?? [], ids: ids ?? [], idempotencyKeys: idempotencyKeys ?? [] } };
}

function draftValues(drafts: readonly MirrorDraft[]): readonly unknown[] {
  return [
    uuidArray(drafts.map(({ id }) => id)),
    textArray(drafts.map(({ key }) => key)),
    textArray(drafts.map(({ type }) => type)),
    textArray(drafts.map(({ record }) => record.stream)),
    integerArray(drafts.map(({ record }) => record.revision)),
    integerArray(previousOffsets(drafts)),
    textArray(drafts.map(({ before }) => before)),
    textArray(drafts.map(({ after }) => after)),
    bigintArray(drafts.map(({ record }) => record.at.commit)),
    bigintArray(drafts.map(({ record }) => record.at.prepare)),
    doubleArray(drafts.map(({ record }) => record.createdMs)),
  ];
}

/** The offset in the batch of each stream's previous event, counted from 1; null where it is not in it. */
function previousOffsets(drafts: readonly MirrorDraft[]): readonly (number | null)[] {
  const last = new Map<string, { readonly revision: number; readonly offset: number }>();
  return drafts.map(({ record: { stream, revision } }, index) => {
    const previous = last.get(stream);
    last.set(stream, { revision, offset: index + 1 });
    return previous?.revision === revision - 1 ? previous.offset : null;
  });
}

function keptValues(drafts: readonly MirrorDraft[]): readonly unknown[] {
  const kept = drafts.flatMap(({ idempotencyKey }, index) =>
    idempotencyKey === undefined ? [] : [{ idempotencyKey, offset: index + 1 }],
  );
  const erasable = drafts.flatMap(({ digest }, index) => (digest === undefined ? [] : [{ digest, offset: index + 1 }]));
  return [
    textArray(kept.map(({ idempotencyKey }) => idempotencyKey)),
    integerArray(kept.map(({ offset }) => offset)),
    integerArray(erasable.map(({ offset }) => offset)),
    textArray(erasable.map(({ digest }) => digest)),
  ];
}

/** A violated constraint: what the store has does not go on from what the log has. */
function mismatchOf(error: unknown): MirrorMismatchError | undefined {
  if (!(error instanceof Error) || faultOf(error) !== 'integrity') return undefined;
  return new MirrorMismatchError(
    `${error.message} Is this the store from which the log was copied? If it is, events were removed from it: restore them there.`,
    { cause: error },
  );
}
