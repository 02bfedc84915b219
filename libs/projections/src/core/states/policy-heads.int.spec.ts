import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Instant, instant, parseEventBody, position } from '#domain';
import { type EventLog, createPostgresEventLog } from '#event-log';
import { appendAll, bodyRequest, registrationRequest } from '../../../../../test/support/events/append-bodies.js';
import { eventually } from '../../../../../test/support/eventually.js';
import {
  type MigratedDatabase,
  createMigratedDatabase,
} from '../../../../../test/support/databases/migrated-database.js';
import { type ProjectionsOfProcess, composeProjections } from '../../../../../test/support/databases/projections.js';

const ZONE = 'UTC';
const POLICY = 1;
const FERRY = 4;

let database: MigratedDatabase;
let log: EventLog;
let projections: ProjectionsOfProcess;

/** The clock stands still until everything is there, so a slow start misses nothing; then it soon is July. */
let begun: number | undefined;
const now = (): Instant => instant(Date.parse('2025-06-30T23:59:57Z') + (begun === undefined ? 0 : Date.now() - begun));
const JULY = instant(Date.parse('2025-07-01T00:00:00Z'));

const announced = (key: string, day: string, price: number, policy = 'toll'): Parameters<typeof bodyRequest>[0] => {
  const parsed = parseEventBody(
    {
      key,
      type: 'terms.changed',
      policy,
      occurred: '2025-05-01',
      effective: { from: day },
      publishedAt: '2025-05-01',
      summary: 'The price changes.',
      epistemic: 'confirmed',
      terms: [{ key: 'price', value: price, unit: 'GBP' }],
      sources: [{ publisher: 'Gazette', title: 'Prices', publishedAt: '2025-05-01', genre: 'news' }],
    },
    ZONE,
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
  return parsed.body;
};

const started = async (): Promise<ProjectionsOfProcess> => {
  const service = composeProjections({ pool: database.pool, log, now, onStopped: () => undefined });
  await service.start();
  return service;
};

beforeAll(async () => {
  database = await createMigratedDatabase();
  log = createPostgresEventLog({ pool: database.pool });
  projections = await started();
  await appendAll(log, [
    registrationRequest({ slug: 'toll', title: 'Toll', kind: 'scheme', jurisdiction: 'GB' }),
    bodyRequest(announced('now', '2025-05-01', 7)),
    bodyRequest(announced('later', '2025-07-01', 9)),
  ]);
  await projections.readSide.waitFor(position(3), 30_000);
  begun = Date.now();
});

afterAll(async () => {
  await projections.stop();
  await log.close();
  await database.drop();
});

const priceAt = async (at: Instant): Promise<unknown> => {
  const heads = await projections.readModels.heads.headsOf([POLICY], { recorded: position(3), now: at });
  return heads.get(POLICY)?.state['terms'];
};

/** When the head of each policy was made, by the clock of {@link now}. */
const madeAt = async (): Promise<ReadonlyMap<number, number>> => {
  const { rows } = await database.pool.query<{ policy: number; made: number }>(
    'SELECT policy, made_at::float8 AS made FROM read.policy_heads',
  );
  return new Map(rows.map(({ policy, made }) => [policy, made]));
};

const price = (value: number): unknown => ({ price: { value, unit: 'GBP' } });

describe('the head of a policy', () => {
  it('says what holds now, and no longer than it holds', async () => {
    await eventually('a head', async () => (await priceAt(now())) !== undefined);
    expect(await priceAt(instant(JULY - 1))).toEqual(price(7));
    expect(await priceAt(JULY)).toBeUndefined();
  });

  it('moves by itself when a fact that was dated forward begins to count', async () => {
    await eventually('a head of July', async () => now() >= JULY && (await priceAt(now())) !== undefined);
    expect(await priceAt(now())).toEqual(price(9));
  });

  it('counts at once after a restart, unless its policy has changed meanwhile', async () => {
    await appendAll(log, [
      registrationRequest({ slug: 'ferry', title: 'Ferry', kind: 'scheme', jurisdiction: 'GB' }),
      bodyRequest(announced('fare', '2025-05-01', 3, 'ferry')),
    ]);
    await projections.readSide.waitFor(position(5), 30_000);
    await eventually('two heads', async () => (await madeAt()).size === 2);
    const before = await madeAt();
    await projections.stop();
    await appendAll(log, [bodyRequest(announced('dearer', '2025-07-01', 11))]);
    projections = await started();
    const at = { recorded: position(6), now: now() };
    const heads = await projections.readModels.heads.headsOf([POLICY, FERRY], at);
    expect(heads.get(FERRY)?.state['terms']).toEqual(price(3));
    expect(heads.get(POLICY)?.state['terms']).not.toEqual(price(9));
    await eventually('the other is made', async () => (await madeAt()).get(POLICY) !== before.get(POLICY));
    expect((await madeAt()).get(FERRY)).toBe(before.get(FERRY));
  });

  it('counts no more once something that it rests on was built again', async () => {
    const before = await madeAt();
    await database.pool.query("UPDATE read.projections SET generation = generation + 1 WHERE name = 'timeline'");
    await eventually('all are made anew', async () =>
      [...(await madeAt())].every(([policy, made]) => made !== before.get(policy)),
    );
  });
});
