import type { Pool } from 'pg';
import { PromiseRecordDraft, type SettledPromise, settlePromises } from '#analysis';
import { type FoldingPlace, foldPolicies } from '../../core/replay/fold-policies.js';
import { type PromiseRow, SELECT_PROMISE, recordAround } from '../../read-models/analysis/promise-rows.js';
import type { Engine, ResolvedCoordinate } from '../../rows/answers.js';
import { rowsOfNextPolicies } from '../../read-models/analysis/policy-chunks.js';

/** A promise with the number of its policy, by which lists are ordered. */
export interface PlacedPromise {
  readonly number: number;
  readonly promise: SettledPromise;
}

/** The promises of whole policies, and the number of the policy at which more are; undefined where there are none. */
interface PromiseChunk {
  readonly promises: readonly PlacedPromise[];
  /** How many rows were read. */
  readonly looked: number;
  readonly next: number | undefined;
}

/** Reads what became of promises, policy by policy from the one with a number on; about so many. */
export type PromiseSource = (from: { readonly policy: number; readonly most: number }) => Promise<PromiseChunk>;

/** What became of the promises of policies, given by slug or all, by the rows that are kept. */
export const storedPromises =
  (pool: Pool, at: ResolvedCoordinate, slugs: string | undefined): PromiseSource =>
  async ({ policy: from, most }) => {
    const wanted = { table: 'promises', select: SELECT_PROMISE, slugs, from, most };
    const { rows, next } = await rowsOfNextPolicies<PromiseRow>(pool, at, wanted);
    if (rows.length === 0) return { promises: [], looked: 0, next };
    const numbers = new Map(rows.map((row) => [row.event, row.policy]));
    const record = await recordAround(pool, at, rows);
    return { promises: placed(settlePromises(record, at.validAt), numbers), looked: rows.length, next };
  };

/** The same by folding all policies anew: what settles a promise may stand in any. */
const refoldedPromises =
  (place: FoldingPlace, at: ResolvedCoordinate, slugs: string | undefined): PromiseSource =>
  async () => {
    const asked = slugs?.split(',');
    const record = new PromiseRecordDraft();
    const numbers = new Map<string, number>();
    for await (const { policy, slug, state } of foldPolicies(place, at)) {
      const made = record.add({ slug, versions: state.versions, status: state.facts.get('status') });
      if (asked?.includes(slug) ?? true) for (const { promise } of made) numbers.set(promise, policy);
    }
    const promises = placed(settlePromises(record, at.validAt), numbers);
    return { promises, looked: record.promises.length, next: undefined };
  };

interface Asked {
  readonly at: ResolvedCoordinate;
  /** Slugs of policies, separated by commas; all when undefined. */
  readonly slugs: string | undefined;
}

/** The same by either engine. */
export const promiseSource = (
  engine: Engine | undefined,
  context: FoldingPlace,
  { at, slugs }: Asked,
): PromiseSource =>
  engine === 'replay' ? refoldedPromises(context, at, slugs) : storedPromises(context.pool, at, slugs);

/** Those of the policies asked for, in the order of registration, then of occurrence. */
const placed = (settled: readonly SettledPromise[], numbers: ReadonlyMap<string, number>): readonly PlacedPromise[] =>
  settled
    .flatMap((promise) => {
      const number = numbers.get(promise.promise);
      return number === undefined ? [] : [{ number, promise }];
    })
    .sort((one, other) => one.number - other.number || (one.promise.order < other.promise.order ? -1 : 1));
