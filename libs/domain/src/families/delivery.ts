import { eventType } from '../event-type.js';

/** Pilots and delivery. */
export const pilotFamily = [
  eventType('pilot.planned', { says: 'A pilot was planned.', status: 'in-preparation' }),
  eventType('pilot.launched', { says: 'A pilot began.', status: 'in-pilot' }),
  eventType('pilot.extended', { says: 'A pilot was extended.', status: 'in-pilot' }),
  eventType('pilot.ended', { says: 'A pilot ended.' }),
];

export const implementationFamily = [
  eventType('implementation.advanced', { says: 'Putting the policy to work went a step on.' }),
  eventType('implementation.set-back', { says: 'Putting the policy to work was set back.', status: 'disrupted' }),
];
