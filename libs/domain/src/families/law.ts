import { eventType, fact, legalStage } from '../schema/event-type.js';

const instrument = { instrument: 'optional' } as const;

/** Laws and courts. */
export const legislationFamily = [
  eventType('legislation.introduced', {
    says: 'A bill was introduced.',
    status: 'legislating',
    fields: instrument,
    asserts: legalStage('introduced'),
    example: {
      key: 'tolls-bill-introduced',
      occurred: '2023-10-18',
      summary: 'The government introduced the tolls bill.',
      instrument: 'tolls-bill',
      sources: [{ publisher: 'Parliament', title: 'Tolls Bill', publishedAt: '2023-10-18', genre: 'parliamentary' }],
    },
  }),
  eventType('legislation.stage-completed', {
    says: 'A bill completed a stage.',
    status: 'legislating',
    fields: { ...instrument, stage: 'required' },
    asserts: (body) => legalStage(body.stage ?? 'stage-completed')(body),
    example: {
      key: 'tolls-bill-second-reading',
      occurred: '2023-11-29',
      summary: 'The tolls bill passed its second reading by 310 votes to 201.',
      instrument: 'tolls-bill',
      stage: 'second reading',
    },
  }),
  eventType('legislation.enacted', {
    says: 'A bill became law. Use legislation.commenced for the day on which the law comes into force.',
    status: 'enacted',
    fields: instrument,
    asserts: legalStage('enacted'),
    example: {
      key: 'tolls-act-enacted',
      occurred: '2024-02-22',
      summary: 'The tolls bill received royal assent.',
      instrument: 'tolls-bill',
    },
  }),
  eventType('legislation.commenced', {
    says: 'A law came into force.',
    status: 'in-operation',
    fields: instrument,
    asserts: legalStage('commenced'),
    example: {
      key: 'tolls-act-commenced',
      occurred: '2024-04-01',
      summary: 'The tolls act came into force.',
      instrument: 'tolls-bill',
    },
  }),
  eventType('legislation.amended', {
    says: 'A bill or law was amended.',
    fields: instrument,
    asserts: legalStage('amended'),
    example: {
      key: 'tolls-bill-amended',
      occurred: '2023-12-13',
      summary: 'An amendment exempts ambulances.',
      instrument: 'tolls-bill',
      terms: [{ key: 'ambulances-exempt', value: true }],
    },
  }),
  eventType('legislation.defeated', {
    says: 'A bill was voted down.',
    fields: instrument,
    asserts: legalStage('defeated'),
    example: {
      key: 'repeal-bill-defeated',
      occurred: '2024-10-09',
      summary: 'A bill to repeal the toll was voted down.',
      instrument: 'toll-repeal-bill',
    },
  }),
  eventType('legislation.withdrawn', {
    says: 'A bill was withdrawn.',
    fields: instrument,
    asserts: legalStage('withdrawn'),
    example: {
      key: 'port-charges-bill-withdrawn',
      occurred: '2024-10-21',
      summary: 'The sponsors withdrew the port charges bill.',
      instrument: 'port-charges-bill',
    },
  }),
  eventType('legislation.repealed', {
    says: 'A law was repealed.',
    status: 'ended',
    fields: instrument,
    asserts: legalStage('repealed'),
    example: {
      key: 'tolls-act-repealed',
      occurred: '2025-07-17',
      summary: 'Parliament repealed the tolls act.',
      instrument: 'tolls-bill',
    },
  }),
];

const challenge = (standing: string) => () => [fact('legal.challenge', standing)];

export const courtFamily = [
  eventType('court.challenge-brought', {
    says: 'Someone challenged the policy in court.',
    asserts: challenge('brought'),
    example: {
      key: 'toll-challenged',
      occurred: '2024-06-03',
      summary: 'The hauliers’ union challenged the toll in court.',
      actors: [{ name: 'Hauliers’ Union', kind: 'organisation', role: 'claimant' }],
    },
  }),
  eventType('court.challenge-refused', {
    says: 'A court refused a challenge: it declined to hear it, or to halt the policy.',
    asserts: challenge('refused'),
    example: {
      key: 'residents-challenge-refused',
      occurred: '2024-04-30',
      summary: 'The high court refused to hear the residents’ challenge.',
      counterparties: [{ name: 'Quay residents', kind: 'group', role: 'claimants' }],
    },
  }),
  eventType('court.ruled', {
    says: 'A court ruled on the policy.',
    fields: { outcome: 'required' },
    asserts: ({ outcome }) => (outcome ? challenge(outcome)() : []),
    example: {
      key: 'toll-ruled-lawful',
      occurred: '2024-09-27',
      summary: 'The high court ruled that the toll is lawful.',
      outcome: 'lawful',
      links: [{ rel: 'follows', to: 'toll-challenged' }],
      sources: [{ publisher: 'High Court', title: 'Judgment', publishedAt: '2024-09-27', genre: 'court' }],
    },
  }),
  eventType('court.injunction-granted', {
    says: 'A court blocked the policy until it decides the case.',
    status: 'blocked',
    asserts: challenge('injunction-granted'),
    example: {
      key: 'toll-injunction',
      occurred: '2024-06-10',
      summary: 'The high court stopped the toll until it rules.',
    },
  }),
  eventType('court.injunction-lifted', {
    says: 'A court lifted its injunction. Give the status to which the policy returned.',
    asserts: challenge('injunction-lifted'),
    example: {
      key: 'toll-injunction-lifted',
      occurred: '2024-06-24',
      summary: 'The court of appeal lifted the injunction.',
      status: 'in-operation',
      links: [{ rel: 'follows', to: 'toll-injunction' }],
    },
  }),
];
