import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../support/databases/database.js';
import type { ProblemAnswer } from '../reads/answers.js';
import { clientOf, startOn } from '../running-application.js';

interface Health {
  readonly status: string;
  readonly reasons: readonly { readonly code: string }[];
}

const policy = (slug: string) => ({ slug, title: slug, kind: 'scheme', jurisdiction: 'GB' });

describe('an application whose clock is off', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    owner = new pg.Client(database.url);
    await owner.connect();
    await (await startOn(database.url)).stop();
    await owner.query('CREATE SCHEMA another; GRANT USAGE ON SCHEMA another TO PUBLIC');
  });
  afterAll(async () => {
    await owner.end();
    await database.drop();
  });

  /** Lets every connection from now on see a clock that is so far ahead. */
  async function setAhead(interval: string): Promise<void> {
    await owner.query(`CREATE OR REPLACE FUNCTION another.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
      AS $$ SELECT pg_catalog.clock_timestamp() + interval '${interval}' $$`);
    await owner.query(
      `ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET search_path = public, another, pg_catalog`,
    );
  }

  it('from the database’s tells it, and records nothing beyond the limit', async () => {
    await setAhead('2 hours');
    const ahead = await startOn(database.url, { LOG_LEVEL: 'silent' });
    const client = clientOf(ahead.url);
    const refused = await client.post<ProblemAnswer>('/v1/policies', policy('ferry'));
    expect([refused.status, refused.body.type]).toEqual([503, 'urn:policy-timeline:problem:clock-differs']);
    expect(refused.body.detail).toMatch(/database's clock is 7(199|200) s ahead of this machine's/);
    expect((await client.get('/v1/policies')).status).toBe(200);
    const { body: metrics } = await client.get<string>('/metrics');
    expect(metrics).toMatch(/^policy_timeline_clock_differs_seconds 7(199|200)/m);
    expect(metrics).toMatch(/^policy_timeline_clock_jumped_seconds 0/m);
    await ahead.stop();

    const lenient = await startOn(database.url, { LOG_LEVEL: 'silent', CLOCK_LIMIT_MINUTES: '180' });
    expect((await clientOf(lenient.url).post('/v1/policies', policy('ferry'))).status).toBe(201);
    const { body: health } = await clientOf(lenient.url).get<Health>('/readyz');
    expect([health.status, health.reasons.map(({ code }) => code)]).toEqual([
      'degraded',
      expect.arrayContaining(['clock-differs']),
    ]);
    await lenient.stop();
  }, 60_000);

  it('from the last record, which was made under one that was ahead, tells it and records nothing', async () => {
    await setAhead('0');
    await owner.query("UPDATE log.head SET recorded_at = recorded_at + interval '1 year'");
    const right = await startOn(database.url, { LOG_LEVEL: 'silent' });
    const client = clientOf(right.url);
    const refused = await client.post<ProblemAnswer>('/v1/policies', policy('bridge'));
    expect([refused.status, refused.body.type]).toEqual([503, 'urn:policy-timeline:problem:clock-behind']);
    const { body: health } = await client.get<Health>('/readyz');
    expect(health.reasons.map(({ code }) => code)).toContain('clock-behind');
    expect((await client.get<string>('/metrics')).body).toMatch(/^policy_timeline_clock_behind_seconds 3153\d{4}/m);
    await right.stop();
  }, 60_000);
});
