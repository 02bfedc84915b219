import { EXIT, Failure } from '../exit-code.js';

/** A point as it is given on the command line: a time, a place in the log, or an event. */
export type Point =
  | { readonly kind: 'now' }
  | { readonly kind: 'time'; readonly text: string }
  | { readonly kind: 'position'; readonly position: number }
  | { readonly kind: 'event'; readonly key: string; readonly isBefore: boolean };

/** Two points, of which the second is usually the later. */
export interface Range {
  readonly from: Point;
  readonly to: Point;
}

/** The grammar of points, for help. */
export const POINT_HELP =
  '2025-07-08, an instant, @41 (position in the log), now, KEY (when that event became public) or KEY^ (just before)';

const TIME = /^(?:\d{4}(?:-\d{2}){0,2}(?:[T ].*)?|\d{10}|\d{13})$/;
const POSITION = /^@\d{1,15}$/;
const EVENT = /^[^\s^@]+\^?$/;

/** Reads a point. Whether a time exists the service says. Throws a {@link Failure} for what is no point. */
export function parsePoint(text: string): Point {
  if (text === 'now') return { kind: 'now' };
  if (TIME.test(text)) return { kind: 'time', text };
  if (POSITION.test(text)) return { kind: 'position', position: Number(text.slice(1)) };
  if (text.includes('..'))
    throw new Failure(EXIT.usage, `${JSON.stringify(text)} is a range, and one point is needed here: ${POINT_HELP}.`);
  if (!EVENT.test(text))
    throw new Failure(EXIT.usage, `${JSON.stringify(text)} is not a point in time. A point is ${POINT_HELP}.`);
  const isBefore = text.endsWith('^');
  return { kind: 'event', key: isBefore ? text.slice(0, -1) : text, isBefore };
}

/** True for a text that is meant as a range. */
export const isRange = (text: string): boolean => text.includes('..');

/** Reads `A..B`; `A..` and `A` alone end now. */
export function parseRange(text: string): Range {
  const [from = '', to = '', ...more] = text.split('..');
  if (from === '' || more.length > 0)
    throw new Failure(
      EXIT.usage,
      `${JSON.stringify(text)} is not a range. A range is A..B, or A for one that ends now; A and B are each ${POINT_HELP}.`,
    );
  return { from: parsePoint(from), to: to === '' ? { kind: 'now' } : parsePoint(to) };
}
