import type { z } from 'zod';
import { didYouMean } from '#domain';
import { type Mistake, Refusal } from '../problems/refusal.js';
import { isStorable } from './storable-text.js';

/** A schema whose fields each take the text of one query parameter. */
export type QuerySchema = z.ZodObject<Readonly<Record<string, z.ZodType<unknown, string | undefined>>>>;

/**
 * Reads the query part of a request's address strictly: every parameter is known, given once, not empty and well-formed.
 * Only `_`, which some clients add to bypass caches, is ignored.
 *
 * Throws a refusal that lists all mistakes and names each parameter.
 */
export function readQuery<Schema extends QuerySchema>(url: string, schema: Schema): z.output<Schema> {
  const mark = url.indexOf('?');
  const { given, mistakes } = splitQuery(mark < 0 ? '' : url.slice(mark + 1), schema);
  const read = schema.safeParse(Object.fromEntries(given));
  if (read.success && mistakes.length === 0) return read.data;
  const named = new Set(mistakes.map(({ pointer }) => pointer));
  const issues = read.success ? [] : read.error.issues.map(mistakeOf).filter(({ pointer }) => !named.has(pointer));
  throw invalidQuery([...mistakes, ...issues]);
}

/** True for a parameter that the address of a request gives, whatever its value. */
export const isGiven = (url: string, name: string): boolean =>
  new URLSearchParams(url.slice(url.indexOf('?') + 1)).has(name);

/** A refusal of query parameters that are each well-formed but invalid together, or at the moment. */
export function invalidParameter(name: string, message: string): Refusal {
  return invalidQuery([mistake(name, 'invalid-parameter', message)]);
}

function invalidQuery(errors: readonly Mistake[]): Refusal {
  return new Refusal('invalid-query', { detail: errors.map(({ message }) => message).join(' '), errors });
}

interface QueryParts {
  readonly given: ReadonlyMap<string, string>;
  readonly mistakes: readonly Mistake[];
}

const MISTAKE_LIMIT = 20;

/** A parameter that clients add to bypass caches; it is ignored. */
export const CACHE_BUSTER = '_';

function splitQuery(text: string, schema: QuerySchema): QueryParts {
  const given = new Map<string, string>();
  const mistakes: Mistake[] = [];
  for (const part of text.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const [name, value] =
      equals < 0 ? [decode(part), ''] : [decode(part.slice(0, equals)), decode(part.slice(equals + 1))];
    if (name === CACHE_BUSTER) continue;
    const wrong = mistakeIn(name, value, { given, schema });
    if (wrong === undefined && name !== undefined && value !== undefined) given.set(name, value);
    else if (wrong !== undefined && mistakes.length < MISTAKE_LIMIT) mistakes.push(wrong);
  }
  return { given, mistakes };
}

function mistakeIn(
  name: string | undefined,
  value: string | undefined,
  { given, schema }: { readonly given: ReadonlyMap<string, string>; readonly schema: QuerySchema },
): Mistake | undefined {
  if (name === undefined)
    return mistake(
      '',
      'malformed-parameter',
      'The name of a query parameter is not valid percent-encoded UTF-8. Check its encoding.',
    );
  if (!Object.hasOwn(schema.shape, name)) {
    const known = Object.keys(schema.shape);
    return mistake(
      name,
      'unknown-parameter',
      `Unknown query parameter ${JSON.stringify(name)}.${didYouMean(name, known)} Known at this address: ${known.join(', ') || 'none'}.`,
    );
  }
  if (value === undefined)
    return mistake(
      name,
      'malformed-parameter',
      `The value of ${name} is not valid percent-encoded UTF-8. Check its encoding.`,
    );
  if (!isStorable(value))
    return mistake(
      name,
      'malformed-parameter',
      `The value of ${name} has a zero byte (%00), which is never valid. Remove it.`,
    );
  if (value === '')
    return mistake(name, 'empty-parameter', `The query parameter ${name} is empty. Leave it out or give it a value.`);
  if (given.has(name))
    return mistake(name, 'repeated-parameter', `The query parameter ${name} is given more than once. Give it once.`);
  return undefined;
}

const mistake = (name: string, code: string, message: string): Mistake => ({
  pointer: `/query/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
  code,
  message,
});

function mistakeOf(issue: z.core.$ZodIssue): Mistake {
  const name = issue.path.map(String).join('.');
  const end = /[.?]$/.test(issue.message) ? '' : '.';
  return mistake(name, 'invalid-parameter', `${name}: ${issue.message}${end}`);
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
