import type { Pool } from 'pg';
import { type OwnerCounts, type PromiseCounts, type SettledPromise, summarize, summarizeByOwner } from '#analysis';
import type { Instant } from '#domain';
import { describeRows } from '../../core/described-rows.js';
import type { Page, Paged, ResolvedCoordinate } from '../../rows/answers.js';
import { pageInSteps, showAs } from '../../rows/steps.js';
import { namesAsked } from '../../rows/table.js';
import { type PromiseAnswer, promiseAnswer } from './promise-answer.js';
import type { PromiseSource } from './promise-sources.js';

/** Which promises are shown; what is undefined does not filter. */
export interface PromiseFilter {
  readonly policy?: string | undefined;
  /** Names of owners, of which any may be meant, as {@link namesAsked} reads them. */
  readonly by?: string | undefined;
  readonly state?: string | undefined;
  readonly kind?: string | undefined;
  /** The date can lie then or later; promises without a date are left out. */
  readonly dueFrom?: Instant | undefined;
  /** The date can lie then or before; likewise. */
  readonly dueTo?: Instant | undefined;
}

interface Listing {
  readonly filter: PromiseFilter;
  readonly page: Page;
}

/** Promises and what became of them, by policy in the order of registration, then in order of occurrence. */
export const promisesAt = (
  { pool, at, source }: { readonly pool: Pool; readonly at: ResolvedCoordinate; readonly source: PromiseSource },
  { filter, page }: Listing,
): Promise<Paged<PromiseAnswer>> =>
  pageInSteps(
    promiseSteps(source, filter),
    page,
    describeRows(
      pool,
      at,
      showAs((promise: SettledPromise) => promiseAnswer(promise)),
    ),
  );

const promiseSteps =
  (source: PromiseSource, filter: PromiseFilter): PromiseSource =>
  async (from) => {
    const step = await source(from);
    return { ...step, found: step.found.filter(({ thing }) => isAsked(thing, filter)) };
  };

function isAsked({ by, state, kind, due }: SettledPromise, filter: PromiseFilter): boolean {
  const { dueFrom, dueTo } = filter;
  return (
    (filter.by === undefined || namesAsked(filter.by).some((name) => by.includes(name))) &&
    (filter.state === undefined || filter.state.split(',').includes(state)) &&
    (filter.kind === undefined || filter.kind.split(',').includes(kind)) &&
    (dueFrom === undefined || (due !== null && due.latest >= dueFrom)) &&
    (dueTo === undefined || (due !== null && due.earliest <= dueTo))
  );
}

/** Promises counted, in all and by owner. */
export interface SummarizedPromises {
  readonly all: PromiseCounts;
  readonly owners: readonly OwnerCounts[];
}

/** So many promises are counted at most for one answer; so many are read at a time. */
const [MOST_COUNTED, COUNTED_AT_ONCE] = [100_000, 2_000];

/** More promises match than are looked at for one answer. */
export class TooManyPromisesError extends Error {
  override readonly name = 'TooManyPromisesError';
}

/** Counts the promises that a filter lets through. */
export async function promiseSummary(source: PromiseSource, filter: PromiseFilter): Promise<SummarizedPromises> {
  const settled = await everyPromise(source, filter);
  const asked = filter.by === undefined ? undefined : namesAsked(filter.by);
  const owners = summarizeByOwner(settled);
  return { all: summarize(settled), owners: asked ? owners.filter(({ by }) => asked.includes(by)) : owners };
}

/** All promises that a filter lets through. Throws {@link TooManyPromisesError} where there are too many. */
export async function everyPromise(source: PromiseSource, filter: PromiseFilter): Promise<readonly SettledPromise[]> {
  const settled: SettledPromise[] = [];
  const steps = promiseSteps(source, filter);
  let after: string | undefined;
  do {
    const { found, next } = await steps({ after, most: COUNTED_AT_ONCE });
    for (const { thing } of found) settled.push(thing);
    if (settled.length > MOST_COUNTED)
      throw new TooManyPromisesError(`More than ${MOST_COUNTED} promises match, the most that are counted at once.`);
    after = next;
  } while (after !== undefined);
  return settled;
}
