import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { eventTypes } from '../families/event-types.js';
import { registrationSchema } from '../bodies/registration.js';

interface DescribedField {
  readonly path: string;
  readonly schema: z.ZodType;
  readonly description: string | undefined;
  readonly examples: readonly unknown[];
}

/** Every field within a schema, nested ones too. What a correction changes are fields of other types. */
function fieldsIn(schema: unknown, path: string): readonly DescribedField[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return fieldsIn(schema.unwrap(), path);
  if (schema instanceof z.ZodArray) return fieldsIn(schema.element, `${path}[]`);
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const inner = withoutOptional(field);
    const { description, examples } = inner.meta() ?? {};
    const found = { path: `${path}.${name}`, schema: inner, description, examples: examplesOf(examples) };
    return name === 'changes' ? [found] : [found, ...fieldsIn(inner, found.path)];
  });
}

const withoutOptional = (schema: unknown): z.ZodType => {
  if (schema instanceof z.ZodOptional) return withoutOptional(schema.unwrap());
  if (schema instanceof z.ZodType) return schema;
  throw new Error('A field is a schema.');
};

const examplesOf = (given: unknown): readonly unknown[] => (Array.isArray(given) ? given : []);

describe('the texts of fields', () => {
  const schemas = [
    ...[...eventTypes.values()].map(({ name, schema }) => ({ name, schema })),
    { name: 'registration', schema: registrationSchema },
  ];

  it.each(schemas)('describe each field of $name, with examples that it takes', ({ name, schema }) => {
    const fields = fieldsIn(schema, name);
    expect(fields.length).toBeGreaterThan(4);
    expect(fields.filter(({ description = '' }) => description.length < 10).map(({ path }) => path)).toEqual([]);
    expect(fields.filter(({ examples }) => examples.length === 0).map(({ path }) => path)).toEqual([]);
    for (const field of fields)
      for (const example of field.examples)
        expect({ field: field.path, example, taken: field.schema.safeParse(example).success }).toEqual({
          field: field.path,
          example,
          taken: true,
        });
  });
});
