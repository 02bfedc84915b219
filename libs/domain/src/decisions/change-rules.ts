import { z } from 'zod';
import { bodyFaults } from '../bodies/body-rules.js';
import type { Changes, EventBody } from '../schema/event.js';
import { type EventType, eventTypes } from '../families/event-types.js';
import { didYouMean } from '../values/near-words.js';
import { presentBody, presentFields } from '../bodies/input-form.js';
import type { Rejection } from '../values/rejection.js';
import { rejectionsOf } from '../bodies/schema-rejections.js';
import type { Seen, EventOnRecord } from './seen.js';

interface Changing {
  readonly seen: Pick<Seen, 'eventOf'>;
  readonly pointer: string;
}

/** Checks a correction's changes against the type of what it corrects, at any depth of corrections of corrections. */
export function changesFaults(
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
    ...given.flatMap(([field, value]) => fieldFaults(field, value, { type, pointer })),
    ...selfReferences(changes, corrected, pointer),
    ...changesFaults(changes.changes, corrected.target, { seen, pointer: `${pointer}/changes` }),
  ];
}

function fieldFaults(
  field: string,
  value: unknown,
  { type, pointer }: { type: EventType; pointer: string },
): readonly Rejection[] {
  const schema = type.fields[field];
  const at = `${pointer}/${field}`;
  if (!schema) return [{ code: 'unknown-field', pointer: at, message: lackOf(field, type) }];
  if (value === null) return emptiedFaults(schema, at, field);
  const parsed = z.safeParse(schema, value);
  return parsed.success ? [] : rejectionsOf(parsed.error, { schema, input: value, at: at.slice(1).split('/') });
}

/** The advice for a change of a field that the type lacks; usually the changes of a correction are meant. */
const lackOf = (field: string, { name, fields }: EventType): string =>
  'changes' in fields
    ? `A ${name} has no "${field}" of its own. To correct what it changes, write {"changes": {"${field}": …}}.`
    : `A ${name} has no field "${field}".${didYouMean(field, Object.keys(fields)) || ' Remove it.'}`;

const emptiedFaults = (schema: z.core.$ZodType, pointer: string, field: string): readonly Rejection[] =>
  z.safeParse(schema, undefined).success
    ? []
    : [
        {
          code: 'missing-field',
          pointer,
          message: `"${field}" is required and cannot be emptied. Give its new value.`,
        },
      ];

function selfReferences(
  { links, alsoPolicies, by }: Changes,
  corrected: EventOnRecord,
  pointer: string,
): readonly Rejection[] {
  return [
    ...(links ?? []).flatMap(({ to }, index): readonly Rejection[] =>
      to === corrected.key
        ? [
            {
              code: 'self-link',
              pointer: `${pointer}/links/${index}/to`,
              message: 'The corrected event would link to itself. Name another event or remove the link.',
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
              message: 'This is already the policy of the event. Remove it here.',
            },
          ]
        : [],
    ),
    ...(by === corrected.policy
      ? [
          {
            code: 'repeated-policy' as const,
            pointer: `${pointer}/by`,
            message: 'The policy would be superseded by itself. Name the policy that replaced it.',
          },
        ]
      : []),
  ];
}

/** The changes that a correction finally makes to an event, through any depth of corrections, and their pointer. */
export function deepestChanges({ changes }: Pick<EventBody, 'changes'>): {
  readonly changes: Changes | undefined;
  readonly pointer: string;
} {
  let [deepest, pointer] = [changes, '/changes'];
  while (deepest?.changes) [deepest, pointer] = [deepest.changes, `${pointer}/changes`];
  return { changes: deepest, pointer };
}

const JUDGED_TOGETHER = [
  'occurred',
  'effective',
  'publishedAt',
  'forthcoming',
  'title',
  'kind',
  'jurisdiction',
  'aliases',
  'sameAs',
];

/**
 * True for a correction that can only be checked by the resulting body. False for one that removes a date: it is rejected
 * for that, and has no resulting body.
 */
export function isJudgedByWhole(body: Pick<EventBody, 'changes'>): boolean {
  const { changes } = deepestChanges(body);
  return changes !== undefined && !takesDate(body) && JUDGED_TOGETHER.some((field) => field in changes);
}

function takesDate({ changes }: Pick<EventBody, 'changes'>): boolean {
  for (let level: Changes | null | undefined = changes; level; level = level.changes)
    if (level.occurred === null) return true;
  return false;
}

/** Checks the body that results from a correction, as far as the correction names the fields concerned. */
export function correctedFaults(body: EventBody, { corrected }: Pick<Seen, 'corrected'>): readonly Rejection[] {
  const { changes, pointer } = deepestChanges(body);
  if (!changes || !corrected) return [];
  return bodyFaults(presentBody(corrected)).flatMap(({ fields, code, message, pointer: whole }) => {
    const [named] = fields.filter((field) => field in changes);
    if (named === undefined) return [];
    const at = whole === '' || whole.startsWith(`/${named}`) ? whole : `/${named}`;
    return [{ code, pointer: pointer + at, message }];
  });
}
