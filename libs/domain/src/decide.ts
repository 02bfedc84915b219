import { z } from 'zod';
import { UNCHANGEABLE } from './changes.js';
import type { Changes, EventBody } from './event.js';
import { eventTypes } from './event-types.js';
import { presentFields, rejectionsOf } from './parse.js';
import { followsRecordedBy, linksIn, policiesIn } from './references.js';
import { type Rejection, ranked } from './rejection.js';
import type { Instant, Position } from './time.js';

/** An event on record, as far as a decision about another needs it. */
export interface SeenEvent {
  readonly key: string;
  readonly type: string;
  readonly policy: string;
  readonly target?: string;
  readonly position?: Position;
}

/** What is on record: everything that a decision about an event depends on. */
export interface Seen {
  policyExists(slug: string): boolean;
  /** An event of any policy. */
  eventOf(key: string): SeenEvent | undefined;
  /** Keys that the event was ever recorded to follow, by its body or by a correction. */
  followsEver(key: string): readonly string[];
}

/** Accepted, or every reason why not. */
export type Decision =
  { readonly accepted: true } | { readonly accepted: false; readonly rejections: readonly Rejection[] };

/** Decides whether an event may be recorded, given what is on record and the time. Pure; reports every reason at once. */
export const decide = (body: EventBody, seen: Seen, now: Instant): Decision =>
  decisionOf([...operatorsOnly(body), ...faults(body, seen, now)]);

/** Decides the same of an operator's act, which the service records itself. */
export const decideOperation = (body: EventBody, seen: Seen, now: Instant): Decision =>
  decisionOf(faults(body, seen, now));

function decisionOf(found: readonly Rejection[]): Decision {
  const rejections = ranked(found);
  return rejections.length > 0 ? { accepted: false, rejections } : { accepted: true };
}

const faults = (body: EventBody, seen: Seen, now: Instant): readonly Rejection[] => [
  ...unknownPolicies(body, seen),
  ...unknownLinks(body, seen),
  ...targetFaults(body, seen),
  ...changesFaults(body.changes, body.target, { seen, pointer: '/changes' }),
  ...publishedLater(body, now),
  ...cycles(body, seen),
];

const operatorsOnly = ({ type }: EventBody): readonly Rejection[] =>
  type.startsWith('operation.')
    ? [
        {
          code: 'operators-only',
          pointer: '/type',
          message: 'The service records this type itself when an operator acts.',
        },
      ]
    : [];

const unknownPolicies = (body: EventBody, seen: Seen): readonly Rejection[] =>
  policiesIn(body)
    .filter(({ slug }) => !seen.policyExists(slug))
    .map(({ slug, pointer }) => ({
      code: 'unknown-policy',
      pointer,
      message: `No policy "${slug}" is registered. Register it first, or check its slug.`,
    }));

const unknownLinks = (body: EventBody, seen: Seen): readonly Rejection[] =>
  linksIn(body)
    .filter(({ to }) => !seen.eventOf(to))
    .map(({ to, pointer }) => ({
      code: 'unknown-link-target',
      pointer,
      message: `No event "${to}" is on record. Record it first, or check its key.`,
    }));

function targetFaults({ target, policy }: EventBody, seen: Seen): readonly Rejection[] {
  if (target === undefined) return [];
  const found = seen.eventOf(target);
  const pointer = '/target';
  if (!found)
    return [
      {
        code: 'unknown-target',
        pointer,
        message: `No event "${target}" is on record. Record it first, or check its key.`,
      },
    ];
  if (found.policy !== policy)
    return [
      {
        code: 'foreign-target',
        pointer,
        message: `"${target}" belongs to "${found.policy}". Record this under that policy.`,
      },
    ];
  if (found.type === 'source.retracted' || found.type.startsWith('operation.'))
    return [{ code: 'forbidden-target', pointer, message: `"${target}" is a ${found.type}, which stays as it is.` }];
  return [];
}

interface Changing {
  readonly seen: Seen;
  readonly pointer: string;
}

/** Checks a correction's changes against the type of what it corrects, at any depth of corrections of corrections. */
function changesFaults(
  changes: Changes | null | undefined,
  target: string | undefined,
  { seen, pointer }: Changing,
): readonly Rejection[] {
  const corrected = target === undefined ? undefined : seen.eventOf(target);
  const type = corrected && eventTypes.get(corrected.type);
  if (!changes) return [];
  const given = Object.entries(presentFields({ ...changes }));
  if (given.length === 0)
    return [
      { code: 'empty-changes', pointer, message: 'Name at least one field with its new value, or null to empty it.' },
    ];
  if (!corrected || !type) return [];
  return [
    ...given.flatMap(([field, value]) => fieldFaults(field, value, { type: type.fields, pointer })),
    ...selfReferences(changes, corrected, pointer),
    ...changesFaults(changes.changes, corrected.target, { seen, pointer: `${pointer}/changes` }),
  ];
}

function fieldFaults(
  field: string,
  value: unknown,
  { type, pointer }: { type: z.ZodRawShape; pointer: string },
): readonly Rejection[] {
  const schema = type[field];
  const at = `${pointer}/${field}`;
  if (UNCHANGEABLE.includes(field))
    return [
      {
        code: 'unchangeable-field',
        pointer: at,
        message: `"${field}" cannot be changed by a correction. Retract the event and record it anew.`,
      },
    ];
  if (!schema)
    return [{ code: 'unknown-field', pointer: at, message: `The event that it corrects has no field "${field}".` }];
  if (value === null) return emptiedFaults(schema, at, field);
  const parsed = z.safeParse(schema, value);
  return parsed.success
    ? []
    : rejectionsOf(parsed.error, value).map((fault) => ({ ...fault, pointer: at + fault.pointer }));
}

const emptiedFaults = (schema: z.core.$ZodType, pointer: string, field: string): readonly Rejection[] =>
  z.safeParse(schema, undefined).success
    ? []
    : [{ code: 'missing-field', pointer, message: `"${field}" is required and cannot be emptied.` }];

function selfReferences({ links, alsoPolicies }: Changes, corrected: SeenEvent, pointer: string): readonly Rejection[] {
  return [
    ...(links ?? []).flatMap(({ to }, index): readonly Rejection[] =>
      to === corrected.key
        ? [
            {
              code: 'self-link',
              pointer: `${pointer}/links/${index}/to`,
              message: 'The corrected event would link to itself.',
            },
          ]
        : [],
    ),
    ...(alsoPolicies ?? []).flatMap((also, index): readonly Rejection[] =>
      also === corrected.policy
        ? [
            {
              code: 'repeated-policy',
              pointer: `${pointer}/alsoPolicies/${index}`,
              message: 'This is the policy of the event already.',
            },
          ]
        : [],
    ),
  ];
}

function publishedLater(body: EventBody, now: Instant): readonly Rejection[] {
  const found: Rejection[] = [];
  let [said, pointer]: [Changes | null | undefined, string] = [body, ''];
  while (said) {
    if (said.embargoed !== true && said.publishedAt && said.publishedAt.from > now)
      found.push({
        code: 'published-in-future',
        pointer: `${pointer}/publishedAt`,
        message: `${said.publishedAt.text} is later than now. Correct the date, or set "embargoed" to true.`,
      });
    [said, pointer] = [said.changes, `${pointer}/changes`];
  }
  return found;
}

/** A `follows` that would lead back to the event that has it; a correction brings links to what it corrects. */
function cycles(body: EventBody, seen: Seen): readonly Rejection[] {
  return followsRecordedBy(body, (key) => seen.eventOf(key)?.target).flatMap(({ from, to, pointer }) =>
    from === to || leadsTo(to, from, seen)
      ? [
          {
            code: 'cycle' as const,
            pointer,
            message: `"${to}" already follows "${from}", directly or through others. One of the two must go.`,
          },
        ]
      : [],
  );
}

function leadsTo(start: string, end: string, seen: Seen): boolean {
  const reached = new Set([start]);
  for (const key of reached) {
    if (key === end) return true;
    for (const next of seen.followsEver(key)) reached.add(next);
  }
  return false;
}
