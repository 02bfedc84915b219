import { describe, expect, it } from '@jest/globals';
import { about, coordinate, listOf, openPage, refuseWith } from './pages/page-fixture.js';

/** The state of a policy as the interface answers it. */
const stateOf = (policy: string, rest: object): object => ({
  policy,
  jurisdiction: 'GB',
  aliases: [],
  uncertain: [],
  resume: '41.1',
  coordinate,
  permalink: `/v1/policies/${policy}?recordedAt=@41`,
  meta: { engine: 'facts', fold: 2, position: 41, lagMs: 0 },
  ...rest,
});

const answers = {
  '/v1/policies/harbour-toll?knownAt=2024-10-10&explain=true': stateOf('harbour-toll', {
    title: '<b>Harbour</b> toll',
    kind: 'scheme',
    state: { status: 'in-operation', terms: { price: { value: 9, unit: 'GBP' } } },
    eventCount: 6,
  }),
  '/v1/policies/harbour-toll/history': listOf([]),
  '/v1/policies/quay-levy?explain=true': stateOf('quay-levy', {
    title: 'Quay levy',
    kind: 'law',
    sameAs: [
      'http://www.wikidata.org/entity/Q98765432',
      'https://levy.example/?a=1&b="2"',
      'javascript:alert(1)',
      'data:text/html,<script>alert(1)</script>',
    ],
    state: {},
    eventCount: 1,
  }),
  '/v1/policies/quay-levy/history': listOf([]),
  '/v1/policies/nothing': refuseWith(404, { title: 'Unknown policy', detail: 'There is no such policy.' }),
};

const open = (url: string) => openPage(url, answers);

describe('the page of a policy', () => {
  it('shows the state at the coordinate, in words and days of the zone of the log', async () => {
    const { status, body } = await open('/policies/harbour-toll?knownAt=2024-10-10');
    expect(status).toBe(200);
    expect(body).toContain('in operation');
    expect(body).toContain('9 GBP');
    expect(body).toMatch(/What was known on <label[^>]*>10 October 2024<\/label>/);
  });

  it('shows text from answers as text', async () => {
    const { body } = await open('/policies/harbour-toll?knownAt=2024-10-10');
    expect(body).toContain('&lt;b>Harbour&lt;/b> toll</h1>');
    expect(body).not.toContain('<b>Harbour');
  });

  it('leads to where the policy is described elsewhere, and to nothing that is no address of the web', async () => {
    const { body } = await open('/policies/quay-levy');
    const [, said = ''] = /<p class="same-as">(.*?)<\/p>/s.exec(body) ?? [];
    const links = [...said.matchAll(/<a href="([^"]*)" rel="([^"]*)">([^<]*)<\/a>/g)].map((link) => link.slice(1));
    const rel = 'external noopener nofollow noreferrer';
    expect(links).toEqual([
      ['http://www.wikidata.org/entity/Q98765432', rel, 'www.wikidata.org/entity/Q98765432'],
      ['https://levy.example/?a=1&amp;b=&quot;2&quot;', rel, 'levy.example/?a=1&amp;b=&quot;2&quot;'],
    ]);
    expect(said).toContain('javascript:alert(1), data:text/html,&lt;script>');
    expect(body).not.toMatch(/<a [^>]*href="(?!https?:|[/#]|mailto:)/i);
    expect((await open('/policies/harbour-toll?knownAt=2024-10-10')).body).not.toContain('class="same-as"');
  });

  it('keeps the coordinate in its links', async () => {
    const { body } = await open('/policies/harbour-toll?knownAt=2024-10-10');
    expect(body).toContain('href="/policies/harbour-toll/timeline?knownAt=2024-10-10"');
  });

  it('answers a typed date with the exact address, and asks when a date has two readings', async () => {
    expect(await open('/policies/harbour-toll?knownAt=10+October+2024')).toMatchObject({
      status: 302,
      headers: { location: '/policies/harbour-toll?knownAt=2024-10-10' },
    });
    const { status, body } = await open('/policies/harbour-toll?knownAt=7/8/2025');
    expect(status).toBe(400);
    expect(body).toContain('<a href="/policies/harbour-toll?knownAt=2025-08-07">7 August 2025</a>');
    expect(body).toContain('<a href="/policies/harbour-toll?knownAt=2025-07-08">8 July 2025</a>');
    expect(body).toMatch(/<input id="time-knownAt"[^>]* aria-invalid/);
  });

  it('takes a position for a time of recording, wherever the day of knowledge is asked for', async () => {
    expect((await open('/policies/harbour-toll?knownAt=@157')).headers).toMatchObject({
      location: '/policies/harbour-toll?recordedAt=@157',
    });
    expect((await open('/diff?from=@12&to=8+July+2025')).headers).toMatchObject({
      location: '/diff?to=2025-07-08&from.recordedAt=@12',
    });
    const { status, body } = await open('/policies/harbour-toll?knownAt=@157&recordedAt=@100');
    expect(status).toBe(400);
    expect(body).toContain('href="/policies/harbour-toll?recordedAt=@157"');
  });

  it('shows why an address has no page, with the status', async () => {
    const { status, body } = await open('/policies/nothing');
    expect(status).toBe(404);
    expect(body).toContain('Unknown policy');
  });

  it('leads to the data by a suffix', async () => {
    expect(await open('/policies/harbour-toll.csv?knownAt=2024-10-10')).toMatchObject({
      headers: { location: '/v1/policies/harbour-toll.csv?knownAt=2024-10-10' },
    });
  });

  it('leaves out of the address of the data what is the page’s own', async () => {
    const { headers } = await open('/embed/diff.csv?from=2025-07-08&to=2025-07-10&group=policy');
    expect(headers).toMatchObject({ location: '/v1/diff.csv?from=2025-07-08&to=2025-07-10' });
  });

  it.each([
    [404, { since: 216 }, 'href="/policies/nothing?recordedAt=@216"'],
    [404, { near: 'something' }, 'href="/policies/something?recordedAt=@2"'],
    [400, { head: 343 }, 'href="/policies/nothing?recordedAt=@343"'],
    [400, { errors: [{ pointer: '/query/recordedAt', message: 'It is in the future.' }] }, 'href="/policies/nothing"'],
  ])('leads on from an answer with status %s that says %j', async (status, problem, link) => {
    const failing = { '/v1/policies/nothing': refuseWith(status, { title: 'No', detail: 'No.', ...problem }) };
    const page = await openPage('/policies/nothing?recordedAt=@2', failing);
    expect(page.status).toBe(status);
    expect(page.body).toContain(link);
    expect(page.body).toContain('id="time-recordedAt"');
  });

  it('asks again by itself where the server says when', async () => {
    const busy = { '/v1/about': refuseWith(503, { title: 'Busy', detail: 'Try again.' }) };
    const { status, headers, body } = await openPage('/policies', busy);
    expect([status, headers['refresh'], headers['retry-after']]).toEqual([503, '7', '7']);
    expect(body).toContain('It is asked again in 7 s.');
    expect(body).toContain('<a href="/policies">Try again</a>');
  });

  it('lets pages of others frame it below /embed only, and runs nothing inline', async () => {
    const plain = await open('/policies/harbour-toll?knownAt=2024-10-10');
    const embedded = await open('/embed/policies/harbour-toll?knownAt=2024-10-10');
    expect(plain.headers['content-security-policy']).toContain("frame-ancestors 'self'");
    expect(embedded.headers['content-security-policy']).toContain('frame-ancestors *');
    expect(embedded.body).not.toContain('<header');
    expect(plain.body).not.toMatch(/<script(?![^>]*(?:src=|application\/json))|style=|onclick=/);
  });
});

describe('the head of a page', () => {
  const openAs = (more: object, url = '/policies/harbour-toll?knownAt=2024-10-10') =>
    openPage(url, { ...answers, '/v1/about': { ...about, ...more } });

  it('leads to where people sign in, and from there back to this page', async () => {
    const { body } = await openAs({ signIn: 'out' });
    expect(body).toContain('<a href="/sign-in?to=%2Fpolicies%2Fharbour-toll%3FknownAt%3D2024-10-10">Sign in</a>');
    expect(body).not.toContain('/sign-out');
  });

  it('says as what its reader is signed in, and lets them sign out with the token of their session', async () => {
    const { body } = await openAs({ signIn: 'in', role: 'recorder', csrfToken: 'T0k-n' });
    expect(body).toMatch(/<form class="signed-in" method="post" action="\/sign-out">.*Signed in as recorder/);
    expect(body).toMatch(/<input type="hidden" name="csrf-token" value="T0k-n"/);
    expect(body).not.toContain('/sign-in?');
  });

  it('says nothing of it where nobody can sign in, or within a page of another site', async () => {
    for (const { body } of [
      await openAs({}),
      await openAs({ signIn: 'out' }, '/embed/policies/harbour-toll?knownAt=2024-10-10'),
    ])
      expect(body).not.toMatch(/sign-in|sign-out|signed-in|csrf-token/);
  });
});
