import { recordType, wholeSource } from '../event-type.js';
import { changes } from '../changes.js';
import { ownTexts, withdrawnSourceText } from '../field-texts.js';
import { longText, name, slug, sourceName } from '../fields.js';

const target = slug.meta(ownTexts.target);
const reason = longText.meta(ownTexts.reason);

/** What is said of other records. These assert nothing of the policy. */
export const recordFamily = [
  recordType('record.corrected', {
    says: 'Our record of an event was wrong: some of its fields are replaced.',
    fields: { target, changes, reason },
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
    says: 'Our record of an event should not exist: it counts as never made.',
    fields: { target, reason },
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
    says: 'A further source of an event was found, perhaps one published earlier.',
    fields: { target, source: wholeSource.meta(ownTexts.source) },
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
    says: 'A publisher withdrew a source of an event. The event stays and is marked.',
    fields: { target, source: sourceName.meta(withdrawnSourceText), reason },
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

const parked = { target, projection: name.meta(ownTexts.projection), reason };
const parkedExample = {
  occurred: '2024-04-08',
  target: 'toll-commenced',
  projection: 'timeline',
  reason: 'column "summary" does not exist',
};

/** Operators' acts. The service records them itself; the ordinary route refuses them. */
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
];
