import type { Type } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { normalizeName } from '#domain';
import type { Engine, ReadOutcome, ResolvedCoordinate, Unanswered } from '../../rows/answers.js';
import { OWNER_NAMES, TURNING_NAMES, listByNames } from '../near-names.js';
import { type ReadContext, answerAt } from '../read-context.js';
import { handlerOf, withSlugs } from '../read-side.handlers.js';
import { STATES } from '../states-of.js';
import { impactAt } from '../impact/impact-at.js';
import { EveryPromiseAt, ImpactAt, PromiseSummaryAt, PromisesAt, TurnsAt } from './analysis.queries.js';
import { type PromiseSource, refoldedPromises, storedPromises } from './promise-sources.js';
import { type PromiseFilter, everyPromise, promiseSummary, promisesAt } from './promises-at.js';
import { refoldedTurns, storedTurns, turnsAt } from './turns-at.js';

const PROMISES = [...STATES, 'promises'];

/** The handlers of the questions of analysts. */
export const analysisHandlers: readonly Type<IQueryHandler>[] = [
  handlerOf({ query: PromisesAt, restsOn: PROMISES }, async ({ at, filter, page, engine }, context) =>
    byEngine(
      engine,
      await answerAt(at, context, async (coordinate) => {
        const asked = promisesAsked({ filter, engine }, coordinate, context);
        if ('outcome' in asked) return asked;
        const place = { pool: context.pool, at: coordinate };
        return listByNames({ ...place, filter: asked.filter, page }, OWNER_NAMES, (named) =>
          promisesAt({ ...place, source: asked.source }, { filter: named, page }),
        );
      }),
    ),
  ),
  handlerOf({ query: PromiseSummaryAt, restsOn: PROMISES }, async ({ at, filter, engine }, context) =>
    byEngine(
      engine,
      await answerAt(at, context, async (coordinate) => {
        const asked = promisesAsked({ filter, engine }, coordinate, context);
        return 'outcome' in asked ? asked : promiseSummary(asked.source, asked.filter);
      }),
    ),
  ),
  handlerOf({ query: EveryPromiseAt, restsOn: PROMISES }, async ({ at, filter, engine }, context) =>
    byEngine(
      engine,
      await answerAt(at, context, async (coordinate) => {
        const asked = promisesAsked({ filter, engine }, coordinate, context);
        return 'outcome' in asked ? asked : { promises: await everyPromise(asked.source, asked.filter) };
      }),
    ),
  ),
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
  handlerOf({ query: ImpactAt, restsOn: [...PROMISES, 'figures', 'sources'] }, ({ at, of, depth }, context) =>
    answerAt(at, context, (coordinate) => impactAt(context, coordinate, { of, depth })),
  ),
];

interface PromisesAsked {
  readonly filter: PromiseFilter;
  readonly engine: Engine | undefined;
}

/** Where promises come from, and which are asked for, by the slugs of their policies. */
function promisesAsked(
  { filter, engine }: PromisesAsked,
  at: ResolvedCoordinate,
  context: ReadContext,
): { readonly filter: PromiseFilter; readonly source: PromiseSource } | Exclude<Unanswered, { outcome: 'alias' }> {
  const { by } = filter;
  const named = withSlugs(by === undefined ? filter : { ...filter, by: normalizeName(by) }, at, context);
  if ('outcome' in named) return named;
  const source =
    engine === 'replay' ? refoldedPromises(context, at, named.policy) : storedPromises(context.pool, at, named.policy);
  return { filter: named, source };
}

const byEngine = <Answer>(engine: Engine = 'facts', outcome: ReadOutcome<Answer>): ReadOutcome<Answer> =>
  outcome.outcome === 'answered' ? { ...outcome, engine } : outcome;
