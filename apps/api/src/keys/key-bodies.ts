import type { z } from 'zod';
import { Refusal } from '../http/problems/refusal.js';

/** Reads a body by its schema; refuses it with every mistake. */
export function readKeyBody<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const errors = read.error.issues.map(({ path, message, code }) => ({
    pointer: path.map((part) => `/${String(part)}`).join(''),
    code: code === 'custom' ? 'invalid-value' : code.replaceAll('_', '-'),
    message: `${path.join('.') || 'The body'}: ${message}.`,
  }));
  throw new Refusal('rejected', {
    detail: 'A key needs {"name": "…", "role": "reader, recorder or operator"}, and may have "expiresAt".',
    errors,
  });
}
