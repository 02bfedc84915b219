import { eventType } from '../schema/event-type.js';

/** Pilots and delivery. */
export const pilotFamily = [
  eventType('pilot.planned', {
    says: 'A pilot was planned.',
    status: 'in-preparation',
    example: {
      key: 'toll-pilot-planned',
      occurred: '2023-10-05',
      summary: 'A pilot at the north gate is planned for November.',
      modality: 'planned',
      plannedFor: '2023-11',
    },
  }),
  eventType('pilot.launched', {
    says: 'A pilot started.',
    status: 'in-pilot',
    example: {
      key: 'toll-pilot-launched',
      occurred: '2023-11-20',
      summary: 'The pilot at the north gate started.',
      links: [{ rel: 'fulfils', to: 'toll-pilot-planned' }],
    },
  }),
  eventType('pilot.extended', {
    says: 'A pilot was extended in time or scope.',
    status: 'in-pilot',
    example: {
      key: 'toll-pilot-extended',
      occurred: '2024-01-22',
      summary: 'The pilot was extended by six weeks.',
    },
  }),
  eventType('pilot.ended', {
    says: 'A pilot ended. Give a status if the end of the pilot changed it.',
    example: {
      key: 'toll-pilot-ended',
      occurred: '2024-03-08',
      summary: 'The pilot ended; the toll goes ahead.',
      status: 'in-preparation',
    },
  }),
];

export const implementationFamily = [
  eventType('implementation.advanced', {
    says: 'Implementation made progress.',
    example: {
      key: 'toll-gates-built',
      occurred: '2024-03-25',
      summary: 'The last of the four gates was built.',
    },
  }),
  eventType('implementation.set-back', {
    says: 'Implementation suffered a setback.',
    status: 'disrupted',
    example: {
      key: 'toll-gates-failed',
      occurred: '2024-05-14',
      summary: 'The payment system failed for a day.',
      effective: { to: '2024-05-14' },
    },
  }),
];
