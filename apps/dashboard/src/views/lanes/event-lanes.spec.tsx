import { expect, it } from '@jest/globals';
import { eventOf, listOf, openPage } from '../../pages/page-fixture.js';

interface Made {
  readonly key: string;
  readonly day: string | null;
  readonly more?: {
    readonly type?: string;
    readonly epistemic?: string;
    readonly occurred?: string;
    readonly correctedBy?: readonly string[];
  };
}

const dated = (key: string, day: string, more: Made['more'] = {}): Made => ({ key, day, more });

const indexOf = (events: readonly Made[]): object => ({
  ...listOf([]),
  policies: [{ slug: 'harbour-toll', title: 'Harbour toll' }],
  types: events.map(({ more }) => more?.type ?? 'position.stated'),
  actors: ['Port Board'],
  modalities: ['actual'],
  epistemics: events.map(({ more }) => more?.epistemic ?? 'confirmed'),
  fields: ['terms'],
  columns: {
    key: events.map(({ key }) => key),
    policy: events.map(() => 0),
    type: events.map((_, at) => at),
    publishedAt: events.map(() => 0),
    knownFrom: events.map(({ day }) => Date.parse(day ?? '2024-01-01')),
    earliest: events.map(({ day }) => (day === null ? null : Date.parse(`${day}T00:00:00.000Z`))),
    latest: events.map(({ day }) => (day === null ? null : Date.parse(`${day}T22:00:00.000Z`))),
    settled: events.map(({ day }) => (day === null ? null : Date.parse(`${day}T00:00:00.000Z`))),
    approximate: events.map(({ more }) => more?.occurred?.endsWith('~') ?? false),
    modality: events.map(() => 0),
    epistemic: events.map((_, at) => at),
    corrected: events.map(({ more }) => (more?.correctedBy ?? []).length > 0),
    retracted: events.map(() => false),
    conflicting: events.map(() => false),
    actors: events.map(() => [0]),
    counterparties: events.map(() => []),
    fields: events.map(() => [0]),
  },
});

const open = (...events: readonly Made[]) => openAt('', events, events);

const openAt = (query: string, known: readonly Made[], all: readonly Made[]) =>
  openPage(`/policies/harbour-toll/timeline${query}`, {
    '/v1/policies/harbour-toll/timeline': listOf(known.map(({ key, more = {} }) => eventOf(key, more))),
    [`/v1/events${query === '' ? '?' : `${query}&`}policy=harbour-toll&shape=index`]: indexOf(known),
    '/v1/events?policy=harbour-toll&shape=index': indexOf(all),
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
  const { body } = await open(dated('a', '2024-02-01'), { key: 'undated', day: null });
  expect(body).not.toContain('lanes-window');
});

it('outlines what was published after the day shown, by type and actors, and says so', async () => {
  const [early, late] = [dated('a', '2024-02-01'), dated('b', '2024-12-01')];
  const { body } = await openAt('?knownAt=2024-10-10', [early], [early, late]);
  expect(body).toContain('<title>What a tells., 1 February 2024</title>');
  expect(body).toContain('<title>Position stated: Port Board, 1 December 2024, published later</title>');
});

it('has a lane for the terms and for each actor', async () => {
  const { body } = await open(dated('a', '2024-02-01'), dated('b', '2024-03-01'));
  expect([...body.matchAll(/class="words-text">(Terms|Port Board)</g)].map(([, name]) => name)).toEqual([
    'Terms',
    'Port Board',
  ]);
});
