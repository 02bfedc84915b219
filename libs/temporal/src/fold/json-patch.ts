import { isDeepStrictEqual } from 'node:util';
import type { StateDocument } from './state-document.js';

/** One operation of RFC 6902; a state needs only these three verbs. */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/**
 * Computes the JSON Patch (RFC 6902) that turns one state document into another.
 *
 * Guarantee: applied to `before` it gives `after`. A field's value is replaced whole; a group is removed with its last
 * field. Ordered by path; empty when the documents are equal.
 */
export function patchBetween(before: StateDocument, after: StateDocument): readonly PatchOperation[] {
  return patchMembers(before, after, (name, one, other) =>
    isGroup(one) && isGroup(other)
      ? patchMembers(one, other, replaceWhole).map((operation) => ({
          ...operation,
          path: pointerTo(name) + operation.path,
        }))
      : replaceWhole(name, one, other),
  );
}

type Members = Readonly<Record<string, unknown>>;

function patchMembers(
  before: Members,
  after: Members,
  change: (name: string, one: unknown, other: unknown) => readonly PatchOperation[],
): readonly PatchOperation[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names.flatMap((name): readonly PatchOperation[] => {
    if (!Object.hasOwn(after, name)) return [{ op: 'remove', path: pointerTo(name) }];
    if (!Object.hasOwn(before, name)) return [{ op: 'add', path: pointerTo(name), value: after[name] }];
    return isDeepStrictEqual(before[name], after[name]) ? [] : change(name, before[name], after[name]);
  });
}

const replaceWhole = (name: string, _one: unknown, other: unknown): readonly PatchOperation[] => [
  { op: 'replace', path: pointerTo(name), value: other },
];

// `status` is the only field without a group, and its value is text: every object at the top is a group.
const isGroup = (value: unknown): value is Members => typeof value === 'object' && value !== null;

/** One reference token of a JSON Pointer (RFC 6901, section 3), with its slash. */
const pointerTo = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
