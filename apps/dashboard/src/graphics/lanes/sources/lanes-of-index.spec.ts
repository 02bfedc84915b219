import { describe, expect, it } from '@jest/globals';
import type { EventIndex } from '../../../http/events/event-index.js';
import { eventsOfIndex, lanesInPolicy, lanesOfPolicies } from './lanes-of-index.js';

const index: EventIndex = {
  policies: [
    { slug: 'toll', title: 'Harbour toll' },
    { slug: 'ferry', title: 'Ferry' },
  ],
  types: ['policy.announced', 'policy.reversed'],
  actors: ['Port Board', 'Norland'],
  modalities: ['actual', 'planned'],
  epistemics: ['confirmed', 'claimed'],
  fields: ['status', 'terms'],
  columns: {
    key: ['a', 'b', 'c', 'undated'],
    policy: [0, 1, 0, 0],
    type: [0, 1, 0, 0],
    publishedAt: [1, 2, 3, 4],
    knownFrom: [1, 20, 3, 4],
    earliest: [10, null, 30, null],
    latest: [11, 21, null, null],
    settled: [10, null, 30, null],
    approximate: [false, true, false, false],
    modality: [0, 1, 0, 0],
    epistemic: [0, 1, null, 0],
    corrected: [true, false, false, false],
    retracted: [false, false, true, false],
    conflicting: [false, true, false, false],
    actors: [[0], [0, 1], [], []],
    counterparties: [[1], [], [], []],
    fields: [[0, 1], [], [], []],
  },
};

const events = eventsOfIndex(index, { summaries: new Map([['a', 'A toll.']]), anomalies: new Set(['c']) });

describe('the events of an index', () => {
  it('have their bounds and looks; what has no date at all has no place', () => {
    expect(events).toMatchObject([
      { key: 'a', name: 'A toll.', earliest: 10, latest: 11, settled: 10, isCorrected: true, isReversal: false },
      {
        ...{ key: 'b', name: 'Policy reversed: Port Board, Norland', earliest: -Infinity, latest: 21 },
        ...{ settled: Infinity, modality: 'planned', epistemic: 'claimed' },
        ...{ isReversal: true, isConflicting: true, isApproximate: true },
      },
      {
        key: 'c',
        name: 'Policy announced',
        latest: Infinity,
        epistemic: 'confirmed',
        isRetracted: true,
        isAnomalous: true,
      },
    ]);
  });
});

const contents = (lanes: ReturnType<typeof lanesInPolicy>) =>
  lanes.map(({ label, events: own }) => [label, own.map(({ key }) => key).join()]);

describe('lanes', () => {
  it('are one for each policy, that with the newest event first', () => {
    const lanes = lanesOfPolicies(events, (slug) => (slug === 'ferry' ? [segment] : []));
    expect(contents(lanes)).toEqual([
      ['Ferry', 'b'],
      ['Harbour toll', 'a,c'],
    ]);
    expect(lanes.map(({ segments }) => segments.length)).toEqual([1, 0]);
  });

  it('within a policy are status, terms, counterparties and actors; nothing is left out', () => {
    expect(contents(lanesInPolicy(events, [segment]))).toEqual([
      ['Status', ''],
      ['Changes of status', 'a'],
      ['Terms', 'a'],
      ['With Norland', 'a'],
      ['Port Board', 'a,b'],
      ['Norland', 'b'],
      ['Other events', 'c'],
    ]);
  });
});

const segment = {
  words: 'in operation',
  look: { tone: 'running', pattern: 'solid', letter: 'R' },
  event: 'a',
  from: 0,
  settled: 0,
  to: Infinity,
  modality: 'actual',
} as const;
