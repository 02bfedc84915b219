import { eventType } from '../schema/event-type.js';

/** The life of a policy itself. */
export const policyFamily = [
  eventType('policy.proposed', {
    says: 'Someone put the policy forward. The responsible authority had not decided on it.',
    status: 'proposed',
    example: {
      key: 'toll-proposed',
      occurred: '2022-11',
      publishedAt: '2022-12-01',
      summary: 'The port board proposed a toll for lorries at the old harbour.',
      actors: [{ name: 'Port Board', kind: 'organisation' }],
      epistemic: 'reported',
    },
  }),
  eventType('policy.announced', {
    says: 'The responsible authority announced the policy.',
    status: 'announced',
    example: {
      key: 'toll-announced',
      occurred: '2023-09-04',
      summary: 'The transport minister announced a toll of 7 pounds from April 2024.',
      actors: [{ name: 'Ana Ruiz', kind: 'person', role: 'transport minister', onBehalfOf: 'Transport Ministry' }],
      terms: [{ key: 'price', value: 7, unit: 'GBP' }],
      plannedFor: '2024-04',
    },
  }),
  eventType('policy.commenced', {
    says: 'The policy took effect.',
    status: 'in-operation',
    example: {
      key: 'toll-commenced',
      occurred: '2024-04-08',
      summary: 'The toll came into operation.',
      links: [{ rel: 'fulfils', to: 'toll-announced' }],
    },
  }),
  eventType('policy.paused', {
    says: 'The policy was suspended temporarily. Use policy.ended or policy.reversed if it was not meant to resume.',
    status: 'paused',
    example: {
      key: 'toll-paused',
      occurred: '2024-08-01',
      effective: { from: '2024-08-05', to: '2024-08-18' },
      summary: 'The toll is suspended for two weeks of repairs at the gate.',
    },
  }),
  eventType('policy.resumed', {
    says: 'A suspended policy went back into operation.',
    status: 'in-operation',
    example: {
      key: 'toll-resumed',
      occurred: '2024-08-19',
      summary: 'The toll was charged again after the repairs.',
      links: [{ rel: 'follows', to: 'toll-paused' }],
    },
  }),
  eventType('policy.reversed', {
    says: 'The responsible authority abandoned the policy. Use policy.ended if it ran its planned course.',
    status: 'scrapped',
    fields: { undoes: 'optional' },
    example: {
      key: 'toll-scrapped',
      occurred: '2025-06-02',
      summary: 'The new government gave up the toll.',
      undoes: 'toll-announced',
    },
  }),
  eventType('policy.ended', {
    says: 'The policy expired or reached its planned end.',
    status: 'ended',
    example: {
      key: 'toll-ended',
      occurred: '2025-03-31',
      summary: 'The first year of the toll ended as planned.',
    },
  }),
  eventType('policy.superseded', {
    says: 'Another policy replaced this one.',
    status: 'superseded',
    fields: { by: 'optional' },
    example: {
      key: 'toll-superseded',
      occurred: '2025-10-01',
      summary: 'The port pass replaced the toll.',
      by: 'port-pass',
      alsoPolicies: ['port-pass'],
    },
  }),
  eventType('policy.revived', {
    says: 'The responsible authority announced the policy again after it had been abandoned or had ended.',
    status: 'announced',
    example: {
      key: 'toll-revived',
      occurred: '2025-09-15',
      summary: 'The ministry announced that the toll will return.',
      links: [{ rel: 'follows', to: 'toll-scrapped' }],
    },
  }),
  eventType('policy.redescribed', {
    says: 'The title, kind, jurisdiction, aliases or addresses elsewhere in the registration of the policy were replaced.',
    fields: {
      title: 'optional',
      kind: 'optional',
      jurisdiction: 'optional',
      aliases: 'optional',
      sameAs: 'optional',
    },
    example: {
      key: 'toll-renamed',
      occurred: '2024-01-15',
      summary: 'The scheme is now called the harbour lorry toll.',
      title: 'Harbour lorry toll',
      kind: 'scheme',
      jurisdiction: 'GB',
      aliases: ['lorry-toll'],
      sameAs: ['https://www.wikidata.org/wiki/Q98765432'],
    },
  }),
];
