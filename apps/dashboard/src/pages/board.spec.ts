import { describe, expect, it } from '@jest/globals';
import { listOf, openPage } from './page-fixture.js';

const behind = (event: string, publishedAt: string, position: number) => ({
  event,
  position,
  publishedAt,
  occurred: publishedAt,
  sources: [],
  replaced: null,
  correctedBy: [],
});

const policy = (slug: string, rest: object) => ({
  policy: slug,
  title: `Title of ${slug}`,
  kind: 'scheme',
  jurisdiction: 'GB',
  aliases: [],
  state: {},
  uncertain: [],
  eventCount: 2,
  blame: {},
  ...rest,
});

const list = listOf([
  policy('ferry-pact', { kind: 'agreement' }),
  policy('harbour-toll', {
    state: { status: 'paused', terms: { price: { value: 9, unit: 'GBP' } } },
    blame: { status: behind('toll-paused', '2024-07-01', 6), 'terms.price': behind('price-raised', '2024-09-02', 4) },
  }),
  policy('light-tower', {
    state: { positions: { 'J. Doe': 'support' }, status: 'announced' },
    blame: {
      'positions.J. Doe': behind('tower-announced', '2025-01-03', 9),
      status: behind('tower-announced', '2025-01-03', 9),
    },
  }),
]);

const open = (query = '') => openPage(`/${query}`, { '/v1/policies?explain=true': list });

describe('the table of all policies', () => {
  it('says what changed last, and puts it first', async () => {
    const { text } = await open();
    expect(text).toMatch(/Title of light-tower.*Title of harbour-toll.*Title of ferry-pact/);
    expect(text).toContain('announced 3 January 2025 3 January 2025 status: announced');
    expect(text).toContain('paused 1 July 2024 2 September 2024 terms: price: 9 GBP');
  });

  it('counts promises by what became of them, never into a score', async () => {
    const promise = (state: string, slipDaysMin: number | null, slipDaysMax: number | null) => ({
      ...{ policy: 'harbour-toll', state, slipDaysMin, slipDaysMax },
    });
    const { text, body } = await openPage('/', {
      '/v1/policies?explain=true': list,
      '/v1/promises': listOf([promise('met', 0, 0), promise('overdue', 9, 9), promise('overdue', 3, null)]),
    });
    expect(text).toContain('terms: price: 9 GBP 2 overdue, at least 3 days later; 1 met scheme, GB');
    expect(body).toContain('href="/promises?policy=harbour-toll"');
  });

  it('groups without telling the interface', async () => {
    const { text } = await open('?group=kind');
    expect(text).toMatch(/agreement Title of ferry-pact.*scheme Title of light-tower/);
  });

  it('carries no more than it shows', async () => {
    expect((await open()).body).not.toContain('correctedBy');
  });

  it('leads from a day on which nothing was known to the first on which something was', async () => {
    const { body, text } = await openPage('/policies?knownAt=2024-10-10&validAt=2024-01-01', {
      '/v1/policies': listOf([policy('ferry-pact', { eventCount: 0 })]),
      '/v1/events?shape=index': { columns: { publishedAt: [Date.parse('2025-03-02'), Date.parse('2025-01-03')] } },
    });
    expect(text).toContain('On 10 October 2024 nothing was publicly known. First: 3 January 2025');
    expect(body).toContain('href="/policies?knownAt=2025-01-03"');
  });

  it('asks for the statuses of the policies that it shows, page after page', async () => {
    const held = (slug: string, from: string) => ({
      policy: slug,
      field: 'status',
      value: 'announced',
      event: `${slug}-announced`,
      recorded: { from: 2, to: null },
      known: { from: null, to: null },
      valid: { from, to: null },
    });
    const asked = '/v1/history?field=status&slice=knownAt&limit=1000&policy=ferry-pact%2Charbour-toll%2Clight-tower';
    const pages = {
      [asked]: listOf([held('harbour-toll', '2024-01-01T00:00:00.000Z')], 'more'),
      [`${asked}&cursor=more`]: listOf([held('light-tower', '2024-03-01T00:00:00.000Z')]),
    };
    const { body } = await openPage('/', { '/v1/policies?explain=true': list, ...pages });
    expect(body).toContain('light-tower-announced');
    expect(body).not.toContain('more statuses than are drawn');
    const endless = { ...pages, [`${asked}&cursor=more`]: listOf([], 'more') };
    expect((await openPage('/', { '/v1/policies?explain=true': list, ...endless })).text).toContain(
      'These policies have more statuses than are drawn here.',
    );
  });
});
