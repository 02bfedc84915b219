import { recordType, wholeSource } from '../event-type.js';
import { changes } from '../changes.js';
import { longText, name, slug, sourceName } from '../fields.js';

const target = slug.describe('Key of the event that it is about, of the same policy');
const reason = longText.describe('Why; a reader must understand it without asking');

/** What is said of other records. These assert nothing of the policy. */
export const recordFamily = [
  recordType('record.corrected', {
    says: 'We were wrong: fields of an event are replaced.',
    fields: { target, changes, reason },
  }),
  recordType('record.retracted', { says: 'An event counts as never said.', fields: { target, reason } }),
];

export const sourceFamily = [
  recordType('source.attached', {
    says: 'One more source of an event, possibly published earlier.',
    fields: { target, source: wholeSource },
  }),
  recordType('source.retracted', {
    says: 'A publisher withdrew a source of an event.',
    fields: { target, source: sourceName, reason },
  }),
];

const parked = { target, projection: name.describe('The read model that could not take it'), reason };

/** Operators' acts. The service records them itself; the ordinary route refuses them. */
export const operationFamily = [
  recordType('operation.event-parked', { says: 'A read model set an event aside.', fields: parked }),
  recordType('operation.event-retried', { says: 'An event set aside was tried again.', fields: parked }),
  recordType('operation.event-discarded', { says: 'An event set aside was given up.', fields: parked }),
];
