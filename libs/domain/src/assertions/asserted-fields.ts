import type { EventBody } from '../schema/event.js';

type BodyField = keyof EventBody;

/** For the first part of a field's path: the fields of a body from which an event asserts such a field. */
const BEHIND: Readonly<Record<string, readonly BodyField[]>> = {
  status: ['status'],
  terms: ['terms'],
  positions: ['stance', 'actors'],
  figures: ['figures'],
  plans: ['plannedFor', 'links'],
  forecasts: ['plannedFor', 'links'],
  hosts: ['host', 'actors'],
  negotiations: ['stage', 'counterparties'],
  legal: ['instrument', 'stage', 'outcome'],
  funding: ['figures'],
};

/** The fields of a body that decide when what it asserts holds, and over what. */
const DATING: readonly BodyField[] = ['occurred', 'effective', 'publishedAt', 'links', 'ordinal'];

/**
 * The fields of an event's body on which its assertion of a state's field rests: its value, and when it holds.
 *
 * A change of any other field of the body leaves the assertion as it is.
 */
export const bodyFieldsBehind = (field: string): readonly BodyField[] => [
  ...new Set([...(BEHIND[field.split('.', 1)[0] ?? ''] ?? []), ...DATING]),
];
