import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../../support/eventually.js';
import { type TestApplication, runApplication } from '../running-application.js';

/** More than are folded without a thread. */
const EVENTS = 510;

let application: TestApplication;
let owner: pg.Client;

beforeAll(async () => {
  application = await runApplication({ REPLAY_LIMIT_MS: '1', LOG_LEVEL: 'silent' });
  owner = new pg.Client({ connectionString: application.databaseUrl });
  await owner.connect();
  const registration = (slug: string) => ({ policy: { slug, title: 'A policy', kind: 'scheme', jurisdiction: 'GB' } });
  const event = (policy: string, index: number) => ({
    key: `${policy}-${index}`,
    type: 'terms.changed',
    policy,
    occurred: '2024-01-01',
    publishedAt: '2024-01-01',
    ordinal: index,
    summary: 'The toll changed.',
    terms: [{ key: 'price', value: index, unit: 'GBP' }],
    epistemic: 'confirmed',
    sources: [{ publisher: 'Gazette', title: 'The toll', publishedAt: '2024-01-01', genre: 'news' }],
  });
  const long = Array.from({ length: EVENTS }, (_, index) => event('long', index));
  await application.importLines([registration('long'), registration('short'), event('short', 0), ...long]);
});
afterAll(async () => {
  await owner.end();
  await application.stop();
});

interface Problem {
  readonly type: string;
  readonly detail: string;
}

describe('an answer that takes too long', () => {
  it.each(['proof=true', 'engine=replay'])(
    'is refused with what to do instead where events are folded (%s)',
    async (how) => {
      const { status, headers, body } = await application.get<Problem>(`/v1/policies/long?${how}`);
      expect({ status, type: body.type, retry: headers.get('retry-after') }).toEqual({
        status: 503,
        type: 'urn:policy-timeline:problem:took-too-long',
        retry: '30',
      });
      expect(body.detail).toMatch(/not folded within 1 ms.*without engine=replay and proof=true/);
      expect((await application.get('/v1/policies/long')).status).toBe(200);
      expect((await application.get(`/v1/policies/short?${how}`)).status).toBe(200);
      const listed = await application.get<Problem>('/v1/policies/long/timeline?proof=true&limit=1');
      expect({ status: listed.status, type: listed.body.type }).toEqual({ status: 503, type: body.type });
    },
  );

  it.each([
    ['/v1/diff?from=2023-01-01&to=2024-06-01', 'boxes'],
    ['/v1/figures', 'figures'],
  ])('is refused with what to ask for instead where the database cancels it: %s', async (address, table) => {
    await application.get('/v1/policies/long');
    await owner.query(`BEGIN; LOCK TABLE read.${table} IN ACCESS EXCLUSIVE MODE`);
    const asked = application.get<Problem>(address);
    await eventually('its statement was cancelled', async () => {
      const { rows } = await owner.query(
        `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows.length > 0;
    });
    const { status, body } = await asked;
    await owner.query('ROLLBACK');
    expect({ status, type: body.type }).toEqual({ status: 503, type: 'urn:policy-timeline:problem:took-too-long' });
    expect(body.detail).toContain('Ask for less');
    expect((await application.get(address)).status).toBe(200);
  });
});
