import { actorName } from '../values/names.js';
import type { Json } from '../values/json.js';
import type { Assertion, EventBody, Figure } from './event.js';
import { type Example, addSource, exampleBody } from './example-body.js';
import type { Status } from './words.js';

/**
 * How a type takes a field that not all have: as it is, required or not, or in a narrower form of its own.
 *
 * Words and not schemas, so that what an event asserts can be told without them.
 */
export type FieldUse = 'required' | 'optional' | 'event' | 'event-or-registration' | 'whole' | 'named' | 'service';

/** What defines a type of event; its schema follows from it. */
export interface TypeDefinition {
  /** `family.past-participle`. */
  readonly name: string;
  readonly family: string;
  /** A sentence or two: when to record it. */
  readonly says: string;
  /** A whole body of this type, as input gives it. */
  readonly example: Example;
  /** The status if the body gives none; null: it does not change. */
  readonly defaultStatus: Status | null;
  /** The fields that it takes beyond those of every type, or otherwise than they do. */
  readonly ownFields: Readonly<Record<string, FieldUse>>;
  /** About another record or the service: it has no field that would say something about the policy. */
  readonly isAboutRecords: boolean;
  /** The assertions beyond those of every event. */
  readonly own: (body: EventBody) => readonly Assertion[];
  /** True if `stance` gives the positions of the actors. */
  readonly statesPositions: boolean;
}

interface Definition {
  readonly says: string;
  readonly example: Example;
  readonly status?: Status;
  readonly fields?: Readonly<Record<string, FieldUse>>;
  readonly asserts?: (body: EventBody) => readonly Assertion[];
  readonly statesPositions?: boolean;
}

/** Defines a type about a policy: its events have sources and say how well established they are. */
export const eventType = (name: string, definition: Definition): TypeDefinition => ({
  ...recordType(name, { ...definition, example: addSource(definition.example) }),
  isAboutRecords: false,
});

/** Defines a type about another record, its `target`, or about the service: it asserts nothing about the policy. */
export const recordType = (name: string, definition: Definition): TypeDefinition => ({
  name,
  family: name.slice(0, name.indexOf('.')),
  says: definition.says,
  example: exampleBody(name, definition.example),
  defaultStatus: definition.status ?? null,
  ownFields: definition.fields ?? {},
  isAboutRecords: true,
  own: definition.asserts ?? (() => []),
  statesPositions: definition.statesPositions ?? true,
});

/** One assertion. */
export const fact = (field: string, value: Json): Assertion => ({ field, value });

/** Asserts the stage of the negotiations with each counterparty. */
export const stageWithCounterparties =
  (stage: string) =>
  ({ counterparties = [] }: EventBody): readonly Assertion[] =>
    counterparties.map((party) => fact(`negotiations.${actorName(party)}.stage`, stage));

/** Asserts the stage of a law, or of the policy's own legal basis. */
export const legalStage =
  (stage: string) =>
  ({ instrument, policy }: EventBody): readonly Assertion[] => [fact(`legal.${instrument ?? policy}`, stage)];

/** A figure without its measure, as facts hold it. */
export const figureValue = ({ measure: _measure, ...value }: Figure): Json => ({ ...value });
