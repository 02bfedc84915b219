import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isApproximate, precisionOf } from '#domain';
import { type OpenReadSide, startReadSide } from '../../../../../test/support/databases/read-side.js';
import type { ResolvedCoordinate } from '../../rows/answers.js';
import type { EventAnswer } from './event-answer.js';
import type { EventFilter } from './event-filter.js';
import { TooManyEventsError, eventIndexAt } from './event-index.js';
import { type EventOrder, eventsAt } from './events.js';
import type { EventIndexAnswer } from './index-columns.js';

let side: OpenReadSide;
let now: ResolvedCoordinate;

beforeAll(async () => {
  side = await startReadSide();
  await side.register({ slug: 'treaty', title: 'The treaty' });
  await side.register({ slug: 'appeal', title: 'The appeal' });
  const country = { name: 'France', kind: 'country', role: 'partner' };
  now = await side.record([
    { key: 'announced', type: 'policy.announced', policy: 'treaty', terms: [{ key: 'price', value: 7, unit: 'GBP' }] },
    {
      key: 'opened',
      type: 'negotiation.opened',
      policy: 'treaty',
      occurred: '[2024-01..2024-03]',
      publishedAt: '2024-02-01T12:00:00Z',
      actors: [{ name: 'Home Office', kind: 'organisation' }],
      counterparties: [country],
      status: 'under-negotiation',
    },
    { key: 'silent', type: 'policy.announced', policy: 'appeal', status: null, occurred: '2024-02~' },
    {
      key: 'said',
      type: 'position.stated',
      policy: 'appeal',
      stance: 'oppose',
      actors: [country],
      occurred: '[..2023-12-31]',
      modality: 'conditional',
      epistemic: 'claimed',
      links: [{ rel: 'contradicts', to: 'opened' }],
    },
    { key: 'wrong', type: 'policy.announced', policy: 'treaty', occurred: '2023/2024' },
    {
      key: 'corrected',
      type: 'record.corrected',
      policy: 'treaty',
      target: 'announced',
      reason: 'A slip.',
      changes: { occurred: '2023-12' },
    },
    { key: 'withdrawn', type: 'record.retracted', policy: 'treaty', target: 'wrong', reason: 'It was not so.' },
  ]);
});
afterAll(() => side.stop());

/** An index as one object an event, as far as an event in full says the same. */
const rowsOf = ({ columns, ...lists }: EventIndexAnswer) =>
  columns.key.map((key, at) => ({
    key,
    policy: lists.policies[columns.policy[at] ?? -1]?.slug,
    type: lists.types[columns.type[at] ?? -1],
    position: columns.position[at],
    knownFrom: columns.knownFrom[at],
    dating: [columns.earliest[at], columns.latest[at], columns.settled[at]],
    precision: lists.precisions[columns.precision[at] ?? -1],
    isApproximate: columns.approximate[at],
    modality: lists.modalities[columns.modality[at] ?? -1],
    epistemic: lists.epistemics[columns.epistemic[at] ?? -1],
    isCorrected: columns.corrected[at],
    isRetracted: columns.retracted[at],
    actors: columns.actors[at]?.map((place) => lists.actors[place]),
    counterparties: columns.counterparties[at]?.map((place) => lists.actors[place]),
  }));

const expected = (event: EventAnswer) => ({
  key: event.key,
  policy: event.policy,
  type: event.type,
  position: event.position,
  knownFrom: Date.parse(event.knownFrom),
  dating: [event.dating.earliest, event.dating.latest, event.dating.settled].map((bound) =>
    bound === null ? null : Date.parse(bound),
  ),
  precision: precisionOf(event.occurred),
  isApproximate: isApproximate(event.occurred),
  modality: event.modality ?? 'actual',
  epistemic: event.epistemic,
  isCorrected: event.recordedAs !== undefined,
  isRetracted: event.retracted ?? false,
  actors: (event.actors ?? []).map(({ name }) => name),
  counterparties: (event.counterparties ?? []).map(({ name }) => name),
});

describe('an index of events', () => {
  const filters: readonly EventFilter[] = [
    {},
    { records: true, retracted: true },
    { policy: 'treaty' },
    { actor: 'France' },
    { q: 'nothing that occurs' },
  ];
  const orders: readonly EventOrder[] = ['occurred', 'published', 'recorded'];

  it.each(filters.flatMap((filter) => orders.map((order) => ({ filter, order }))))(
    'has the events that the pages have, in their order: $filter, $order',
    async ({ filter, order }) => {
      const pages = await eventsAt(side.pool, now, { filter, order, scope: 'primary', page: { limit: 100 } });
      for (const atOnce of [2, 100]) {
        const index = await eventIndexAt(side.pool, now, { filter, order, atOnce });
        expect(rowsOf(index)).toEqual(pages.items.map(expected));
        expect(index.count).toBe(pages.items.length);
        expect(Object.values(index.columns).map(({ length }) => length)).toEqual(
          Object.keys(index.columns).map(() => index.count),
        );
      }
    },
  );

  it('says which groups of fields each event asserts, and what policies are called', async () => {
    const { columns, fields, policies } = await eventIndexAt(side.pool, now, { filter: {}, order: 'recorded' });
    expect(columns.key.map((key, at) => [key, columns.fields[at]?.map((place) => fields[place])])).toEqual([
      ['announced', ['status', 'terms']],
      ['opened', ['status', 'negotiations']],
      ['silent', []],
      ['said', ['positions']],
    ]);
    expect(columns.key.filter((_, at) => columns.conflicting[at])).toEqual(['opened', 'said']);
    expect(policies).toEqual([
      { slug: 'treaty', title: 'The treaty' },
      { slug: 'appeal', title: 'The appeal' },
    ]);
  });

  it('is refused where more events match than it may have', async () => {
    const listing = { filter: {}, order: 'occurred' } as const;
    await expect(eventIndexAt(side.pool, now, { ...listing, most: 3 })).rejects.toBeInstanceOf(TooManyEventsError);
    expect((await eventIndexAt(side.pool, now, { ...listing, most: 4 })).count).toBe(4);
  });
});
