import { countOf } from './words.js';

const MINUTE_MS = 60_000;
const UNITS = [
  ['day', 24 * 60 * MINUTE_MS],
  ['hour', 60 * MINUTE_MS],
  ['minute', MINUTE_MS],
] as const;

/** Writes how long ago something was, in the greatest unit of which there is one: "3 days ago". */
export function ageInWords(at: string, now: string): string {
  const age = Date.parse(now) - Date.parse(at);
  const [unit, length] = UNITS.find(([, each]) => age >= each) ?? [];
  return unit === undefined || length === undefined ? 'just now' : `${countOf(Math.floor(age / length), unit)} ago`;
}
