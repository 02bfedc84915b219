import type { Pool } from 'pg';
import { PromiseRecordDraft, type SettledPromise, settlePromises, settleSome } from '#analysis';
import { type FoldingPlace, foldPolicies } from '../../core/replay/fold-policies.js';
import { POLICY_BY_POLICY } from '../../read-models/analysis/policy-chunks.js';
import { type PromiseRow, SELECT_PROMISE, recordAround } from '../../read-models/analysis/promise-rows.js';
import type { Engine, ResolvedCoordinate } from '../../rows/answers.js';
import { tableSteps } from '../../rows/rows-at.js';
import { type Steps, convert, markOf, placeOf } from '../../rows/steps.js';
import { isOfPolicy, standsAt, storedInstant } from '../../rows/table.js';

/** What became of promises, by policy in the order of registration, then in order of occurrence; step by step. */
export type PromiseSource = Steps<SettledPromise>;

/**
 * What became of the promises of policies, given by slug or all, by the rows that are kept. What settles the promises of a
 * step is read with it, wherever it stands.
 */
export const storedPromises = (pool: Pool, at: ResolvedCoordinate, slugs: string | undefined): PromiseSource =>
  convert(
    tableSteps<PromiseRow>(pool, {
      table: 'promises',
      order: POLICY_BY_POLICY,
      select: `t.policy, ${SELECT_PROMISE}`,
      within: (bind) => (slugs === undefined ? [] : [isOfPolicy('t', slugs, bind)]),
      shown: (bind) => [standsAt('t', bind(at.recorded), bind(storedInstant(at.knownAt)))],
    }),
    async (rows) =>
      settleSome(
        await recordAround(pool, at, rows),
        at.validAt,
        rows.map(({ event }) => event),
      ),
  );

/** The same by folding all policies anew: what settles a promise may stand in any. */
const refoldedPromises =
  (place: FoldingPlace, at: ResolvedCoordinate, slugs: string | undefined): PromiseSource =>
  async ({ after }) => {
    const asked = slugs?.split(',');
    const record = new PromiseRecordDraft();
    const numbers = new Map<string, number>();
    for await (const { policy, slug, state } of foldPolicies(place, at)) {
      const made = record.add({ slug, versions: state.versions, status: state.facts.get('status') });
      if (asked?.includes(slug) ?? true) for (const { promise } of made) numbers.set(promise, policy);
    }
    const [policy = 0, order = ''] = placeOf(POLICY_BY_POLICY, after) ?? [];
    const placed = placePromises(settlePromises(record, at.validAt), numbers).filter(
      (each) => each.number > Number(policy) || (each.number === policy && each.promise.order > String(order)),
    );
    return {
      found: placed.map(({ number, promise }) => ({ thing: promise, mark: markOfPromise(number, promise) })),
      looked: record.promises.length,
    };
  };

const markOfPromise = (number: number, { order }: SettledPromise): string =>
  markOf(POLICY_BY_POLICY, { place_policy: number, place_occurred_order: order, place_id: 0, place_part: 0 });

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

/** Those of the policies asked for, with their numbers, in the order of registration, then of occurrence. */
const placePromises = (settled: readonly SettledPromise[], numbers: ReadonlyMap<string, number>) =>
  settled
    .flatMap((promise) => {
      const number = numbers.get(promise.promise);
      return number === undefined ? [] : [{ number, promise }];
    })
    .sort((one, other) => one.number - other.number || (one.promise.order < other.promise.order ? -1 : 1));
