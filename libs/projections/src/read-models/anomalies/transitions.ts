import type { Status } from '#domain';

/**
 * How far along its life each status is. A policy usually goes on or stays; going back, or ending before anything
 * began, is worth a look. It is never refused: news arrives late and out of order.
 */
const STAGE: Readonly<Record<Status, number>> = {
  proposed: 1,
  announced: 2,
  consulting: 2,
  exploring: 2,
  'in-development': 3,
  'under-negotiation': 3,
  stalled: 3,
  'no-agreement': 3,
  sought: 3,
  agreed: 4,
  'in-preparation': 4,
  legislating: 4,
  enacted: 5,
  'in-pilot': 6,
  'in-operation': 7,
  disrupted: 7,
  blocked: 7,
  paused: 7,
  superseded: 8,
  ended: 8,
  scrapped: 8,
};

const LAST_STAGE = 8;

/** Statuses that take up again what had ended. */
const REVIVALS: ReadonlySet<Status> = new Set(['announced', 'proposed']);

/** What a policy that was stopped goes on with: all but what makes a beginning. */
const AFTER_A_STOP: readonly Status[] = [
  'consulting',
  'in-development',
  'under-negotiation',
  'stalled',
  'no-agreement',
  'agreed',
  'in-preparation',
  'legislating',
  'enacted',
  'in-pilot',
];

/** Steps to an earlier stage that are part of an ordinary life. */
const ORDINARY_STEPS_BACK: Readonly<Partial<Record<Status, readonly Status[]>>> = {
  // What a court, an incident or a decision stops is consulted on, negotiated, legislated for or tried out again.
  blocked: AFTER_A_STOP,
  disrupted: AFTER_A_STOP,
  paused: AFTER_A_STOP,
  // What was tried out is agreed, prepared and legislated for at large.
  'in-pilot': ['agreed', 'in-preparation', 'legislating', 'enacted'],
  // An act allows for what is then agreed with others or prepared. Another bill after it is worth a look.
  enacted: ['agreed', 'in-preparation'],
};

/** Why a change of status is unusual; undefined for a usual one. `before` is undefined for the first status. */
export function unusualTransition(before: Status | undefined, after: Status): string | undefined {
  if (before === undefined)
    return STAGE[after] === LAST_STAGE
      ? `The first status on record is "${after}": nothing is recorded of how it began.`
      : undefined;
  if (STAGE[before] === LAST_STAGE)
    return REVIVALS.has(after) || STAGE[after] === LAST_STAGE
      ? undefined
      : `"${after}" after "${before}", and no revival is recorded.`;
  return STAGE[after] < STAGE[before] && !ORDINARY_STEPS_BACK[before]?.includes(after)
    ? `"${after}" after "${before}" is a step back, and no event explains it.`
    : undefined;
}
