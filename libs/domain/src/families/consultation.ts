import { eventType } from '../schema/event-type.js';

/** Consultations, terms, disclosures and silences. */
export const consultationFamily = [
  eventType('consultation.opened', {
    says: 'A consultation on the policy opened.',
    status: 'consulting',
    example: {
      key: 'toll-consultation-opened',
      occurred: '2023-01-16',
      summary: 'The ministry asked hauliers and residents about a toll.',
      effective: { to: '2023-03-10' },
    },
  }),
  eventType('consultation.closed', {
    says: 'The consultation closed.',
    example: {
      key: 'toll-consultation-closed',
      occurred: '2023-03-10',
      summary: 'The consultation on the toll closed with 412 responses.',
      figures: [{ measure: 'consultation-responses', value: 412, comparator: 'exact', unit: 'responses' }],
    },
  }),
  eventType('consultation.responded', {
    says: 'The responsible authority published its response to the consultation.',
    example: {
      key: 'toll-consultation-answered',
      occurred: '2023-06-20',
      summary: 'The ministry answered the consultation and kept the toll.',
      links: [{ rel: 'responds-to', to: 'toll-consultation-opened' }],
    },
  }),
];

export const termsFamily = [
  eventType('terms.described', {
    says: 'A source described terms of the policy that were not known before. The terms themselves did not change.',
    example: {
      key: 'toll-hours-described',
      occurred: '2023-10-02',
      summary: 'A leaflet says that the toll applies on weekdays and that buses are exempt.',
      terms: [
        { key: 'days', value: 'weekdays' },
        { key: 'buses-exempt', value: true },
      ],
    },
  }),
  eventType('terms.changed', {
    says: 'The terms of the policy changed. Use record.corrected if only our record was wrong.',
    example: {
      key: 'toll-price-raised',
      occurred: '2024-11-12',
      effective: { from: '2025-01-01' },
      summary: 'The toll rises to 9 pounds on 1 January.',
      terms: [{ key: 'price', value: 9, unit: 'GBP' }],
    },
  }),
];

export const disclosureFamily = [
  eventType('disclosure.reported', {
    says: 'The press revealed something about the policy that had not been public.',
    example: {
      key: 'toll-exemption-disclosed',
      occurred: '[..2024-02-11]',
      publishedAt: '2024-02-11',
      summary: 'Letters show that the port fleet was promised an exemption.',
      epistemic: 'reported',
      via: [{ publisher: 'Coast Radio', form: 'interview', date: '2024-02-10' }],
      note: 'The letters are not dated.',
    },
  }),
];

export const absenceFamily = [
  eventType('absence.reported', {
    says: 'A source reported that something expected had not happened or had not been said.',
    example: {
      key: 'toll-no-timetable',
      occurred: '2024-03-01',
      summary: 'The ministry still had not published a timetable for the toll.',
      epistemic: 'reported',
    },
  }),
];
