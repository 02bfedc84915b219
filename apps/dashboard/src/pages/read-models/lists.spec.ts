import { describe, expect, it } from '@jest/globals';
import { eventOf, listOf, openPage, rowOf } from '../page-fixture.js';

const AT = 'recordedAt=@41&knownAt=2024-10-10T22:59:59.999Z&validAt=2024-10-10T22:59:59.999Z';

describe('the page of negotiations', () => {
  const talks = (counterparty: string, stage: string) => ({
    ...rowOf(`${counterparty}-talks`),
    counterparty,
    stage,
    since: '2024-10-07T23:00:00.000Z',
  });
  const box = (value: string, to: string | null, known: object) => ({
    field: 'negotiations.Norland.stage',
    value,
    event: `norland-${value}`,
    recorded: { from: 3, to: null },
    known,
    valid: { from: null, to },
  });
  const answers = {
    '/v1/negotiations': listOf([
      talks('Sudland', 'terminated'),
      talks('Norland', 'signed'),
      talks('Westland', 'sought'),
      talks('Eastland', 'second round'),
    ]),
    [`/v1/policies/harbour-toll/history?${AT}&field=negotiations.Norland.stage`]: listOf([
      box('open', '2024-10-07T23:00:00.000Z', { from: null, to: '2024-10-09T00:00:00.000Z' }),
      box('stalled', '2024-10-07T23:00:00.000Z', { from: '2024-10-09T00:00:00.000Z', to: null }),
    ]),
    [`/v1/events?${AT}&type=objection.raised&limit=1000`]: listOf([
      eventOf('norland-objects', { actors: [{ name: 'Norland', kind: 'country' }] }),
      eventOf('other-policy', { policy: 'bridge', actors: [{ name: 'Norland', kind: 'country' }] }),
    ]),
  };

  it('has the stages in their course, other stages after them, and folds away what is over', async () => {
    const { text, body } = await openPage('/negotiations', answers);
    expect(text).toMatch(/sought harbour-toll with Westland .*signed harbour-toll with Norland .*second round /);
    expect(body).toMatch(/<summary>terminated: 1 negotiation<\/summary>/);
  });

  it('says how old the stage is, what was before as it is seen from the coordinate, and who objects', async () => {
    const { text } = await openPage('/negotiations', answers);
    expect(text).toContain('signed, 2 days, since 8 October 2024.');
    expect(text).toContain('Before: stalled');
    expect(text).toContain('1 objection Norland, 16 July 2024: What norland-objects tells.');
    expect(text).not.toContain('other-policy');
  });
});

describe('the page of figures', () => {
  const figure = (event: string, value: number | null, rest: object = {}) => ({
    ...rowOf(event),
    measure: 'ships-a-day',
    value,
    comparator: 'exact',
    unit: 'ships',
    period: '2023',
    comparedTo: null,
    purpose: null,
    claimedBy: ['Port Board'],
    epistemic: 'reported',
    conflicts: { count: 0, events: [] },
    supersededBy: null,
    ...rest,
  });

  it('has a row for each claim, with the comparator and the period in words, and no mean', async () => {
    const { text } = await openPage('/figures', {
      '/v1/figures?limit=1000': listOf([
        figure('one', 9, { comparator: 'at-least' }),
        figure('two', 12, { period: 'P3Y', comparedTo: 'preceding P3Y', purpose: 'dredging' }),
        figure('none', null, { comparator: 'vague', period: null }),
        figure('tons', 4, { unit: 'tons' }),
      ]),
    });
    expect(text).toContain('ships a day, in ships 3 claims');
    expect(text).toContain('ships a day, in tons 1 claim');
    expect(text).toContain('at least 9 ships 2023 Port Board, reported');
    expect(text).toContain('12 ships 3 years, compared with the 3 years before Port Board, reported dredging');
    expect(text).toContain('no number given, in ships not stated');
    expect(text).not.toContain('10.5');
  });

  it('says in words which claims cannot both be true, and which was superseded by what', async () => {
    const { text, body } = await openPage('/figures?knownAt=2024-10-10', {
      '/v1/figures': listOf([
        figure('one', 9, { conflicts: { count: 3, events: ['two', 'elsewhere'] } }),
        figure('two', 12),
        figure('old', 7, { supersededBy: 'two' }),
      ]),
    });
    expect(text).toContain('Cannot be true with 12 ships, Port Board elsewhere and 1 other');
    expect(text).toContain('Superseded by 12 ships, Port Board');
    expect(body).toContain('href="/events/elsewhere?knownAt=2024-10-10"');
  });
});

describe('a list in which nothing fits', () => {
  it('says which filter to drop, with what there is without it, and which names are like the one given', async () => {
    const { text, body } = await openPage('/actors?policy=harbour-toll&actor=Port+Bord', {
      '/v1/actors?policy=harbour-toll&actor=Port+Bord': { ...listOf([]), near: ['Port Board'] },
      '/v1/actors?policy=harbour-toll': listOf([rowOf('one'), rowOf('two')], 'more'),
      '/v1/actors?actor=Port+Bord': listOf([]),
    });
    expect(text).toContain('No actor fits that was known at this point.');
    expect(text).toContain('Without actor “Port Bord” : more than 2 actors');
    expect(text).not.toContain('Without policy');
    expect(text).toContain('No actor has that name. Did you mean Port Board ?');
    expect(body).toContain('href="/actors?policy=harbour-toll&amp;actor=Port+Board"');
  });

  it('says that nothing was known where no filter is chosen', async () => {
    const { text } = await openPage('/actors', { '/v1/actors': listOf([]) });
    expect(text).toContain('No actor was known at this point.');
  });

  it('suggests policies by slug and title', async () => {
    const { body } = await openPage('/anomalies', {
      '/v1/anomalies': listOf([{ ...rowOf('one'), policyTitle: 'Harbour toll', kind: 'tie', detail: 'Two.' }]),
    });
    expect(body).toContain('<option value="harbour-toll" label="Harbour toll"');
  });
});

describe('the page of claims', () => {
  const claim = (event: string, standing: string, because: readonly string[]) => ({
    ...rowOf(event),
    by: ['Ana Ruiz'],
    summary: `<i>${event}</i> will be so.`,
    standing,
    because,
  });

  it('shows the standing with what made it so, and how that stands itself', async () => {
    const { text, body } = await openPage('/claims?standing=denied', {
      '/v1/claims?standing=denied': listOf([
        claim('toll-ends', 'denied', ['board-denies']),
        claim('board-denies', 'disputed', ['gone']),
      ]),
      '/v1/events/board-denies': eventOf('board-denies', { links: [{ rel: 'denies', to: 'toll-ends' }] }),
    });
    expect(text).toContain('denied 16 July 2024, denies it: What board-denies tells. Harbour Gazette: On board-denies');
    expect(body).toContain('<a href="#claim-board-denies">stands disputed</a>');
    expect(body).toContain('href="/events/gone"');
    expect(body).toContain('&lt;i>toll-ends&lt;/i> will be so.');
    expect(body).toContain('<option value="denied" selected>');
  });
});

describe('the page of sources', () => {
  const source = {
    publisher: 'Harbour Gazette',
    title: 'Toll to rise',
    url: 'https://example.org/toll',
    publishedAt: '2024-07-16',
    genre: 'news',
    sha256: 'ab'.repeat(32),
  };
  const row = {
    ...rowOf('alone'),
    ...source,
    events: ['alone', 'with-others'],
    eventCount: 2,
    retractedBy: ['gone-back'],
  };

  it('tells publisher, title, place, hash and link, and which events rest on it alone', async () => {
    const cited = [{ ...source, locator: 'page 2' }];
    const other = { ...source, publisher: 'Port Board', title: 'Minutes' };
    const { text, body } = await openPage('/sources', {
      '/v1/sources?limit=50': listOf([row]),
      [`/v1/policies/harbour-toll/timeline?${AT}&limit=1000`]: listOf([
        eventOf('alone', { sources: cited }),
        eventOf('with-others', { sources: [...cited, other] }),
      ]),
    });
    expect(text).toContain('Harbour Gazette: Toll to rise news, 16 July 2024');
    expect(text).toContain('2 events, 1 on it alone alone , page 2 (rests on it alone) with-others , page 2');
    expect(text).toContain('abababababab…');
    expect(text).toContain('Withdrawn by its publisher: gone-back');
    expect(body).toContain('<a href="https://example.org/toll" rel="noopener nofollow noreferrer">');
  });

  it('makes no link of an address that is not on the web', async () => {
    const { body } = await openPage('/sources', { '/v1/sources': listOf([{ ...row, url: 'javascript:alert(1)' }]) });
    expect(body).not.toContain('href="javascript');
  });
});

describe('the page of actors', () => {
  it('shows the roles of each, with the events that name them', async () => {
    const { text, body } = await openPage('/actors?policy=harbour-toll', {
      '/v1/actors?policy=harbour-toll': listOf([
        {
          ...rowOf('first'),
          actor: 'Ana Ruiz',
          kind: 'person',
          roles: [{ role: 'minister', event: 'first' }],
          events: 3,
        },
      ]),
    });
    expect(text).toContain('Ana Ruiz person harbour-toll minister 16 July 2024 3');
    expect(body).toContain('href="/events?policy=harbour-toll&amp;actor=Ana+Ruiz"');
    expect(body).toContain('value="harbour-toll"');
  });
});

describe('the page of anomalies', () => {
  it('says in words what is odd', async () => {
    const { text } = await openPage('/anomalies', {
      '/v1/anomalies': listOf([{ ...rowOf('odd'), kind: 'tie', detail: 'Two of one day disagree.' }]),
    });
    expect(text).toContain('Two that disagree at the same time Two of one day disagree. odd');
  });
});

describe('every list', () => {
  it.each([
    ['negotiations', 'No negotiation was known at this point.'],
    ['figures', 'No figure was known at this point.'],
    ['claims', 'No claim was known at this point.'],
    ['sources', 'No source was known at this point.'],
    ['actors', 'No actor was known at this point.'],
    ['anomalies', 'Nothing looked odd at this point.'],
  ])('says in a sentence that there is nothing: %s', async (path, sentence) => {
    const { text, status } = await openPage(`/${path}`, { [`/v1/${path}`]: listOf([]) });
    expect(status).toBe(200);
    expect(text).toContain(sentence);
  });

  it('shows why it could not be answered', async () => {
    expect(await openPage('/claims?policy=nothing', {})).toMatchObject({ status: 404 });
  });
});
