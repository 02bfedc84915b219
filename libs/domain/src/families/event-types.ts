import { z } from 'zod';
import { changes } from '../schema/changes.js';
import type { FieldUse, TypeDefinition } from '../schema/event-type.js';
import { ownTexts, retractableText, servicePolicyText, withdrawnSourceText } from '../schema/field-texts.js';
import { commonFields, slug, source, sourceName } from '../schema/fields.js';
import { eventOrRegistration, ownFields } from '../schema/own-fields.js';
import { SERVICE } from '../schema/words.js';
import { typeDefinitions } from './type-definitions.js';

/** A type of event with its schema. */
export interface EventType extends Omit<TypeDefinition, 'ownFields' | 'isAboutRecords'> {
  /** The schemas of its fields as input gives them, `type` included. */
  readonly fields: z.ZodRawShape;
  /** Strict: an unknown field is refused. */
  readonly schema: z.ZodObject;
}

const fieldsOfPolicies = {
  ...commonFields,
  epistemic: commonFields.epistemic.unwrap(),
  sources: commonFields.sources.unwrap().min(1),
};

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

function typeOf({ ownFields: uses, isAboutRecords, ...definition }: TypeDefinition): EventType {
  const { name, says, example } = definition;
  const fields = {
    ...(isAboutRecords ? fieldsOfRecords : fieldsOfPolicies),
    ...Object.fromEntries(Object.entries(uses).map(([field, use]) => [field, schemaOf(field, use)])),
    type: z.literal(name).meta({ description: 'The type of the event.', examples: [name] }),
  };
  return { ...definition, fields, schema: z.strictObject(fields).meta({ description: says, examples: [example] }) };
}

const schemas: ReadonlyMap<string, z.ZodType> = new Map(Object.entries({ ...ownFields, changes }));

function schemaOf(field: string, use: FieldUse): z.ZodType {
  switch (use) {
    case 'event':
      return slug.meta(ownTexts.target);
    case 'event-or-registration':
      return eventOrRegistration.meta(retractableText);
    case 'whole':
      return source.meta(ownTexts.source);
    case 'named':
      return sourceName.meta(withdrawnSourceText);
    case 'service':
      return z.literal(SERVICE).meta(servicePolicyText);
    case 'required':
      return ownSchema(field);
    case 'optional':
      return ownSchema(field).optional();
  }
}

function ownSchema(field: string): z.ZodType {
  const schema = schemas.get(field);
  if (!schema) throw new RangeError(`No schema is written for the field "${field}": add it to own-fields.ts.`);
  return schema;
}

/** Every type of event with its schema, by name, family by family. */
export const eventTypes: ReadonlyMap<string, EventType> = new Map(
  [...typeDefinitions].map(([name, definition]) => [name, typeOf(definition)]),
);
