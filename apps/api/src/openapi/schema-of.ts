import { z } from 'zod';

/** A part of the OpenAPI document. */
export type DocumentPart = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema (2020-12, as OpenAPI 3.1 has it) of a zod schema, as requests give it or as answers show it.
 *
 * What has an `id` is a `$ref`, the schema itself included; what these refer to is among `$defs`.
 */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): DocumentPart {
  const { properties = {}, $defs } = z.toJSONSchema(z.object({ schema }), {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // An answer may get fields that its documentation of today does not know.
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      // A readonly list in TypeScript says nothing to clients.
      delete jsonSchema.readOnly;
      // That a whole number can be told apart from its neighbours goes without saying.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      // Its name is the component's.
      delete jsonSchema.id;
    },
  });
  const found: DocumentPart = Object(properties['schema']);
  return { ...found, ...($defs === undefined ? {} : { $defs }) };
}

/** Definitions that a schema brings along, such as one that refers to itself, stand among the document's components. */
export function hoistDefinitions(schema: DocumentPart): {
  readonly schema: DocumentPart;
  readonly definitions: Readonly<Record<string, DocumentPart>>;
} {
  const hoistedRefs: DocumentPart & { readonly $defs?: Readonly<Record<string, DocumentPart>> } = JSON.parse(
    JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'),
  );
  const { $defs: definitions = {}, ...rest } = hoistedRefs;
  return { schema: rest, definitions };
}
