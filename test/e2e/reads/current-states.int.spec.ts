import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../../support/eventually.js';
import { type TestApplication, runApplication } from '../running-application.js';
import { sampleEvent } from '../writes/sample-event.js';

interface List {
  readonly items: readonly {
    readonly policy: string;
    readonly state: { readonly status?: string };
    readonly eventCount: number;
  }[];
}

const AHEAD_MS = 1500;

describe('the list of policies now', () => {
  let application: TestApplication;
  beforeAll(async () => {
    application = await runApplication();
  });
  afterAll(() => application.stop());

  const statuses = async (): Promise<readonly (string | undefined)[]> =>
    (await application.get<List>('/v1/policies')).body.items.map(({ state }) => state.status);

  const storedStatus = async (): Promise<unknown> => {
    const client = new pg.Client({ connectionString: application.databaseUrl });
    await client.connect();
    const { rows } = await client.query<{ status: string }>(
      "SELECT document -> 'state' ->> 'status' AS status FROM read.policy_heads",
    );
    await client.end();
    return rows[0]?.status;
  };

  const event = (key: string, more: object) => sampleEvent(key, { type: 'policy.announced', policy: 'toll', ...more });

  it('shows what was just recorded, and what is under embargo only when its time has come', async () => {
    await application.post('/v1/policies', { slug: 'toll', title: 'Toll', kind: 'scheme', jurisdiction: 'GB' });
    await application.post('/v1/policies/toll/events', event('one', {}));
    expect(await statuses()).toEqual(['announced']);
    const publishedAt = new Date(Date.now() + AHEAD_MS).toISOString();
    const later = await application.post(
      '/v1/policies/toll/events',
      event('two', { type: 'policy.paused', occurred: '2024-04-01', publishedAt, embargoed: true }),
    );
    expect(later.status).toBe(201);
    expect(await statuses()).toEqual(['announced']);
    await eventually('the list shows the pause', async () => (await statuses())[0] === 'paused');
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(publishedAt));
    // The stored row is another one then, not only the answer.
    await eventually('the stored state is the pause', async () => {
      await statuses();
      return (await storedStatus()) === 'paused';
    });
  }, 30_000);

  it('agrees with the state of each policy', async () => {
    const { items } = (await application.get<List>('/v1/policies')).body;
    for (const item of items) {
      const one = await application.get<List['items'][number]>(`/v1/policies/${item.policy}`);
      expect({ state: item.state, eventCount: item.eventCount }).toEqual({
        state: one.body.state,
        eventCount: one.body.eventCount,
      });
    }
  });
});
