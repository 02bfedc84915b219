import { describe, expect, it } from '@jest/globals';
import { createDashboard } from './server.js';

const coordinate = {
  recordedAt: { position: 41, at: '2026-11-22T10:00:00.000Z' },
  knownAt: '2024-10-10T22:59:59.999Z',
  validAt: '2024-10-10T22:59:59.999Z',
};
const state = {
  policy: 'harbour-toll',
  title: '<b>Harbour</b> toll',
  kind: 'scheme',
  jurisdiction: 'GB',
  aliases: [],
  state: { status: 'in-operation', terms: { price: { value: 9, unit: 'GBP' } } },
  uncertain: [],
  eventCount: 6,
  resume: '41.1',
  coordinate,
  permalink: '/v1/policies/harbour-toll?recordedAt=@41',
  meta: { engine: 'facts', fold: 2, position: 41, lagMs: 0 },
};
const answers: Readonly<Record<string, unknown>> = {
  '/v1/about': {
    name: 'x',
    version: '1',
    timeZone: 'Europe/London',
    head: 41,
    fold: 2,
    writes: 'closed',
    publisher: null,
    licence: null,
  },
  '/v1/policies/harbour-toll?knownAt=2024-10-10&explain=true': state,
  '/v1/policies/harbour-toll/timeline?knownAt=2024-10-10&order=published&limit=5': {
    items: [],
    coordinate,
    permalink: '',
    meta: state.meta,
  },
};

const dashboard = createDashboard({ script: '/assets/main.js', theme: '/assets/theme.js', style: '/assets/page.css' });

const open = (url: string) =>
  dashboard.answer({
    url,
    origin: 'http://127.0.0.1:3000',
    ask: async (address) =>
      address in answers
        ? { status: 200, text: JSON.stringify(answers[address]) }
        : {
            status: 404,
            text: JSON.stringify({ title: 'Unknown policy', detail: `Nothing at ${address}.`, status: 404 }),
          },
  });

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
    expect(body).toContain('7 August 2025');
    expect(body).toContain('8 July 2025');
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

  it('lets pages of others frame it below /embed only, and runs nothing inline', async () => {
    const plain = await open('/policies/harbour-toll?knownAt=2024-10-10');
    const embedded = await open('/embed/policies/harbour-toll?knownAt=2024-10-10');
    expect(plain.headers['content-security-policy']).toContain("frame-ancestors 'self'");
    expect(embedded.headers['content-security-policy']).toContain('frame-ancestors *');
    expect(embedded.body).not.toContain('<header');
    expect(plain.body).not.toMatch(/<script(?![^>]*(?:src=|application\/json))|style=|onclick=/);
  });
});
