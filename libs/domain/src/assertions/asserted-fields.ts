import type { EventBody } from '../schema/event.js';

type BodyField = keyof EventBody;

/** The fields of a body from which a field of the state is asserted, by the first part of its path. */
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

/** The fields of a body that decide when its assertions hold, and which of several wins. */
const DATING: readonly BodyField[] = ['occurred', 'effective', 'publishedAt', 'links', 'ordinal'];

/**
 * The fields of a body on which its assertion about a field of the state depends: its value, and when it holds.
 *
 * A change of any other field of the body leaves the assertion as it is.
 */
export const bodyFieldsBehind = (field: string): readonly BodyField[] => [
  ...new Set([...(BEHIND[field.split('.', 1)[0] ?? ''] ?? []), ...DATING]),
];
