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
export const patchBetween = (before: StateDocument, after: StateDocument): readonly PatchOperation[] =>
  [...patchSteps(before, after)].flatMap((operation) => operation ?? []);

/**
 * The operations of {@link patchBetween} one by one, and undefined for each field that is the same: whoever goes through
 * them can pause at any field.
 */
export function* patchSteps(before: StateDocument, after: StateDocument): Generator<PatchOperation | undefined> {
  for (const name of namesOf(before, after)) {
    const [one, other] = [memberOf(before, name), memberOf(after, name)];
    if (!isGroup(one) || !isGroup(other)) yield patchMember(before, after, { name, under: '' });
    else
      for (const member of namesOf(one, other)) yield patchMember(one, other, { name: member, under: pointerTo(name) });
  }
}

type Members = Readonly<Record<string, unknown>>;

const namesOf = (before: Members, after: Members): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();

const memberOf = (members: Members, name: string): unknown =>
  Object.hasOwn(members, name) ? members[name] : undefined;

function patchMember(
  before: Members,
  after: Members,
  { name, under }: { readonly name: string; readonly under: string },
): PatchOperation | undefined {
  const path = under + pointerTo(name);
  if (!Object.hasOwn(after, name)) return { op: 'remove', path };
  if (!Object.hasOwn(before, name)) return { op: 'add', path, value: after[name] };
  return isDeepStrictEqual(before[name], after[name]) ? undefined : { op: 'replace', path, value: after[name] };
}

// `status` is the only field without a group, and its value is text: every object at the top is a group.
const isGroup = (value: unknown): value is Members => typeof value === 'object' && value !== null;

/** One reference token of a JSON Pointer (RFC 6901, section 3), with its slash. */
const pointerTo = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
