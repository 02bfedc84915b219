import { Inject, type Type } from '@nestjs/common';
import { type IQueryHandler, type Query, QueryHandler } from '@nestjs/cqrs';
import type { Pool } from 'pg';
import { normalizeName, position } from '#domain';
import { actorsAt } from '../read-models/actors.js';
import { anomaliesAt } from '../read-models/anomalies/anomalies.js';
import type {
  Between,
  CoordinateRequest,
  Page,
  Paged,
  ReadOutcome,
  ResolvedCoordinate,
  Unanswered,
} from '../rows/answers.js';
import { claimsAt } from '../read-models/claims/claims.js';
import { figuresAt } from '../read-models/figures/figures.js';
import {
  ACTOR_NAMES,
  CLAIMANT_NAMES,
  COUNTERPARTY_NAMES,
  FIGURE_NAMES,
  type NameFilters,
  PUBLISHER_NAMES,
  STANCE_NAMES,
  listByNames,
} from './near-names.js';
import { negotiationsAt } from '../read-models/negotiations.js';
import { mementosUpTo } from './mementos.js';
import type { PolicyRow } from '../core/descriptions.js';
import { statesAt } from './states.js';
import { blameOf } from '../core/blame.js';
import { type DifferenceAnswer, differenceAnswer } from '../core/difference-answer.js';
import { factRowsAt } from '../core/boxes/fact-rows.js';
import { historyAt } from '../core/boxes/history.js';
import { seriesAt } from '../core/boxes/series.js';
import { replayedFacts } from '../core/replay/replay.js';
import { factsOfOne, shownFacts, stateAnswer } from '../core/state.js';
import { positionsAt } from '../read-models/positions.js';
import { contextFor } from './counterfactual/context-for.js';
import { READ_CONTEXT, type ReadContext, answerAt, frameAnswer, resolveCoordinate } from './read-context.js';
import {
  ActorsAt,
  AnomaliesAt,
  ClaimsAt,
  DiffBetween,
  EventAt,
  EventIndexAt,
  EventsAt,
  FactTableAt,
  FiguresAt,
  HiddenEventsAt,
  HistoriesAt,
  NegotiationsAt,
  PoliciesAt,
  HistoryAt,
  MementosOf,
  PositionsAt,
  RecordAt,
  SeriesAt,
  SourcesAt,
  StateAt,
  TimelineAt,
} from './read-side.queries.js';
import { sourcesAt } from '../read-models/sources.js';
import { type ExplainedState, STATES, explainedStatesFrom, statesFrom } from './states-of.js';
import type { EventInFull } from './events/event-answer.js';
import { eventIndexAt } from './events/event-index.js';
import type { EventFilter } from './events/event-filter.js';
import { hiddenEventsAt } from './events/hidden-events.js';
import { eventAt, eventsAt } from './events/events.js';

/** A question, and the read models that its answer rests on. */
interface Question<Asked, Answer> {
  readonly query: new (asked: Asked) => Query<Answer> & { readonly asked: Asked };
  readonly restsOn: readonly string[];
}

/** The handler on Nest's QueryBus of one question. */
export function handlerOf<Asked extends object, Answer>(
  { query, restsOn }: Question<Asked, Answer>,
  answer: (asked: Asked, context: ReadContext) => Promise<Answer>,
): Type<IQueryHandler> {
  @QueryHandler(query)
  class Handler implements IQueryHandler<{ readonly asked: Asked }, Answer> {
    private readonly context: ReadContext;

    constructor(@Inject(READ_CONTEXT) context: ReadContext) {
      this.context = context.restingOn(restsOn);
    }

    async execute({ asked }: { readonly asked: Asked }): Promise<Answer> {
      return answer(asked, await contextFor(asked, this.context));
    }
  }
  return Handler;
}

interface Listed {
  readonly at: CoordinateRequest;
  readonly page: Page;
  readonly filter: { readonly policy?: string | undefined };
}

interface ListQuestion<Asked, List> extends Question<Asked, ReadOutcome<List>> {
  readonly names: NameFilters;
}

/** The handler of a list; the policy that filters it may be given by any name that it has or had. */
const listOf = <Asked extends Listed, List extends Paged<unknown>>(
  { names, ...question }: ListQuestion<Asked, List>,
  list: (pool: Pool, coordinate: ResolvedCoordinate, asked: Asked) => Promise<List>,
): Type<IQueryHandler> =>
  handlerOf(question, (asked, context) =>
    answerAt(asked.at, context.about(oneIn(asked.filter)), async (coordinate) => {
      const { pool } = context;
      const { filter, page } = asked;
      const wanted = withSlugs(filter, coordinate, context);
      if ('outcome' in wanted) return wanted;
      return listByNames({ pool, at: coordinate, filter: wanted, page }, names, (byNames) =>
        list(pool, coordinate, { ...asked, filter: byNames }),
      );
    }),
  );

/** A filter with the slugs of its policies, separated by commas, in place of other names. */
export function withSlugs<Filter extends Listed['filter']>(
  filter: Filter,
  { recorded }: ResolvedCoordinate,
  { descriptions }: ReadContext,
): Filter | Exclude<Unanswered, { outcome: 'alias' }> {
  if (filter.policy === undefined) return filter;
  const slugs: string[] = [];
  for (const name of filter.policy.split(',')) {
    const named = descriptions.named(name.trim(), recorded);
    if ('outcome' in named) return named;
    slugs.push(named.slug);
  }
  return { ...filter, policy: slugs.join(',') };
}

/** The policy that a filter names, if it is a single one. */
export const oneIn = ({ policy }: Listed['filter']): string | undefined =>
  policy?.includes(',') === true ? undefined : policy;

/** A filter of events with names in the form in which they are stored. */
function withNames(
  filter: EventFilter,
  at: ResolvedCoordinate,
  context: ReadContext,
): EventFilter | Exclude<Unanswered, { outcome: 'alias' }> {
  const named = withSlugs(filter, at, context);
  if ('outcome' in named || named.actor === undefined) return named;
  return { ...named, actor: normalizeName(named.actor) };
}

const EVENTS = ['policies', 'timeline'];

/** So many policies of a page are explained, each of which takes statements of its own. */
const MOST_EXPLAINED = 100;

/** One handler a question. */
export const queryHandlers: readonly Type<IQueryHandler>[] = [
  handlerOf({ query: StateAt, restsOn: STATES }, answerState),
  handlerOf({ query: PoliciesAt, restsOn: STATES }, ({ at, explain = false, filter, page }, context) =>
    answerAt(at, context, (coordinate) =>
      statesAt(
        context.pool,
        coordinate,
        explain
          ? {
              filter,
              page: { ...page, limit: Math.min(page.limit, MOST_EXPLAINED) },
              statesOf: explainedStatesFrom(coordinate, context),
            }
          : { filter, page, statesOf: statesFrom(at, coordinate, context) },
      ),
    ),
  ),
  handlerOf(
    { query: TimelineAt, restsOn: EVENTS },
    ({ policy, at, order = 'occurred', scope = 'primary', filter, page, namesRecorders }, context) =>
      ofPolicy({ policy, at, context }, ({ slug }, coordinate) =>
        listByNames({ pool: context.pool, at: coordinate, filter, page }, ACTOR_NAMES, (named) =>
          eventsAt(context.pool, coordinate, {
            order,
            scope,
            filter: { ...named, policy: slug },
            page,
            namesRecorders,
          }),
        ),
      ),
  ),
  listOf(
    { query: EventsAt, restsOn: EVENTS, names: ACTOR_NAMES },
    (pool, coordinate, { order = 'occurred', filter, page, namesRecorders }) =>
      eventsAt(pool, coordinate, { order, scope: 'primary', filter, page, namesRecorders }),
  ),
  handlerOf({ query: EventIndexAt, restsOn: EVENTS }, ({ at, order = 'occurred', filter }, context) =>
    answerAt(at, context.about(oneIn(filter)), async (coordinate) => {
      const named = withNames(filter, coordinate, context);
      return 'outcome' in named ? named : eventIndexAt(context.pool, coordinate, { order, filter: named });
    }),
  ),
  handlerOf({ query: HiddenEventsAt, restsOn: EVENTS }, ({ at, filter, scope = 'primary' }, context) =>
    answerAt(at, context.about(oneIn(filter)), async (coordinate) => {
      const named = withNames(filter, coordinate, context);
      return 'outcome' in named ? named : hiddenEventsAt(context.pool, coordinate, { filter: named, scope });
    }),
  ),
  handlerOf({ query: EventAt, restsOn: EVENTS }, answerEvent),
  handlerOf({ query: MementosOf, restsOn: STATES }, ({ policy, pick }, context) =>
    ofPolicy({ policy, at: {}, context }, async ({ policy: number, slug }, { recorded, knownAt }) => {
      const found = await mementosUpTo(context, { policy: number, recorded, knownAt }, pick);
      return 'outcome' in found ? found : { policy: slug, ...found };
    }),
  ),
  handlerOf({ query: RecordAt, restsOn: [] }, ({ at }, context) =>
    answerAt({ recordedAt: { at } }, context, ({ recorded }) => Promise.resolve({ recorded })),
  ),
  handlerOf({ query: HistoryAt, restsOn: STATES }, ({ policy, at, field, ...listing }, context) =>
    ofPolicy({ policy, at, context }, ({ policy: number }, coordinate) =>
      historyAt(context.pool, coordinate, { ...listing, filter: { policies: [number], field } }),
    ),
  ),
  handlerOf({ query: HistoriesAt, restsOn: STATES }, ({ policies: names, at, field, ...listing }, context) =>
    ofPolicies({ names, at, context }, (policies, coordinate) =>
      historyAt(context.pool, coordinate, { ...listing, filter: { policies, field } }),
    ),
  ),
  handlerOf({ query: SeriesAt, restsOn: STATES }, ({ policies: names, at, field, axis, page }, context) =>
    ofPolicies({ names, at, context }, (policies, coordinate) =>
      seriesAt(context.pool, coordinate, { filter: { policies, field }, axis, page }),
    ),
  ),
  handlerOf({ query: FactTableAt, restsOn: STATES }, ({ policies: names, at, field, group, page }, context) =>
    ofPolicies({ names, at, context }, (policies, coordinate) =>
      factRowsAt(context.pool, coordinate, { filter: { policies, field, group }, page }),
    ),
  ),
  handlerOf({ query: DiffBetween, restsOn: STATES }, answerDifference),
  listOf({ query: FiguresAt, restsOn: [...EVENTS, 'figures'], names: FIGURE_NAMES }, figuresAt),
  listOf({ query: PositionsAt, restsOn: [...EVENTS, 'positions'], names: STANCE_NAMES }, positionsAt),
  listOf({ query: NegotiationsAt, restsOn: [...EVENTS, 'negotiations'], names: COUNTERPARTY_NAMES }, negotiationsAt),
  listOf({ query: ClaimsAt, restsOn: [...EVENTS, 'claims'], names: CLAIMANT_NAMES }, claimsAt),
  listOf({ query: SourcesAt, restsOn: [...EVENTS, 'sources'], names: PUBLISHER_NAMES }, sourcesAt),
  listOf({ query: ActorsAt, restsOn: [...EVENTS, 'actors'], names: ACTOR_NAMES }, actorsAt),
  listOf({ query: AnomaliesAt, restsOn: [...STATES, 'sources', 'anomalies'], names: {} }, anomaliesAt),
];

type StateAsked = StateAt['asked'];

async function answerState(
  { policy: slug, at, explain = false, engine = 'facts' }: StateAsked,
  context: ReadContext,
): Promise<ReadOutcome<ExplainedState>> {
  const outcome = await ofPolicy({ policy: slug, at, context }, async (policy, coordinate): Promise<ExplainedState> => {
    if (engine === 'facts' && !explain) return (await statesFrom(at, coordinate, context)([policy]))(policy);
    const found =
      engine === 'facts'
        ? await factsOfOne(context.pool, policy.policy, coordinate)
        : await replayedFacts(context, policy.slug, coordinate);
    const answer = stateAnswer(policy, coordinate, shownFacts(found));
    return explain
      ? { ...answer, blame: await blameOf(context.pool, policy.policy, { at: coordinate, facts: found.facts }) }
      : answer;
  });
  return outcome.outcome === 'answered' ? { ...outcome, engine } : outcome;
}

/** An event apart from refusals. */
interface InAnswer {
  readonly answer: EventInFull;
}

/** An event is handed on in an object of its own, since a ruling has a field `outcome` as refusals do. */
async function answerEvent(
  { at, ...asked }: EventAt['asked'],
  context: ReadContext,
): Promise<ReadOutcome<EventInFull>> {
  const found = await answerAt(at, context, async (coordinate): Promise<InAnswer | Unanswered> => {
    const answer = await eventAt(context.pool, coordinate, asked);
    return answer ? { answer } : { outcome: 'unknown-event' };
  });
  return found.outcome === 'answered' ? { ...found, answer: found.answer.answer } : found;
}

async function answerDifference(
  { policy: slug, from, to, format }: DiffBetween['asked'],
  everything: ReadContext,
): Promise<ReadOutcome<DifferenceAnswer, Between>> {
  const context = everything.about(slug);
  const [first, second] = [await resolveCoordinate(from, context), await resolveCoordinate(to, context)];
  if (first.outcome !== 'resolved') return first;
  if (second.outcome !== 'resolved') return second;
  const between = { from: first.coordinate, to: second.coordinate };
  const latest = position(Math.max(between.from.recorded, between.to.recorded));
  const policy = slug === undefined ? null : context.descriptions.find(slug, latest);
  if (policy !== null && 'outcome' in policy) return policy;
  const answer = await differenceAnswer(context.pool, between, {
    policy: policy?.policy ?? null,
    withPatch: format === 'json-patch',
  });
  return frameAnswer(answer, between, context);
}

interface OfPolicy {
  readonly policy: string;
  readonly at: CoordinateRequest;
  readonly context: ReadContext;
}

/** Answers about one policy, as it was registered at the coordinate. */
const ofPolicy = <Answer extends object>(
  { policy, at, context }: OfPolicy,
  answer: (policy: PolicyRow, coordinate: ResolvedCoordinate) => Promise<Answer | Unanswered>,
): Promise<ReadOutcome<Answer>> =>
  answerAt(at, context.about(policy), async (coordinate) => {
    const found = context.descriptions.find(policy, coordinate.recorded);
    return 'outcome' in found ? found : answer(found, coordinate);
  });

interface OfPolicies {
  /** Names that policies have or had; all policies when undefined. */
  readonly names: readonly string[] | undefined;
  readonly at: CoordinateRequest;
  readonly context: ReadContext;
}

/** Answers about the policies of some names, by their numbers, or about all. */
const ofPolicies = <Answer extends object>(
  { names, at, context }: OfPolicies,
  answer: (policies: readonly number[] | undefined, coordinate: ResolvedCoordinate) => Promise<Answer>,
): Promise<ReadOutcome<Answer>> =>
  answerAt(at, context.about(names?.length === 1 ? names[0] : undefined), async (coordinate) => {
    const found = (names ?? []).map((name) => context.descriptions.named(name, coordinate.recorded));
    const numbers: number[] = [];
    for (const policy of found) {
      if ('outcome' in policy) return policy;
      numbers.push(policy.policy);
    }
    return answer(names && numbers, coordinate);
  });
