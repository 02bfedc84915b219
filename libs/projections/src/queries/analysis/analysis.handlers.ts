import type { Type } from '@nestjs/common';
import type { IQueryHandler, Query } from '@nestjs/cqrs';
import type { Pool } from 'pg';
import { normalizeName } from '#domain';
import type { Engine, ReadOutcome, ResolvedCoordinate, Unanswered } from '../../rows/answers.js';
import { OWNER_NAMES, TURNING_NAMES, listByNames } from '../near-names.js';
import { type ReadContext, answerAt } from '../read-context.js';
import { handlerOf, withSlugs } from '../read-side.handlers.js';
import { STATES } from '../states-of.js';
import { impactAt, findResting } from '../impact/impact-at.js';
import {
  type AskedPromises,
  EveryPromiseAt,
  ImpactAt,
  PromiseSummaryAt,
  PromisesAt,
  RestingAt,
  TurnsAt,
} from './analysis.queries.js';
import { type PromiseSource, promiseSource } from './promise-sources.js';
import { type PromiseFilter, everyPromise, promiseSummary, promisesAt } from './promises-at.js';
import { refoldedTurns, storedTurns, turnsAt } from './turns-at.js';

const PROMISES = [...STATES, 'promises'];

/** The handlers of the questions of analysts. */
export const analysisHandlers: readonly Type<IQueryHandler>[] = [
  ofPromises(PromisesAt, ({ source, ...found }, { page }) =>
    listByNames({ ...found, page }, OWNER_NAMES, (filter) => promisesAt({ ...found, source }, { filter, page })),
  ),
  ofPromises(PromiseSummaryAt, ({ source, filter }) => promiseSummary(source, filter)),
  ofPromises(EveryPromiseAt, async ({ source, filter }) => ({ promises: await everyPromise(source, filter) })),
  handlerOf(
    { query: TurnsAt, restsOn: ['policies', 'timeline', 'turns'] },
    async ({ at, filter, page, engine }, context) =>
      byEngine(
        engine,
        await answerAt(at, context, async (coordinate) => {
          const named = withSlugs(filter, coordinate, context);
          if ('outcome' in named) return named;
          const source =
            engine === 'replay'
              ? refoldedTurns(context, coordinate, named.policy)
              : storedTurns(context.pool, coordinate, named.policy);
          const place = { pool: context.pool, at: coordinate };
          return listByNames({ ...place, filter: named, page }, TURNING_NAMES, (byNames) =>
            turnsAt({ ...place, source }, { filter: byNames, page }),
          );
        }),
      ),
  ),
  handlerOf(
    { query: ImpactAt, restsOn: [...PROMISES, 'figures', 'sources', 'actors'] },
    async ({ at, engine, ...asked }, context) =>
      byEngine(
        engine,
        await answerAt(at, context, (coordinate) => impactAt(context, coordinate, { ...asked, engine })),
      ),
  ),
  handlerOf({ query: RestingAt, restsOn: ['policies', 'timeline', 'sources', 'actors'] }, ({ at, ...asked }, context) =>
    answerAt(at, context, (coordinate) => findResting(context, coordinate, asked)),
  ),
];

/** Where promises come from, and which are asked for, by the slugs of their policies. */
interface FoundPromises {
  readonly pool: Pool;
  readonly at: ResolvedCoordinate;
  readonly filter: PromiseFilter;
  readonly source: PromiseSource;
}

/** The handler of a question about promises, by either engine. */
function ofPromises<Asked extends AskedPromises, Answer extends object>(
  query: new (asked: Asked) => Query<ReadOutcome<Answer>> & { readonly asked: Asked },
  answer: (found: FoundPromises, asked: Asked) => Promise<Answer>,
): Type<IQueryHandler> {
  return handlerOf({ query, restsOn: PROMISES }, async (asked, context) =>
    byEngine(
      asked.engine,
      await answerAt(asked.at, context, async (coordinate) => {
        const found = promisesAsked(asked, coordinate, context);
        return 'outcome' in found ? found : answer(found, asked);
      }),
    ),
  );
}

function promisesAsked(
  { filter, engine }: AskedPromises,
  at: ResolvedCoordinate,
  context: ReadContext,
): FoundPromises | Exclude<Unanswered, { outcome: 'alias' }> {
  const { by } = filter;
  const named = withSlugs(by === undefined ? filter : { ...filter, by: normalizeName(by) }, at, context);
  if ('outcome' in named) return named;
  return {
    pool: context.pool,
    at,
    filter: named,
    source: promiseSource(engine, context, { at, slugs: named.policy }),
  };
}

const byEngine = <Answer>(engine: Engine = 'facts', outcome: ReadOutcome<Answer>): ReadOutcome<Answer> =>
  outcome.outcome === 'answered' ? { ...outcome, engine } : outcome;
