import { describe, expect, it } from '@jest/globals';
import { coordinate, eventOf, listOf, openPage, rowOf } from '../page-fixture.js';

const promised = (event: string, rest: object): object => ({
  ...rowOf(event),
  policyTitle: 'Harbour toll',
  promise: event,
  kind: 'plan',
  by: ['Port Board'],
  summary: `What ${event} promises.`,
  madeOn: '2024-01-10',
  due: { edtf: '2024-06-30' },
  firstDue: { edtf: '2024-06-30' },
  replaces: null,
  revisions: [],
  state: 'pending',
  because: [],
  doneOn: null,
  slipDays: null,
  ...rest,
});

const promises = listOf([
  promised('quay', { state: 'overdue', slipDays: { min: 102, max: 102 } }),
  promised('crane', {
    kind: 'forecast',
    due: { edtf: '[..2024-09-30]' },
    replaces: 'crane-first',
    firstDue: { edtf: '2024-03' },
    state: 'late',
    because: ['crane-stands'],
    doneOn: '2024-10',
    slipDays: { min: 184, max: null },
  }),
  promised('light', { due: null, revisions: [{ event: 'light-later', due: { edtf: '2025' } }], state: 'replaced' }),
]);

const counts = (states: object) => ({
  promises: 2,
  states: { overdue: 0, due: 0, pending: 0, missed: 0, late: 0, 'met-or-late': 0, met: 0, replaced: 0, ...states },
  medianSlipDays: { min: -3.5, max: 2 },
  forecasts: 0,
  forecastStates: {},
});

const summary = {
  all: counts({ overdue: 1, replaced: 1 }),
  owners: [{ by: 'Port Board', ...counts({ overdue: 1, replaced: 1 }) }],
};

const hypothetical = (answer: object): object => ({ ...answer, hypothetical: true });

describe('the page of promises', () => {
  it('says what became of each, because of what, and what it slipped within honest bounds', async () => {
    const { text } = await openPage('/promises', { '/v1/promises': promises });
    expect(text).toContain('30 June 2024 overdue: nothing is recorded that fulfils it 102 days later, so far');
    expect(text).toContain('What crane promises. forecast, 10 January 2024');
    expect(text).toContain(
      'on or before 30 September 2024 first promised: March 2024 met late , October 2024 because of crane-stands at least 184 days later',
    );
    expect(text).toContain('no date was given moved to 2025 moved to another date');
  });

  it('counts by owner, forecasts apart, and leads to the calendar of the same promises', async () => {
    const { text, body } = await openPage('/promises?policy=harbour-toll&knownAt=2024-10-10', {
      '/v1/promises': promises,
      '/v1/promises/summary?knownAt=2024-10-10&policy=harbour-toll': summary,
    });
    expect(text).toContain('Port Board 1 overdue, 1 replaced from 3.5 days earlier to 2 days later none');
    expect(body).toContain('href="/v1/promises.ics?knownAt=2024-10-10&amp;policy=harbour-toll"');
    expect(body).toContain('/v1/list.csv');
  });
});

describe('the page of turns', () => {
  const turn = {
    ...rowOf('ruiz-against'),
    actor: 'Ana Ruiz',
    onBehalfOf: 'Port Board',
    from: { stance: 'support', event: 'ruiz-for', occurred: '2024-07-01', role: 'member' },
    to: { stance: 'oppose', event: 'ruiz-against', occurred: '2024-07', role: null },
    kind: 'reversal',
    days: { min: 0, max: 30 },
    order: 'uncertain',
    acknowledged: true,
    undoes: null,
  };

  it('says who turned, for whom, in which role, and what is not settled', async () => {
    const { text } = await openPage('/turns', {
      '/v1/turns': listOf([turn, { ...turn, actor: null, onBehalfOf: null, undoes: 'toll-announced' }]),
    });
    expect(text).toContain('Ana Ruiz on behalf of Port Board');
    expect(text).toContain(
      'support 1 July 2024 , as member oppose July 2024 reversal it is not settled which came first',
    );
    expect(text).toContain('0 to 30 days');
    expect(text).toMatch(/The policy, by others than those who had made it so.*undoes toll-announced/);
  });
});

describe('the page of an impact', () => {
  const impact = {
    of: { kind: 'source', id: 'abc' },
    falls: ['toll-announced'],
    rests: [
      { policy: 'harbour-toll', event: 'toll-announced', type: 'policy.announced', summary: 'Announced.', depth: 0 },
      { policy: 'harbour-toll', event: 'toll-paused', type: 'policy.paused', summary: { erased: true }, depth: 1 },
    ],
    alone: [],
    shared: [{ policy: 'harbour-toll', field: 'status', event: 'toll-paused', legs: ['other'] }],
    changed: [{ policy: 'harbour-toll', field: 'terms.price', with: 9, without: null, why: 'left-out' }],
    figures: [],
    conflictsResolved: [['one', 'two']],
    promises: [{ promise: 'quay', with: 'met', without: null }],
    citations: [{ id: '0123', title: 'Harbour toll', address: '/v1/x', why: 'changed' }],
    coordinate,
    permalink: '/v1/impact?source=abc',
    meta: { engine: 'facts', fold: 2, position: 41, lagMs: 0 },
  };
  const source = { id: 'abc', publisher: 'Harbour Gazette', title: 'On tolls', publishedAt: '2024-07-16', url: null };
  const answers = { '/v1/impact': impact, '/v1/sources': listOf([source]) };

  it('says what rests on it, what would read otherwise, and leads to what would be', async () => {
    const { text, body } = await openPage('/impact?source=abc&knownAt=2024-10-10', answers);
    expect(text).toContain(
      'Harbour Gazette: On tolls , 16 July 2024 1 event rests on it alone and would not be there.',
    );
    expect(text).toContain('terms: price harbour-toll 9 none what falls is behind it');
    expect(text).toContain('quay met not there');
    expect(text).toContain('status harbour-toll toll-paused another source');
    expect(text).toContain('one and two');
    expect(text).toContain('Harbour toll : it would read otherwise');
    expect(body).toContain('href="/c/0123"');
    expect(text).toContain('text erased policy paused, 1 link away');
    expect(body).toContain(
      'href="/policies/harbour-toll?knownAt=2024-10-10&amp;without=source%3Aabc"'.replace('%3A', ':'),
    );
  });

  it('asks what is meant where nothing is named, and where it cannot be answered', async () => {
    const asked = await openPage('/impact', {});
    expect([asked.status, asked.text.includes('Name one thing')]).toEqual([200, true]);
    const refused = await openPage('/impact?event=none', {});
    expect([refused.status, refused.text.includes('Name one thing')]).toEqual([404, true]);
  });

  it('stands in short on the page of an event', async () => {
    const event = eventOf('toll-announced', {
      ...{ linkedFrom: [], corrections: [], coordinate, permalink: '/v1/events/x', dating: undefined },
    });
    const { text, body } = await openPage('/events/toll-announced', {
      '/v1/events/toll-announced': { ...event, meta: { lagMs: 0 } },
      '/v1/impact?event=toll-announced&parts=rests': impact,
    });
    expect(text).toContain('What rests on this 1 event, by links from one to the next: text erased');
    expect(body).toContain('href="/impact?event=toll-announced"');
  });
});

describe('what would be without some events', () => {
  const policy = {
    ...{ policy: 'harbour-toll', title: 'Harbour toll', kind: 'scheme', jurisdiction: 'GB', aliases: [] },
    ...{ state: { status: 'paused' }, uncertain: [], eventCount: 1, blame: {}, resume: '1.0' },
    ...{ coordinate, permalink: '/v1/x', meta: { lagMs: 0 } },
  };
  const without = 'without=event:toll-announced,source:abc';
  const answers = {
    [`/v1/policies/harbour-toll?explain=true&${without.replace(',', '%2C')}`]: hypothetical(policy),
    '/v1/promises': hypothetical(promises),
    '/v1/promises/summary': hypothetical(summary),
    '/v1/turns': hypothetical(listOf([])),
    '/v1/claims': listOf([]),
  };

  it.each(['/policies/harbour-toll', '/promises', '/turns'])(
    'is marked, and nothing of it shared: %s',
    async (path) => {
      const { status, text, body } = await openPage(`${path}?${without}`, answers);
      expect(status).toBe(200);
      expect(text).toContain('Hypothetical. As if there had never been toll-announced , nor what rests on one source');
      expect(body).toContain(`href="${path}"`);
      expect(body).not.toMatch(/Share, cite|oembed|promises\.ics/);
      const embedded = await openPage(`/embed${path}?${without}`, answers);
      expect(embedded.text).toContain('Hypothetical.');
    },
  );

  it('has no picture, and is no frame in pages of others', async () => {
    expect(await openPage(`/policies/harbour-toll.svg?${without}`, answers)).toMatchObject({ status: 404 });
    const url = encodeURIComponent(`https://policy.example/promises?${without}`);
    expect(await openPage(`/oembed?url=${url}`, answers)).toMatchObject({ status: 404 });
  });

  it('stays while a list is narrowed down', async () => {
    expect((await openPage(`/promises?${without}`, answers)).body).toContain(
      '<input type="hidden" name="without" value="event:toll-announced,source:abc"/>',
    );
  });

  it('is told where a view cannot leave anything out', async () => {
    const { text } = await openPage(`/claims?${without}`, answers);
    expect(text).toContain('Nothing is left out here: this view shows the whole record.');
  });
});
