import { z } from 'zod';

/** A part of the OpenAPI document. */
export type DocumentPart = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema (2020-12, as OpenAPI 3.1 has it) of a zod schema, as requests give it or as answers show it.
 *
 * Schemas with an `id` become a `$ref`, the schema itself included; their definitions are in `$defs`.
 */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): DocumentPart {
  const { properties = {}, $defs } = z.toJSONSchema(z.object({ schema }), {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // Answers may get new fields that this version does not document.
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      // A readonly list in TypeScript says nothing to clients.
      delete jsonSchema.readOnly;
      // The bounds of safe integers are implied.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      // Its name is the component's.
      delete jsonSchema.id;
    },
  });
  const found: DocumentPart = Object(properties['schema']);
  return { ...found, ...($defs === undefined ? {} : { $defs }) };
}

/** Moves the definitions of a schema, such as one that refers to itself, to the components of the document. */
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
