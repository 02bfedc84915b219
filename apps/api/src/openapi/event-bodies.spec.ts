import { describe, expect, it } from '@jest/globals';
import { eventTypes } from '#domain';
import { EVENT_BODY, REGISTRATION, componentOf, eventBodySchemas } from './event-bodies.js';

interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

const schemas = eventBodySchemas() as Readonly<Record<string, Schema>>;

/** A schema, or the component that it refers to. */
function resolved(schema: Schema): Schema {
  const { $ref, ...beside } = schema;
  return $ref === undefined ? schema : { ...schemas[$ref.replace('#/components/schemas/', '')], ...beside };
}

interface DescribedField {
  readonly path: string;
  readonly schema: Schema;
}

/** Every field within a schema, nested ones too; a component that refers to itself is entered once. */
function fieldsIn(given: Schema, path: string, entered: ReadonlySet<string> = new Set()): readonly DescribedField[] {
  const { $ref } = given;
  if ($ref !== undefined && entered.has($ref)) return [];
  const within = $ref === undefined ? entered : new Set([...entered, $ref]);
  const { properties = {}, items, anyOf = [] } = resolved(given);
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [
      { path: `${path}.${name}`, schema: described(field) },
      ...fieldsIn(field, `${path}.${name}`, within),
    ]),
    ...(items ? fieldsIn(items, `${path}[]`, within) : []),
    ...anyOf.flatMap((choice) => fieldsIn(choice, path, within)),
  ];
}

/** A field that also takes null may have its text on the other choice. */
function described(field: Schema): Schema {
  const schema = resolved(field);
  return schema.description === undefined ? resolved(schema.anyOf?.[0] ?? schema) : schema;
}

const wordsOf = (schema: Schema): readonly string[] => [
  ...(schema.enum ?? []),
  ...(schema.anyOf ?? []).flatMap(({ enum: words = [] }) => words),
];

describe('the bodies of events in the document', () => {
  const bodies = [...eventTypes.values()]
    .filter(({ family }) => family !== 'operation')
    .map(({ name, says, example }) => ({ name, says, example, schema: schemas[componentOf(name)] ?? {} }));

  it.each(bodies)('$name is described and has an example', ({ says, example, schema }) => {
    expect(schema).toMatchObject({ description: says, examples: [example] });
  });

  it.each([...bodies, { name: REGISTRATION, schema: schemas[REGISTRATION] ?? {} }])(
    'each field of $name, nested ones too, is described and has examples',
    ({ name, schema }) => {
      const fields = fieldsIn(schema, name);
      expect(fields.length).toBeGreaterThan(4);
      expect(fields.filter((field) => !field.schema.description).map(({ path }) => path)).toEqual([]);
      expect(fields.filter((field) => !field.schema.examples?.length).map(({ path }) => path)).toEqual([]);
      for (const { path, schema: field } of fields)
        for (const word of wordsOf(field)) expect(`${path} ${field.description}`).toContain(`- \`${word}\`: `);
    },
  );

  it('tells types apart by their name', () => {
    expect(schemas[EVENT_BODY]).toHaveProperty(['discriminator', 'propertyName'], 'type');
  });
});
