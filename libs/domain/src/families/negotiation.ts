import { type Assertion, type EventBody, actorName } from '../event.js';
import { eventType, fact, stageWithCounterparties } from '../event-type.js';
import { name } from '../fields.js';

/** Talks, and the agreements they lead to. */
export const negotiationFamily = [
  eventType('negotiation.opened', {
    says: 'Talks opened.',
    status: 'under-negotiation',
    asserts: stageWithCounterparties('open'),
  }),
  eventType('negotiation.step-taken', {
    says: 'Talks took a step.',
    fields: { stage: name.optional() },
    asserts: (body) => (body.stage === undefined ? [] : stageWithCounterparties(body.stage)(body)),
  }),
  eventType('negotiation.stalled', {
    says: 'Talks came to a halt.',
    status: 'stalled',
    asserts: stageWithCounterparties('stalled'),
  }),
  eventType('negotiation.resumed', {
    says: 'Talks went on.',
    status: 'under-negotiation',
    asserts: stageWithCounterparties('open'),
  }),
  eventType('negotiation.collapsed', {
    says: 'Talks failed.',
    status: 'no-agreement',
    asserts: stageWithCounterparties('collapsed'),
  }),
];

export const agreementFamily = [
  eventType('agreement.reached', {
    says: 'The parties agreed.',
    status: 'agreed',
    asserts: stageWithCounterparties('agreed-in-principle'),
  }),
  eventType('agreement.signed', {
    says: 'The agreement was signed.',
    status: 'agreed',
    asserts: stageWithCounterparties('signed'),
  }),
  eventType('agreement.ratified', {
    says: 'The agreement was ratified.',
    status: 'agreed',
    asserts: stageWithCounterparties('ratified'),
  }),
  eventType('agreement.entered-into-force', {
    says: 'The agreement took effect.',
    status: 'in-operation',
    asserts: stageWithCounterparties('in-force'),
  }),
  eventType('agreement.terminated', {
    says: 'The agreement was ended.',
    status: 'ended',
    asserts: stageWithCounterparties('terminated'),
  }),
];

const host = {
  fields: { host: name.optional().describe('The country; by default the first country among the actors') },
};

export const hostFamily = [
  eventType('host.agreed', {
    says: 'A country agreed to host what the policy needs.',
    ...host,
    asserts: (body) => hostFact(body, 'agreed'),
  }),
  eventType('host.declined', {
    says: 'A country declined to host it.',
    ...host,
    asserts: (body) => hostFact(body, 'declined'),
  }),
];

function hostFact({ host: named, actors = [] }: EventBody, answer: string): readonly Assertion[] {
  const country = actors.find(({ kind }) => kind === 'country');
  const host = named ?? (country && actorName(country));
  return host === undefined ? [] : [fact(`hosts.${host}`, answer)];
}
