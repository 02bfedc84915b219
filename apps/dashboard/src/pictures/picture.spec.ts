import { describe, expect, it } from '@jest/globals';
import { PICTURED } from '../http/share/shared-page.js';
import { listOf, openPage } from '../pages/page-fixture.js';
import { pages } from '../pages/registry.js';
import { hasPicture } from './picture.js';

const box = {
  field: 'status',
  value: 'in-operation',
  event: 'toll-commenced',
  recorded: { from: 2, to: null },
  known: { from: '2024-01-10T00:00:00.000Z', to: null },
  valid: { from: '2024-01-10T00:00:00.000Z', to: null },
};

const policy = {
  ...listOf([]),
  permalink:
    '/v1/policies/harbour-toll?recordedAt=@41&knownAt=2024-10-10T22:59:59.999Z&validAt=2024-10-10T22:59:59.999Z',
  policy: 'harbour-toll',
  title: 'Harbour <toll>',
  kind: 'scheme',
  jurisdiction: 'GB',
  state: { status: 'in-operation' },
  uncertain: [],
  eventCount: 1,
};

const figure = (event: string, value: number, period: string) => ({
  ...{ event, value, period, policy: 'harbour-toll', measure: 'crossings', unit: 'people', comparator: 'exact' },
  ...{ claimedBy: ['Port Board'], epistemic: 'claimed', knownFrom: '2024-02-01T00:00:00.000Z', comparedTo: null },
  ...{ supersededBy: null, conflicts: { count: 0, events: [] }, purpose: null, position: 3 },
});

const answers = {
  '/v1/policies/harbour-toll': policy,
  '/v1/policies/harbour-toll/timeline': listOf([]),
  '/v1/policies/harbour-toll/history': listOf([box]),
  '/v1/policies': listOf([policy]),
  '/v1/history': listOf([{ ...box, policy: 'harbour-toll' }]),
  '/v1/figures': listOf([figure('a', 107, '2023'), figure('b', 63, '2024')]),
};

describe('a picture', () => {
  it('stands alone: with its colours, its sentence and its pinned address', async () => {
    const { status, body, headers } = await openPage('/policies/harbour-toll.svg', answers);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('image/svg+xml; charset=utf-8');
    expect(body).toContain('<title>Harbour &lt;toll&gt;</title>');
    expect(body).toContain('What was known on 10 October 2024 about that day, as recorded at @41.');
    expect(body).toContain('>https://policy.example/policies/harbour-toll?recordedAt=@41&amp;knownAt=');
    expect(body).toMatch(/<style>.*\.fill-running\{fill:#2c6b22\}/);
    expect(body).toContain('in operation from 10 January 2024, no end known');
  });

  it('may run nothing, and be shown by any page', async () => {
    const { headers } = await openPage('/policies/harbour-toll.svg', answers);
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]+='; frame-ancestors \*$/,
    );
  });

  it.each([
    ['/policies.svg', 'class="words-text">Harbour &lt;toll&gt;<'],
    ['/policies/harbour-toll/history.svg?field=status', 'known from 10 January 2024'],
    ['/figures.svg', 'crossings, in people'],
    ['/policies/harbour-toll/timeline.svg', 'There is nothing to draw.'],
  ])('is there for each page with a graphic: %s', async (address, shown) => {
    expect((await openPage(address, answers)).body).toContain(shown);
  });

  it('is not there for a page that has none', async () => {
    const { status, text } = await openPage('/sources.svg', { ...answers, '/v1/sources': listOf([]) });
    expect(status).toBe(404);
    expect(text).toContain('There is nothing at /sources.svg');
  });
});

it('is there for exactly the pages that offer one to be shared', () => {
  expect(pages.map(({ name }) => name).filter(hasPicture)).toEqual(
    pages.map(({ name }) => name).filter((name) => PICTURED.includes(name)),
  );
});
