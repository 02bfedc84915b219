import type { Changes, EventBody } from '../schema/event.js';

/** The key of an event that a body names, with its location in the body. */
export interface NamedEvent {
  readonly to: string;
  readonly pointer: string;
}

/** A policy that a body names, with its location in the body. */
export interface NamedPolicy {
  readonly slug: string;
  readonly pointer: string;
}

type Naming = Pick<Changes, 'links' | 'undoes' | 'by' | 'alsoPolicies' | 'changes'>;

/** Every event that a body points to by a link or `undoes`, its changes included; its target is apart. */
export const linksIn = (body: EventBody): readonly NamedEvent[] => eventsNamed(body, '');

/** Every policy that a body names: its own, the others, the one that superseded it, its changes included. */
export const policiesIn = (body: EventBody): readonly NamedPolicy[] => [
  { slug: body.policy, pointer: '/policy' },
  ...policiesNamed(body, ''),
];

function eventsNamed({ links, undoes, changes }: Naming, pointer: string): readonly NamedEvent[] {
  return [
    ...(links ?? []).map(({ to }, index) => ({ to, pointer: `${pointer}/links/${index}/to` })),
    ...(undoes ? [{ to: undoes, pointer: `${pointer}/undoes` }] : []),
    ...(changes ? eventsNamed(changes, `${pointer}/changes`) : []),
  ];
}

function policiesNamed({ by, alsoPolicies, changes }: Naming, pointer: string): readonly NamedPolicy[] {
  return [
    ...(alsoPolicies ?? []).map((slug, index) => ({ slug, pointer: `${pointer}/alsoPolicies/${index}` })),
    ...(by ? [{ slug: by, pointer: `${pointer}/by` }] : []),
    ...(changes ? policiesNamed(changes, `${pointer}/changes`) : []),
  ];
}

/** Renames every policy that a body names, including those in its changes. */
export const renamePolicies = (body: EventBody, nameOf: (name: string) => string): EventBody => ({
  ...body,
  policy: nameOf(body.policy),
  ...(body.by === undefined ? {} : { by: nameOf(body.by) }),
  ...(body.alsoPolicies === undefined ? {} : { alsoPolicies: rename(body.alsoPolicies, nameOf) }),
  ...(body.changes === undefined ? {} : { changes: renameInChanges(body.changes, nameOf) }),
});

const renameInChanges = (changes: Changes, nameOf: (name: string) => string): Changes => ({
  ...changes,
  ...(changes.by ? { by: nameOf(changes.by) } : {}),
  ...(changes.alsoPolicies ? { alsoPolicies: rename(changes.alsoPolicies, nameOf) } : {}),
  ...(changes.changes ? { changes: renameInChanges(changes.changes, nameOf) } : {}),
});

/** Renames a list; two names of one policy become one. */
const rename = (names: readonly string[], nameOf: (name: string) => string): readonly string[] => [
  ...new Set(names.map(nameOf)),
];
