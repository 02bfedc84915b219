import { expect, it } from '@jest/globals';
import type { PolicyEvent, Source } from '../../http/answers.js';
import { findCitations } from './citations.js';

const gazette: Source = { publisher: 'Gazette', title: 'Toll', publishedAt: '2024-07-16', genre: 'news' };
const board: Source = { publisher: 'Board', title: 'Minutes', publishedAt: '2024-07-17', genre: 'official' };
const row = {
  ...gazette,
  id: 'toll-in-the-gazette',
  policy: 'harbour-toll',
  event: 'one',
  knownFrom: '2024-07-16T00:00:00.000Z',
  position: 2,
  url: null,
  sha256: null,
  events: ['one'],
  eventCount: 1,
  retractedBy: [],
};
const event = (rest: Partial<PolicyEvent>): PolicyEvent => ({
  id: 'one',
  key: 'one',
  type: 'policy.announced',
  policy: 'harbour-toll',
  position: 2,
  revision: 1,
  recordedAt: '2026-11-22T10:00:00.000Z',
  knownFrom: '2024-07-16T00:00:00.000Z',
  occurred: '2024-07-16',
  publishedAt: '2024-07-16',
  summary: 'One.',
  ...rest,
});

const attached = [{ by: 'attached', source: board }];
const withdrawn = [{ by: 'withdrawn', publisher: 'Board', title: 'Minutes' }];

it.each<[string, Partial<PolicyEvent>, boolean]>([
  ['it has no other', { sources: [gazette] }, true],
  ['it has another', { sources: [gazette, board] }, false],
  ['another was attached', { sources: [gazette], attachedSources: attached }, false],
  ['the other was withdrawn', { sources: [gazette, board], withdrawnSources: withdrawn }, true],
])('tells whether an event rests on a source alone: %s', (_, rest, isAlone) =>
  expect(findCitations(row, [event(rest)])).toEqual([{ event: 'one', isAlone }]),
);

it('finds no citation in an event that cites another edition', () =>
  expect(findCitations(row, [event({ sources: [{ ...gazette, publishedAt: '2024-07-18' }] })])).toEqual([]));
