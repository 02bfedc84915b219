import { z } from 'zod';
import { eventType, fact, legalStage } from '../event-type.js';
import { name, slug } from '../fields.js';

const instrument = { instrument: slug.optional().describe('Slug of the bill, act or treaty; by default the policy') };

/** Laws and courts. */
export const legislationFamily = [
  eventType('legislation.introduced', {
    says: 'A bill was brought in.',
    status: 'legislating',
    fields: instrument,
    asserts: legalStage('introduced'),
  }),
  eventType('legislation.stage-completed', {
    says: 'A bill passed a stage.',
    status: 'legislating',
    fields: { ...instrument, stage: name.describe('The stage that was completed') },
    asserts: (body) => legalStage(body.stage ?? 'stage-completed')(body),
  }),
  eventType('legislation.enacted', {
    says: 'A bill became law.',
    status: 'enacted',
    fields: instrument,
    asserts: legalStage('enacted'),
  }),
  eventType('legislation.commenced', {
    says: 'A law took effect.',
    status: 'in-operation',
    fields: instrument,
    asserts: legalStage('commenced'),
  }),
  eventType('legislation.amended', {
    says: 'A bill or law was amended.',
    fields: instrument,
    asserts: legalStage('amended'),
  }),
  eventType('legislation.defeated', {
    says: 'A bill was voted down.',
    fields: instrument,
    asserts: legalStage('defeated'),
  }),
  eventType('legislation.withdrawn', {
    says: 'A bill was withdrawn.',
    fields: instrument,
    asserts: legalStage('withdrawn'),
  }),
  eventType('legislation.repealed', {
    says: 'A law was repealed.',
    status: 'ended',
    fields: instrument,
    asserts: legalStage('repealed'),
  }),
];

const challenge = (standing: string) => () => [fact('legal.challenge', standing)];

export const courtFamily = [
  eventType('court.challenge-brought', { says: 'The policy was challenged in court.', asserts: challenge('brought') }),
  eventType('court.challenge-refused', {
    says: 'A court refused to hear a challenge to the policy.',
    asserts: challenge('refused'),
  }),
  eventType('court.ruled', {
    says: 'A court ruled on the policy.',
    fields: { outcome: z.enum(['lawful', 'unlawful', 'partly']) },
    asserts: ({ outcome }) => (outcome ? challenge(outcome)() : []),
  }),
  eventType('court.injunction-granted', {
    says: 'A court halted the policy.',
    status: 'blocked',
    asserts: challenge('injunction-granted'),
  }),
  eventType('court.injunction-lifted', {
    says: 'A court let the policy go on.',
    asserts: challenge('injunction-lifted'),
  }),
];
