import type { EventBody } from '../schema/event.js';
import type { Json } from '../values/json.js';
import { addOlderNames } from '../values/older-names.js';

/** The fields of a body that are a date of the world. */
export const DATE_FIELDS: ReadonlySet<string> = new Set(['occurred', 'plannedFor']);

/** Every other field is read as it is given. */
const READ_FIELDS = ['publishedAt', 'effective', 'changes', ...DATE_FIELDS];

/** The input form of a body: what was given, dates as text, older names beside today's. Answers show it in this form. */
export function presentBody(body: EventBody): Readonly<Record<string, Json>> {
  return presentFields(body as unknown as Input) as Readonly<Record<string, Json>>;
}

/** The input form of some fields of a body. */
export function presentFields(fields: Input): Input {
  const present: Record<string, unknown> = { ...fields };
  for (const field of READ_FIELDS) if (field in fields) present[field] = presentField(field, fields[field]);
  return addOlderNames(present);
}

function presentField(field: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  if (field === 'changes') return presentFields(value);
  if (field === 'effective')
    return Object.fromEntries(Object.entries(value).map(([end, date]) => [end, presentField('occurred', date)]));
  if (field === 'publishedAt') return value['text'];
  return DATE_FIELDS.has(field) ? value['edtf'] : value;
}

type Input = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Input =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
