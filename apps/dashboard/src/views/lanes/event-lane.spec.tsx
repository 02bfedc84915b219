import { expect, it } from '@jest/globals';
import { eventOf, listOf, openPage } from '../../pages/page-fixture.js';

const dated = (key: string, day: string, more: object = {}): object =>
  eventOf(key, {
    dating: { earliest: `${day}T00:00:00.000Z`, latest: `${day}T22:00:00.000Z`, settled: `${day}T00:00:00.000Z` },
    ...more,
  });

const open = (...events: object[]) =>
  openPage('/policies/harbour-toll/timeline', {
    '/v1/policies/harbour-toll/timeline': listOf(events),
    '/v1/policies': listOf([{ policy: 'harbour-toll', title: 'Harbour toll', state: {} }]),
    '/v1/policies/harbour-toll': { policy: 'harbour-toll', title: 'Harbour toll', state: {} },
  });

it('draws the events of a timeline, with the words of each and of its marks', async () => {
  const reversal = { type: 'policy.reversed', epistemic: 'reported', correctedBy: ['c'], occurred: '2024-06-01~' };
  const { body } = await open(dated('a', '2024-02-01'), dated('b', '2024-06-01', reversal));
  expect(body).toContain('<title>What a tells., 1 February 2024</title>');
  expect(body).toContain('<title>What b tells., about 1 June 2024, reported, reversal, corrected since</title>');
  expect(body).toContain('⤺✎≈');
});

it('draws nothing where there is nothing to compare', async () => {
  const { body } = await open(dated('a', '2024-02-01'), eventOf('undated', {}));
  expect(body).not.toContain('lanes-window');
});
