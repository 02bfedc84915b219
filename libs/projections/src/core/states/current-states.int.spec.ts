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
import { factsOfAll, shownFacts } from '../state.js';
import { readCurrentStates } from './current-states.js';

const ZONE = 'UTC';
const POLICY = 1;
const FERRY = 4;

const JUNE = instant(Date.parse('2025-06-30T23:59:57Z'));
const JULY = instant(Date.parse('2025-07-01T00:00:00Z'));

let database: MigratedDatabase;
let log: EventLog;
let projections: ProjectionsOfProcess;

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
  const service = composeProjections({ pool: database.pool, log, now: () => JUNE, onStopped: () => undefined });
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
});

afterAll(async () => {
  await projections.stop();
  await log.close();
  await database.drop();
});

const storedPriceAt = async (now: Instant, policy = POLICY): Promise<unknown> => {
  const recorded = projections.readSide.progressOf().position;
  const { states } = await readCurrentStates(database.pool, [policy], { recorded, now });
  return states.get(policy)?.state['terms'];
};

/** Asks for the states of policies now, as an answer does; tells the price of each, and whose was worked out anew. */
async function asked(
  policies: readonly number[],
  now: Instant,
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
): Promise<{ readonly prices: readonly unknown[]; readonly anew: readonly number[] }> {
  const at = { recorded: projections.readSide.progressOf().position, recordedAt: null, knownAt: now, validAt: now };
  const anew: number[] = [];
  const states = await projections.readModels.currentStates.of(policies, at, async (others) => {
    anew.push(...others);
    const facts = await factsOfAll(database.pool, others, at);
    await meanwhile();
    return new Map([...facts].map(([policy, found]) => [policy, shownFacts(found)]));
  });
  await projections.readModels.currentStates.settle();
  return { prices: policies.map((policy) => states.get(policy)?.state['terms']), anew };
}

/** What is asked while it rests is not stored, but when it is asked again. */
const stored = (policies: readonly number[], now: Instant): Promise<void> =>
  eventually('the states are stored', async () => (await asked(policies, now)).anew.length === 0);

const price = (value: number): unknown => ({ price: { value, unit: 'GBP' } });

describe('the current state of a policy', () => {
  it('is stored by who asks first, and holds until something begins or ends', async () => {
    expect(await asked([POLICY], JUNE)).toEqual({ prices: [price(7)], anew: [POLICY] });
    expect(await asked([POLICY], JUNE)).toEqual({ prices: [price(7)], anew: [] });
    expect(await storedPriceAt(instant(JULY - 1))).toEqual(price(7));
    expect(await storedPriceAt(JULY)).toBeUndefined();
  });

  it('is another one when a fact that was dated forward begins to count', async () => {
    expect(await asked([POLICY], JULY)).toEqual({ prices: [price(9)], anew: [POLICY] });
    await stored([POLICY], JULY);
    expect(await storedPriceAt(JULY)).toEqual(price(9));
    expect(await storedPriceAt(JUNE)).toBeUndefined();
  });

  it('holds no more once something was recorded about its policy, in this process or another', async () => {
    await appendAll(log, [
      registrationRequest({ slug: 'ferry', title: 'Ferry', kind: 'scheme', jurisdiction: 'GB' }),
      bodyRequest(announced('fare', '2025-05-01', 3, 'ferry')),
    ]);
    await projections.readSide.waitFor(position(5), 30_000);
    await stored([POLICY, FERRY], JULY);
    await projections.stop();
    await appendAll(log, [bodyRequest(announced('dearer', '2025-07-01', 11))]);
    projections = await started();
    expect(await asked([POLICY, FERRY], JULY)).toEqual({ prices: [price(11), price(3)], anew: [POLICY] });
  });

  it('holds no more once something that it rests on was built again, also while it was worked out', async () => {
    const rebuilt = (): Promise<unknown> =>
      database.pool.query("UPDATE read.projections SET generation = generation + 1 WHERE name = 'timeline'");
    await stored([POLICY, FERRY], JULY);
    await rebuilt();
    await eventually('it is stored and does not hold', async () => {
      await asked([FERRY], JULY, rebuilt);
      const { rows } = await database.pool.query<{ times: number }>(
        'SELECT count(DISTINCT basis)::integer AS times FROM read.policy_heads',
      );
      return rows[0]?.times === 2;
    });
    expect(await storedPriceAt(JULY, FERRY)).toBeUndefined();
  });
});
