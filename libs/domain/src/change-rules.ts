import { z } from 'zod';
import type { Changes } from './event.js';
import type { EventType } from './event-type.js';
import { eventTypes } from './event-types.js';
import { didYouMean } from './near-words.js';
import { presentFields } from './parse.js';
import type { Rejection } from './rejection.js';
import { rejectionsOf } from './schema-rejections.js';
import type { Seen, SeenEvent } from './seen.js';

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

/** What to do about a change of a field that the type lacks: mostly meant is what a correction changes. */
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
  corrected: SeenEvent,
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
              message: 'This is the policy of the event already. Remove it here.',
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
