import type { z } from 'zod';
import { bodyFaults } from './body-rules.js';
import { DATE_FIELDS } from './input-form.js';
import type { EventBody } from '../schema/event.js';
import { eventTypes } from '../families/event-types.js';
import { jsonFaults } from '../values/json-faults.js';
import { normalizeNames } from '../values/names.js';
import { didYouMean } from '../values/near-words.js';
import { olderNameFaults, useCurrentNames } from '../values/older-names.js';
import { type Rejection, rankRejections } from '../values/rejection.js';
import { rejectionsOf } from './schema-rejections.js';
import { parsePublication, parseWorldDate } from '../values/world-date.js';

/** The result of parsing input: the value, or all rejections. */
export type Parsed<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly rejections: readonly Rejection[] };

/** The result of parsing the body of an event. */
export type ParsedBody =
  { readonly ok: true; readonly body: EventBody } | { readonly ok: false; readonly rejections: readonly Rejection[] };

/**
 * Reads an event's body from its input form.
 *
 * Finds everything that the body alone can show: unknown type or field, limits, malformed text and numbers, dates
 * outside the profile, inverted intervals, links to itself. Dates are read in `zone`. What needs to know other events
 * is for `decide`.
 */
export function parseEventBody(input: unknown, zone: string): ParsedBody {
  if (!isObject(input))
    return reject([
      { code: 'not-an-object', pointer: '', message: 'An event must be a JSON object. Send {"key": …, "type": …, …}.' },
    ]);
  const faults = jsonFaults(input);
  // Input that is too long, too deep or misnamed is not checked further: the sender could choose the cost.
  if (faults.some(({ code }) => code === 'over-limit' || code === 'unsafe-name')) return reject(faults);
  const type = eventTypes.get(String(input['type']));
  if (!type) return reject([...faults, unknownType(input['type'])]);
  const parsed = type.schema.safeParse(input);
  const found = [
    ...faults,
    ...(parsed.success ? [] : rejectionsOf(parsed.error, { schema: type.schema, input })),
    ...olderNameFaults(input),
    ...selfReferences(input),
    ...faultsOfBody(input),
  ];
  return found.length > 0 ? reject(found) : { ok: true, body: readBody(input, zone) };
}

/** Reads the dates and names of a body that {@link parseEventBody} has accepted before; checks nothing again. */
export const readBody = (accepted: Readonly<Record<string, unknown>>, zone: string): EventBody =>
  readDates(normalizeNames(useCurrentNames(accepted)), zone) as unknown as EventBody;

/** Reads any value by a schema, with the same faults found and reported as for events. */
export function parseBy<Schema extends z.ZodType>(schema: Schema, input: unknown): Parsed<z.infer<Schema>> {
  const faults = jsonFaults(input);
  if (faults.length > 0) return reject(faults);
  const parsed = schema.safeParse(input);
  return parsed.success ? { ok: true, value: parsed.data } : reject(rejectionsOf(parsed.error, { schema, input }));
}

const reject = (rejections: readonly Rejection[]): { ok: false; rejections: readonly Rejection[] } => ({
  ok: false,
  rejections: rankRejections(rejections),
});

type Input = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Input =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function unknownType(given: unknown): Rejection {
  const pointer = '/type';
  if (given === undefined)
    return { code: 'missing-field', pointer, message: '"type" is required, such as "policy.announced".' };
  if (typeof given !== 'string')
    return { code: 'unknown-type', pointer, message: '"type" must be text in quotes, such as "policy.announced".' };
  const near = didYouMean(given, eventTypes.keys()) || ` ${ofFamily(given)}`;
  return { code: 'unknown-type', pointer, message: `There is no type "${given.slice(0, 60)}".${near}` };
}

function ofFamily(given: string): string {
  const [family] = given.split('.');
  const names = [...eventTypes.values()].filter((type) => type.family === family).map(({ name }) => name);
  return names.length > 0 ? `The types of that family are ${names.join(', ')}.` : 'All types are listed at /docs.';
}

const faultsOfBody = (input: Input): readonly Rejection[] =>
  bodyFaults(input).map(({ code, pointer, message }) => ({ code, pointer, message }));

function selfReferences(input: Input): readonly Rejection[] {
  const { key, policy, target, links, alsoPolicies } = input;
  return [
    ...indexesWhere(links, (link) => isObject(link) && link['to'] === key).map((index): Rejection => ({
      code: 'self-link',
      pointer: `/links/${index}/to`,
      message: 'An event cannot link to itself. Name another event or remove the link.',
    })),
    ...indexesWhere(alsoPolicies, (also) => also === policy).map((index): Rejection => ({
      code: 'repeated-policy',
      pointer: `/alsoPolicies/${index}`,
      message: 'This is already the policy of the event. Remove it here.',
    })),
    ...(target !== undefined && target === key
      ? [
          {
            code: 'self-target' as const,
            pointer: '/target',
            message: 'An event cannot have itself as its target. Name the event that it is about.',
          },
        ]
      : []),
  ];
}

const indexesWhere = (list: unknown, holds: (item: unknown) => boolean): readonly number[] =>
  Array.isArray(list) ? list.flatMap((item: unknown, index) => (holds(item) ? [index] : [])) : [];

/** Parses the dates of a body; the input must have passed its schema. */
function readDates(fields: Input, zone: string): Input {
  const read = Object.entries(fields).map(([field, value]) => [field, readField(field, value, zone)] as const);
  return Object.fromEntries(read.filter(([, value]) => value !== undefined));
}

function readField(field: string, value: unknown, zone: string): unknown {
  if (field === 'changes' && isObject(value)) return readDates(value, zone);
  if (field === 'effective' && isObject(value))
    return Object.fromEntries(Object.entries(value).map(([end, edtf]) => [end, worldDateOf(edtf, zone)]));
  if (field === 'publishedAt') return typeof value === 'string' ? parsePublication(value, zone) : value;
  return DATE_FIELDS.has(field) ? worldDateOf(value, zone) : value;
}

const worldDateOf = (value: unknown, zone: string): unknown =>
  typeof value === 'string' ? parseWorldDate(value, zone) : value;
