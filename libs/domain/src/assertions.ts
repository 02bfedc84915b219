import { eventTypes } from './event-types.js';
import type { EventType } from './event-type.js';
import { fact, figureValue } from './event-type.js';
import { type Assertion, type EventBody, actorName, speaksOfRecords } from './event.js';

/**
 * What an event's body in force asserts of its policy's state.
 *
 * Common to every type: `status` (the type's default where the body gives none), `terms.<key>`, `positions.<actor>`,
 * `figures.<measure>.<event key>`, `plans.<event key>`; then what the type adds. Events about records assert nothing.
 */
export function assertionsOf(body: EventBody): readonly Assertion[] {
  const type = eventTypes.get(body.type);
  if (!type || speaksOfRecords(body.type)) return [];
  return [
    ...statusFact(body, type),
    ...(body.terms ?? []).map(({ key, value, unit }) =>
      fact(`terms.${key}`, value === null ? null : { value, ...(unit === undefined ? {} : { unit }) }),
    ),
    ...positionFacts(body, type),
    ...(body.figures ?? []).map((figure) => fact(`figures.${figure.measure}.${body.key}`, figureValue(figure))),
    ...(body.plannedFor ? [fact(`plans.${body.key}`, body.plannedFor.edtf)] : []),
    ...type.own(body),
  ];
}

function statusFact({ status }: EventBody, { defaultStatus }: EventType): readonly Assertion[] {
  const asserted = status === undefined ? defaultStatus : status;
  return asserted === null ? [] : [fact('status', asserted)];
}

const positionFacts = ({ stance, actors = [] }: EventBody, { statesPositions }: EventType): readonly Assertion[] =>
  stance === undefined || !statesPositions ? [] : actors.map((actor) => fact(`positions.${actorName(actor)}`, stance));
