import { z } from 'zod';

/** A part of the OpenAPI document. */
export type Json = Readonly<Record<string, unknown>>;

/** The JSON Schema (2020-12, as OpenAPI 3.1 has it) of a zod schema, as requests give it or as answers show it. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    // An answer may get fields that its documentation of today does not know.
    override: ({ jsonSchema }) => {
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return rest;
}

/** Definitions that a schema brings along, such as one that refers to itself, stand among the document's components. */
export function hoisted(schema: Json): { readonly schema: Json; readonly definitions: Readonly<Record<string, Json>> } {
  const hoistedRefs: Json & { readonly $defs?: Readonly<Record<string, Json>> } = JSON.parse(
    JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'),
  );
  const { $defs: definitions = {}, ...rest } = hoistedRefs;
  return { schema: rest, definitions };
}
