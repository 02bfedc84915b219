import { z } from 'zod';

/** A part of the OpenAPI document. */
export type Json = Readonly<Record<string, unknown>>;

/** The JSON Schema (2020-12, as OpenAPI 3.1 has it) of a zod schema, as requests give it or as answers show it. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
