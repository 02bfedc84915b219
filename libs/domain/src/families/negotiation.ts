import type { Assertion, EventBody } from '../schema/event.js';
import { eventType, fact, stageWithCounterparties } from '../schema/event-type.js';
import { actorName } from '../values/names.js';

/** Talks, and the agreements they lead to. */
export const negotiationFamily = [
  eventType('negotiation.opened', {
    says: 'Negotiations opened.',
    status: 'under-negotiation',
    asserts: stageWithCounterparties('open'),
    example: {
      key: 'norland-talks-opened',
      occurred: '2023-09-25',
      summary: 'The ministry and Norland opened talks about a common toll.',
      counterparties: [{ name: 'Norland', kind: 'country' }],
    },
  }),
  eventType('negotiation.step-taken', {
    says: 'The negotiations took a step, such as a round of talks or a draft.',
    fields: { stage: 'optional' },
    asserts: (body) => (body.stage === undefined ? [] : stageWithCounterparties(body.stage)(body)),
    example: {
      key: 'norland-draft-exchanged',
      occurred: '2023-11-10/2023-11-12',
      publishedAt: '2023-11-13',
      summary: 'The parties exchanged a first draft.',
      stage: 'draft exchanged',
      counterparties: [{ name: 'Norland', kind: 'country' }],
    },
  }),
  eventType('negotiation.stalled', {
    says: 'The negotiations stopped making progress.',
    status: 'stalled',
    asserts: stageWithCounterparties('stalled'),
    example: {
      key: 'norland-talks-stalled',
      occurred: '2023-12',
      publishedAt: '2024-01-08',
      summary: 'The talks stalled in December over who collects the toll.',
      counterparties: [{ name: 'Norland', kind: 'country' }],
    },
  }),
  eventType('negotiation.resumed', {
    says: 'Stalled negotiations resumed.',
    status: 'under-negotiation',
    asserts: stageWithCounterparties('open'),
    example: {
      key: 'norland-talks-resumed',
      occurred: '2024-01-17',
      summary: 'The talks resumed.',
      counterparties: [{ name: 'Norland', kind: 'country' }],
      links: [{ rel: 'follows', to: 'norland-talks-stalled' }],
    },
  }),
  eventType('negotiation.collapsed', {
    says: 'The negotiations ended without an agreement.',
    status: 'no-agreement',
    asserts: stageWithCounterparties('collapsed'),
    example: {
      key: 'sudland-talks-collapsed',
      occurred: '2024-02-19',
      summary: 'The talks with Sudland ended without an agreement.',
      counterparties: [{ name: 'Sudland', kind: 'country' }],
      status: null,
    },
  }),
];

export const agreementFamily = [
  eventType('agreement.reached', {
    says: 'The parties reached an agreement in principle.',
    status: 'agreed',
    asserts: stageWithCounterparties('agreed-in-principle'),
    example: {
      key: 'norland-agreed',
      occurred: '2024-01-31',
      summary: 'The ministry and Norland agreed that a lorry pays once.',
      counterparties: [{ name: 'Norland', kind: 'country' }],
    },
  }),
  eventType('agreement.signed', {
    says: 'The parties signed the agreement.',
    status: 'agreed',
    asserts: stageWithCounterparties('signed'),
    example: {
      key: 'norland-signed',
      occurred: '2024-02-14',
      summary: 'The ministers signed the agreement with Norland.',
      counterparties: [{ name: 'Norland', kind: 'country' }],
    },
  }),
  eventType('agreement.ratified', {
    says: 'The agreement was ratified.',
    status: 'agreed',
    asserts: stageWithCounterparties('ratified'),
    example: {
      key: 'norland-ratified',
      occurred: '[2024-03-11..2024-03-22]',
      publishedAt: '2024-03-23',
      summary: 'The parliament of Norland ratified the agreement.',
      counterparties: [{ name: 'Norland', kind: 'country' }],
    },
  }),
  eventType('agreement.entered-into-force', {
    says: 'The agreement entered into force.',
    status: 'in-operation',
    asserts: stageWithCounterparties('in-force'),
    example: {
      key: 'norland-in-force',
      occurred: '2024-04-08',
      summary: 'The agreement with Norland entered into force.',
      counterparties: [{ name: 'Norland', kind: 'country' }],
    },
  }),
  eventType('agreement.terminated', {
    says: 'A party terminated the agreement.',
    status: 'ended',
    asserts: stageWithCounterparties('terminated'),
    example: {
      key: 'norland-terminated',
      occurred: '2025-06-16',
      summary: 'The new government terminated the agreement with Norland.',
      counterparties: [{ name: 'Norland', kind: 'country' }],
    },
  }),
];

const host = { fields: { host: 'optional' } } as const;

export const hostFamily = [
  eventType('host.agreed', {
    says: 'A country agreed to host a site or service of the policy.',
    ...host,
    asserts: (body) => hostFact(body, 'agreed'),
    example: {
      key: 'norland-hosts-office',
      occurred: '2024-02-14',
      summary: 'Norland agreed to host the joint toll office.',
      actors: [{ name: 'Norland', kind: 'country' }],
    },
  }),
  eventType('host.declined', {
    says: 'A country declined to host a site or service of the policy.',
    ...host,
    asserts: (body) => hostFact(body, 'declined'),
    example: {
      key: 'sudland-declines-office',
      occurred: '2024-02-02',
      summary: 'Sudland declined to host the joint toll office.',
      host: 'Sudland',
    },
  }),
];

function hostFact({ host: named, actors = [] }: EventBody, answer: string): readonly Assertion[] {
  const country = actors.find(({ kind }) => kind === 'country');
  const host = named ?? (country && actorName(country));
  return host === undefined ? [] : [fact(`hosts.${host}`, answer)];
}
