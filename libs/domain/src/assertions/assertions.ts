import { typeDefinitions } from '../families/type-definitions.js';
import { type TypeDefinition, fact, figureValue } from '../schema/event-type.js';
import type { Assertion, EventBody } from '../schema/event.js';
import { type Rel, speaksOfRecords } from '../schema/words.js';
import { actorName } from '../values/names.js';

/**
 * The assertions of a body in force about the state of its policy.
 *
 * Common to every type: `status` (the type's default where the body gives none), `terms.<key>`, `positions.<actor>`,
 * `figures.<measure>.<event key>` (several of one measure: the first so, the others `….2`, `….3` in their order),
 * `plans.<event key>` or `forecasts.<event key>`, and the absence of both for each event whose plan or forecast a link
 * ends; then what the type adds. Events about records assert nothing.
 */
export function assertionsOf(body: EventBody): readonly Assertion[] {
  const type = typeDefinitions.get(body.type);
  if (!type || speaksOfRecords(body.type)) return [];
  return [
    ...statusFact(body, type),
    ...(body.terms ?? []).map(({ key, value, unit }) =>
      fact(`terms.${key}`, value === null ? null : { ...(unit === undefined ? {} : { unit }), value }),
    ),
    ...positionFacts(body, type),
    ...figureFacts(body),
    ...planFacts(body),
    ...type.own(body),
  ];
}

function statusFact({ status }: EventBody, { defaultStatus }: TypeDefinition): readonly Assertion[] {
  const asserted = status === undefined ? defaultStatus : status;
  return asserted === null ? [] : [fact('status', asserted)];
}

const positionFacts = (
  { stance, actors = [] }: EventBody,
  { statesPositions }: TypeDefinition,
): readonly Assertion[] =>
  stance === undefined || !statesPositions ? [] : actors.map((actor) => fact(`positions.${actorName(actor)}`, stance));

function figureFacts({ key, figures = [] }: EventBody): readonly Assertion[] {
  const counts = new Map<string, number>();
  return figures.map((figure) => {
    const place = (counts.get(figure.measure) ?? 0) + 1;
    counts.set(figure.measure, place);
    return fact(`figures.${figure.measure}.${key}${place === 1 ? '' : `.${place}`}`, figureValue(figure));
  });
}

/** The links that say that a plan or forecast came true, did not, or was replaced. */
const ENDING: ReadonlySet<Rel> = new Set(['fulfils', 'falsifies', 'supersedes']);

const PLANS = { plan: 'plans', forecast: 'forecasts' } as const;

/** True for a field that a link can end without naming it, so that it may never have existed. */
export const isPlan = (field: string): boolean => Object.values(PLANS).some((group) => field.startsWith(`${group}.`));

function planFacts({ key, type, plannedFor, links = [] }: EventBody): readonly Assertion[] {
  const group = type === 'forecast.made' ? PLANS.forecast : PLANS.plan;
  const ended = new Set(links.filter(({ rel }) => ENDING.has(rel)).map(({ to }) => to));
  return [
    ...(plannedFor ? [fact(`${group}.${key}`, plannedFor.edtf)] : []),
    // A link does not say whether it leads to a plan or to a forecast: of the two, the one that was never made is absent anyway.
    ...[...ended].flatMap((to) => Object.values(PLANS).map((ends) => fact(`${ends}.${to}`, null))),
  ];
}
