import { z } from 'zod';
import { type Instant, type Position, instant, position } from '#domain';
import { isShowable } from './coordinates.js';
import { isStorable } from './storable-text.js';

/** A cursor: the coordinate of the first page, and the point after which the next page begins. */
export interface Cursor {
  readonly recorded: Position;
  readonly knownAt: Instant;
  readonly validAt: Instant;
  /** Where to continue, in the read model's own format. */
  readonly after: string;
}

const shownInstant = z.int().transform(instant).refine(isShowable);

const written = z.tuple([z.literal(1), z.int().min(0), shownInstant, shownInstant, z.string().refine(isStorable)]);

/** Writes a cursor as one opaque word. */
export function writeCursor({ recorded, knownAt, validAt, after }: Cursor): string {
  return Buffer.from(JSON.stringify([1, recorded, knownAt, validAt, after])).toString('base64url');
}

/** Reads a cursor; undefined if this program did not write it. */
export function readCursor(text: string): Cursor | undefined {
  try {
    const [, recorded, knownAt, validAt, after] = written.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return { recorded: position(recorded), knownAt, validAt, after };
  } catch {
    return undefined;
  }
}
