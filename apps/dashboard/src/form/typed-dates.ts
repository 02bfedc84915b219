import { readPoint } from '../words/points.js';
import { readSpokenDate } from './date-help.js';
import { put, valueAt } from './body.js';
import type { FormField } from './fields.js';

/**
 * The exact form of a date that somebody typed as people write it: "8 July 2025" as `2025-07-08`, and where a month will
 * do "July 2025" as `2025-07`, or "early July 2025" as `[2025-07-01..2025-07-10]`. A text that has no such form, or is exact, stays as it is.
 */
export function exactDate(text: string, { kind, name }: Pick<FormField, 'kind' | 'name'>, today: string): string {
  const isDate = kind === 'date' && name !== 'publishedAt';
  if ((!isDate && name !== 'publishedAt') || !/[a-z]/i.test(text.replace(/T.*/, ''))) return text;
  const spoken = isDate ? readSpokenDate(text, today) : undefined;
  if (spoken !== undefined) return spoken;
  const point = readPoint(text, today);
  if (point.kind !== 'read' || !/^\d{4}-\d\d-\d\d$/.test(point.value)) return text;
  const isMonth = !/\d{1,2}\D+\d{4}|\d{1,2}(?:st|nd|rd|th)?,/.test(text) && /^[a-z]+\.? \d{4}$/i.test(text.trim());
  if (!isMonth) return point.value;
  return isDate ? point.value.slice(0, 7) : text;
}

/** A body with its dates in their exact forms, whoever typed them. */
export function withExactDates(body: unknown, fields: readonly FormField[], today: string): unknown {
  return fields.reduce<unknown>((changed, field) => {
    const value = valueAt(changed, [field.name]);
    const exact = exactWithin(value, field, today);
    return exact === value ? changed : put(changed, [field.name], exact);
  }, body);
}

function exactWithin(value: unknown, field: FormField, today: string): unknown {
  if (typeof value === 'string') return exactDate(value, field, today);
  if (value === null || value === undefined) return value;
  if (field.kind === 'group') return withExactDates(value, field.fields, today);
  if (field.kind !== 'list' || !Array.isArray(value)) return value;
  return value.map((each: unknown) => exactWithin(each, field.item, today));
}
