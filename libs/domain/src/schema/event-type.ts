import { z } from 'zod';
import { type Assertion, type EventBody, type Figure, actorName } from './event.js';
import { type Example, exampleBody, addSource } from './example-body.js';
import { commonFields, source } from './fields.js';
import type { Json } from '../values/json.js';
import type { Status } from './words.js';

/** A type of event: its schema, its default status and what it asserts. */
export interface EventType {
  /** `family.past-participle`. */
  readonly name: string;
  readonly family: string;
  /** A sentence or two: when to record it. */
  readonly says: string;
  /** A whole body of this type, as input gives it. */
  readonly example: Example;
  /** The status if the body gives none; null: it does not change. */
  readonly defaultStatus: Status | null;
  /** The schemas of its fields as input gives them, `type` included. */
  readonly fields: z.ZodRawShape;
  /** Strict: an unknown field is refused. */
  readonly schema: z.ZodObject;
  /** The assertions beyond those of every event. */
  readonly own: (body: EventBody) => readonly Assertion[];
  /** True if `stance` gives the positions of the actors. */
  readonly statesPositions: boolean;
}

interface Definition {
  readonly says: string;
  readonly example: Example;
  readonly status?: Status;
  readonly fields?: z.ZodRawShape;
  readonly asserts?: (body: EventBody) => readonly Assertion[];
  readonly statesPositions?: boolean;
}

/** Defines a type about a policy: its events have sources and say how well established they are. */
export const eventType = (name: string, definition: Definition): EventType =>
  typeOf(
    name,
    { ...definition, example: addSource(definition.example) },
    {
      ...commonFields,
      epistemic: commonFields.epistemic.unwrap(),
      sources: commonFields.sources.unwrap().min(1),
    },
  );

// Fields that say something about the policy have no effect on events about records.
const {
  effective: _effective,
  counterparties: _counterparties,
  status: _status,
  stance: _stance,
  modality: _modality,
  terms: _terms,
  figures: _figures,
  plannedFor: _plannedFor,
  ...fieldsOfRecords
} = commonFields;

/** Defines a type about another record, its `target`, or about the service: it asserts nothing about the policy. */
export const recordType = (name: string, definition: Definition): EventType =>
  typeOf(name, definition, fieldsOfRecords);

function typeOf(name: string, definition: Definition, common: z.ZodRawShape): EventType {
  const fields = {
    ...common,
    ...definition.fields,
    type: z.literal(name).meta({ description: 'The type of the event.', examples: [name] }),
  };
  return {
    name,
    family: name.slice(0, name.indexOf('.')),
    says: definition.says,
    example: exampleBody(name, definition.example),
    defaultStatus: definition.status ?? null,
    fields,
    schema: z
      .strictObject(fields)
      .meta({ description: definition.says, examples: [exampleBody(name, definition.example)] }),
    own: definition.asserts ?? (() => []),
    statesPositions: definition.statesPositions ?? true,
  };
}

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

/** The schema of a whole source, for the types that bring one. */
export const wholeSource = source;
