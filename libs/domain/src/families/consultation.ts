import { eventType } from '../event-type.js';

/** Consultations, terms, disclosures and silences. */
export const consultationFamily = [
  eventType('consultation.opened', { says: 'A consultation on the policy opened.', status: 'consulting' }),
  eventType('consultation.closed', { says: 'The consultation closed.' }),
  eventType('consultation.responded', { says: 'Those in charge answered what was said in the consultation.' }),
];

export const termsFamily = [
  eventType('terms.described', { says: 'What the policy holds was described.' }),
  eventType('terms.changed', { says: 'What the policy holds was changed.' }),
];

export const disclosureFamily = [
  eventType('disclosure.reported', { says: 'The press revealed something about the policy.' }),
];

export const absenceFamily = [eventType('absence.reported', { says: 'A silence or a missing outcome was reported.' })];
