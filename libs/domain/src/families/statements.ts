import { eventType } from '../schema/event-type.js';

/** Statements: positions, objections, answers, claims. */
export const positionFamily = [
  eventType('position.stated', {
    says: 'Someone stated their position on the policy. Record it as a stance.',
    example: {
      key: 'union-opposes-toll',
      occurred: '2023-09-05',
      summary: 'The hauliers’ union opposes the toll.',
      actors: [{ name: 'Hauliers’ Union', kind: 'organisation' }],
      stance: 'oppose',
      links: [{ rel: 'responds-to', to: 'toll-announced' }],
    },
  }),
];

export const objectionFamily = [
  eventType('objection.raised', {
    says: 'Someone raised an objection to a part of the policy.',
    example: {
      key: 'norland-objects',
      occurred: '2023-09-12',
      summary: 'Norland objects that its lorries would pay twice.',
      actors: [{ name: 'Norland', kind: 'country' }],
      stance: 'conditional',
    },
  }),
  eventType('objection.withdrawn', {
    says: 'Someone withdrew an objection.',
    example: {
      key: 'norland-withdraws-objection',
      occurred: '2024-02-05',
      summary: 'Norland withdrew its objection.',
      actors: [{ name: 'Norland', kind: 'country' }],
      stance: 'support',
      links: [{ rel: 'supersedes', to: 'norland-objects' }],
    },
  }),
];

export const answerFamily = [
  // Silence is not a new position, whatever stance the recorder gave.
  eventType('answer.withheld', {
    says: 'Someone was asked and did not answer. It changes no position.',
    statesPositions: false,
    example: {
      key: 'minister-does-not-answer',
      occurred: '2024-02-12',
      summary: 'The minister would not say who had promised the exemption.',
      actors: [{ name: 'Ana Ruiz', kind: 'person' }],
      links: [{ rel: 'responds-to', to: 'toll-exemption-disclosed' }],
    },
  }),
];

export const claimFamily = [
  eventType('claim.made', {
    says: 'Someone made a claim that others may support or dispute.',
    example: {
      key: 'board-claims-less-traffic',
      occurred: '2024-07-01',
      summary: 'The port board says that the toll has cut lorry traffic by a third.',
      actors: [{ name: 'Port Board', kind: 'organisation' }],
      epistemic: 'claimed',
    },
  }),
  eventType('claim.corroborated', {
    says: 'Evidence or another source supported a claim.',
    example: {
      key: 'counts-support-board',
      occurred: '2024-07-15',
      summary: 'Counts at the ring road support the port board’s claim.',
      links: [{ rel: 'corroborates', to: 'board-claims-less-traffic' }],
    },
  }),
  eventType('claim.disputed', {
    says: 'Someone disputed a claim: they doubted it or gave a different account.',
    example: {
      key: 'union-disputes-claim',
      occurred: '2024-07-18',
      summary: 'The hauliers’ union says that traffic moved elsewhere.',
      attributedTo: [{ name: 'Hauliers’ Union', kind: 'organisation' }],
      epistemic: 'disputed',
      links: [{ rel: 'disputes', to: 'board-claims-less-traffic' }],
    },
  }),
  eventType('claim.denied', {
    says: 'A person or body that a claim concerns denied it.',
    example: {
      key: 'ministry-denies-promise',
      occurred: '2024-02-13',
      summary: 'The ministry denied that it had promised an exemption.',
      actors: [{ name: 'Transport Ministry', kind: 'organisation' }],
      epistemic: 'denied',
      links: [{ rel: 'denies', to: 'toll-exemption-disclosed' }],
    },
  }),
  eventType('claim.withdrawn', {
    says: 'Someone withdrew their own claim.',
    example: {
      key: 'board-withdraws-claim',
      occurred: '2024-09-02',
      summary: 'The port board withdrew its claim about lorry traffic.',
      actors: [{ name: 'Port Board', kind: 'organisation' }],
      links: [{ rel: 'supersedes', to: 'board-claims-less-traffic' }],
    },
  }),
];
