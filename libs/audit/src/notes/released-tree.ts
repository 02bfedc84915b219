import { ROLLBACK_ACCEPTED } from '#domain';
import type { EntryObject } from '#event-log/canonical';
import { type ParseResult, read, unreadable } from '../primitives/parse-result.js';
import { type ReleasedTree, isReleasedTree } from './rollbacks.js';

/** The tree that an entry releases; undefined for an entry of another type. Unreadable where it names none. */
export function parseRelease({
  type,
  body,
}: {
  readonly type: string;
  readonly body: EntryObject;
}): ParseResult<ReleasedTree | undefined> {
  if (type !== ROLLBACK_ACCEPTED) return read(undefined);
  const { size, root } = body;
  return typeof size === 'number' && typeof root === 'string' && isReleasedTree({ size, root })
    ? read({ size, root })
    : unreadable('The entry accepts a rollback, and does not name the tree that the log no longer continues.');
}
