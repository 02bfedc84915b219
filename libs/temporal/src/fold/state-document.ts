import type { AssertedValue } from '../events/dated-assertion.js';
import type { Fact } from './fold.js';

/** A policy's state as answers show it: fields nested at the first dot of their path, absent ones left out. */
export type StateDocument = Readonly<Record<string, StateValue>>;

type StateValue = AssertedValue | Readonly<Record<string, AssertedValue>>;

/** Splits a field's path at its first dot into group and name; a path without a dot has no name. */
export function splitField(field: string): readonly [group: string, name: string | undefined] {
  const dot = field.indexOf('.');
  return dot < 0 ? [field, undefined] : [field.slice(0, dot), field.slice(dot + 1)];
}

/** Nests facts into the document that answers show. Empty when nothing holds. */
export function stateDocument(facts: Iterable<Pick<Fact, 'field' | 'value'>>): StateDocument {
  const plain = new Map<string, AssertedValue>();
  const groups = new Map<string, Map<string, AssertedValue>>();
  for (const { field, value } of facts) {
    if (value === null) continue;
    const [group, name] = splitField(field);
    if (name === undefined) plain.set(group, value);
    else groups.set(group, (groups.get(group) ?? new Map<string, AssertedValue>()).set(name, value));
  }
  // fromEntries defines own properties, so a name like `__proto__` is a name like any other.
  return Object.fromEntries([
    ...plain,
    ...[...groups].map(([group, members]) => [group, Object.fromEntries(members)] as const),
  ]);
}
