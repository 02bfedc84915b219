import { eventType } from '../event-type.js';

/** What people say: positions, objections, answers, claims. */
export const positionFamily = [eventType('position.stated', { says: 'Someone said where they stand.' })];

export const objectionFamily = [
  eventType('objection.raised', { says: 'Someone objected.' }),
  eventType('objection.withdrawn', { says: 'An objection was taken back.' }),
];

export const answerFamily = [
  // Silence is no new position, whatever stance the recorder noted beside it.
  eventType('answer.withheld', { says: 'Someone was asked and did not answer.', statesPositions: false }),
];

export const claimFamily = [
  eventType('claim.made', { says: 'Someone claimed something.' }),
  eventType('claim.corroborated', { says: 'Something bore a claim out.' }),
  eventType('claim.disputed', { says: 'Someone disputed a claim.' }),
  eventType('claim.denied', { says: 'Someone denied a claim.' }),
  eventType('claim.withdrawn', { says: 'Someone took their claim back.' }),
];
