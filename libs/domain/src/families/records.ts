import { recordType } from '../schema/event-type.js';
import { ROLLBACK_ACCEPTED, SERVICE } from '../schema/words.js';

/** Events about other records. They assert nothing about the policy. */
export const recordFamily = [
  recordType('record.corrected', {
    says: 'Our record of an event was wrong: some of its fields are replaced with the right values.',
    fields: { target: 'event', changes: 'required', reason: 'required' },
    example: {
      key: 'toll-price-corrected',
      occurred: '2023-10-01',
      summary: 'The announced price was 8 pounds, not 7.',
      target: 'toll-announced',
      changes: { terms: [{ key: 'price', value: 8, unit: 'GBP' }] },
      reason: 'The price was mistyped.',
    },
  }),
  recordType('record.retracted', {
    says: 'Our record of an event should not exist: the event is treated as if it had never been recorded.',
    fields: { target: 'event-or-registration', reason: 'required' },
    example: {
      key: 'toll-ended-retracted',
      occurred: '2025-04-02',
      summary: 'The toll did not end in March.',
      target: 'toll-ended',
      reason: 'The notice was about another harbour.',
    },
  }),
];

export const sourceFamily = [
  recordType('source.attached', {
    says: 'Another source for an event was found, possibly one published earlier.',
    fields: { target: 'event', source: 'whole' },
    example: {
      key: 'earlier-report-of-proposal',
      occurred: '2024-01-10',
      publishedAt: '2022-11-24',
      summary: 'Coast Radio had reported the proposal a week earlier.',
      target: 'toll-proposed',
      source: {
        publisher: 'Coast Radio',
        title: 'Port board wants a toll',
        url: 'https://coast-radio.example/port-board-toll',
        publishedAt: '2022-11-24',
        genre: 'news',
        locator: 'minute 4',
      },
    },
  }),
  recordType('source.retracted', {
    says: 'A publisher withdrew a source of an event. The event stays in force and is marked.',
    fields: { target: 'event', source: 'named', reason: 'required' },
    example: {
      key: 'gazette-withdraws-report',
      occurred: '2024-02-20',
      summary: 'The Harbour Gazette withdrew its report on the exemption.',
      target: 'toll-exemption-disclosed',
      source: { publisher: 'Harbour Gazette', title: 'Report of 2024-02-11' },
      reason: 'The letters were not authentic.',
    },
  }),
];

const parked = { target: 'event', projection: 'required', reason: 'required' } as const;
const parkedExample = {
  occurred: '2024-04-08',
  target: 'toll-commenced',
  projection: 'timeline',
  reason: 'column "summary" does not exist',
};

const signedTree = { policy: 'service', size: 'required', root: 'required', reason: 'required' } as const;

/** Acts of operators. The service records them itself; the ordinary route rejects them. */
export const operationFamily = [
  recordType('operation.event-parked', {
    says: 'A read model could not process an event and parked it.',
    fields: parked,
    example: { ...parkedExample, key: 'commenced-parked', summary: 'The timeline parked toll-commenced.' },
  }),
  recordType('operation.event-retried', {
    says: 'An operator retried a parked event.',
    fields: parked,
    example: { ...parkedExample, key: 'commenced-retried', summary: 'An operator retried toll-commenced.' },
  }),
  recordType('operation.event-discarded', {
    says: 'An operator discarded a parked event.',
    fields: parked,
    example: { ...parkedExample, key: 'commenced-discarded', summary: 'An operator discarded toll-commenced.' },
  }),
  recordType(ROLLBACK_ACCEPTED, {
    says: 'An operator accepted that the log is no longer consistent with a checkpoint signed earlier.',
    fields: signedTree,
    example: {
      key: 'rollback-accepted',
      policy: SERVICE,
      occurred: '2024-05-03',
      size: 120,
      root: 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=',
      reason: 'The disk was lost; the backup of 2 May was restored.',
      summary: 'An operator accepted that the database was restored to an older state.',
    },
  }),
];
