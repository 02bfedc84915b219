import { readPoint } from '../words/points.js';
import type { FormField } from './fields.js';

/**
 * The exact form of a date that somebody typed as people write it: "8 July 2025" as `2025-07-08`, and where a month will
 * do "July 2025" as `2025-07`. A text that has no such form, or is exact, stays as it is.
 */
export function exactDate(text: string, { kind, name }: Pick<FormField, 'kind' | 'name'>, today: string): string {
  const isDate = kind === 'date';
  if ((!isDate && name !== 'publishedAt') || !/[a-z]/i.test(text.replace(/T.*/, ''))) return text;
  const point = readPoint(text, today);
  if (point.kind !== 'read' || !/^\d{4}-\d\d-\d\d$/.test(point.value)) return text;
  const isMonth = !/\d{1,2}\D+\d{4}|\d{1,2}(?:st|nd|rd|th)?,/.test(text) && /^[a-z]+\.? \d{4}$/i.test(text.trim());
  if (!isMonth) return point.value;
  return isDate ? point.value.slice(0, 7) : text;
}
