import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type Operation, applyPatch } from 'rfc6902';
import { ProcessUnderTest } from '../../crash/servers/process-under-test.js';
import { type Random, randomFrom } from '../../crash/load/random.js';
import { createTestDatabase } from '../../support/databases/database.js';
import { ResumingClient } from '../../support/http/resuming-client.js';
import type { StreamMessage } from '../../support/http/stream-client.js';
import type { State } from '../reads/answers.js';
import { clientOf, startOn } from '../running-application.js';

const SEED = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 1_000_000);

const POLICIES = 8;
const EVENTS_A_SECOND = 500;
const TICK_MS = 100;
const SECONDS = 4;
const PAST = '2024-06-15';

const slugs = Array.from({ length: POLICIES }, (_, index) => `policy-${index + 1}`);

/** Lines of an import: news, late news, news under embargo for a moment, corrections and retractions. */
class Writer {
  #count = 0;
  readonly #keys = new Map<string, string[]>(slugs.map((slug) => [slug, []]));

  constructor(private readonly random: Random) {}

  lines(count: number): readonly object[] {
    return Array.from({ length: count }, () => this.#line());
  }

  #line(): object {
    const { random } = this;
    const policy = slugs[random.between(0, POLICIES - 1)] ?? '';
    const keys = this.#keys.get(policy) ?? [];
    const key = `event-${(this.#count += 1)}`;
    const day = `2024-${String(random.between(1, 12)).padStart(2, '0')}-${String(random.between(1, 28)).padStart(2, '0')}`;
    const common = { key, policy, occurred: day, publishedAt: day, summary: 'Something happened.' };
    const target = keys[random.between(0, Math.max(keys.length - 1, 0))];
    if (target !== undefined && random.chance(0.1))
      return { ...common, type: 'record.retracted', target, reason: 'It was not so.' };
    if (target !== undefined && random.chance(0.1))
      return { ...common, type: 'record.corrected', target, reason: 'Mistyped.', changes: this.#terms() };
    keys.push(key);
    const embargo = { publishedAt: new Date(Date.now() + random.between(200, 3_000)).toISOString(), embargoed: true };
    return {
      ...common,
      ...(random.chance(0.05) ? embargo : {}),
      type: random.chance(0.3) ? 'policy.announced' : 'terms.changed',
      epistemic: 'confirmed',
      sources: [{ publisher: 'Gazette', title: 'Report', publishedAt: day, genre: 'news' }],
      ...this.#terms(),
    };
  }

  #terms(): object {
    return { terms: [{ key: `term-${this.random.between(1, 5)}`, value: this.random.between(1, 1_000) }] };
  }
}

/** What one client was told, checked as it comes. */
class Told {
  readonly positions: number[] = [];
  readonly states = new Map<string, unknown>();
  readonly faults: string[] = [];
  patches = 0;

  readonly take = ({ event, id, data }: StreamMessage): void => {
    if (event === 'event') this.positions.push(Number(id));
    if (event === 'reset') this.faults.push('reset');
    if (event !== 'patch') return;
    this.patches += 1;
    const policy = String(data['policy']);
    const holder = { state: this.states.get(policy) ?? null };
    const patch = (data['patch'] as readonly Operation[]).map((operation) => ({
      ...operation,
      path: `/state${operation.path}`,
    })) as Operation[];
    const failed = applyPatch(holder, patch).filter((error) => error !== null);
    if (failed.length > 0) this.faults.push(`${String(id)}: ${failed.map(String).join(', ')}`);
    this.states.set(policy, holder.state);
  };
}

interface Running {
  /** Where the application is; undefined while it is down. */
  readonly address: () => string | undefined;
  readonly databaseUrl: string;
  /** Called ten times a second while events are written. */
  readonly disturb: (random: Random) => Promise<void>;
}

async function importAll(address: () => string | undefined, lines: readonly object[]): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const url = address();
    try {
      if (url === undefined) throw new Error('The application is down.');
      const answers = await clientOf(url).importLines(lines);
      const rejected = answers.filter(({ result }) => result === 'rejected');
      expect(rejected).toEqual([]);
      if (answers.at(-1)?.summary?.lines === lines.length) return;
      throw new Error('The answer broke off.');
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(20);
    }
  }
}

/** Writes at the rate, whatever a single import takes. */
async function write({ address, disturb }: Running, random: Random): Promise<void> {
  const writer = new Writer(random);
  const begun = Date.now();
  for (let tick = 1; tick <= (SECONDS * 1_000) / TICK_MS; tick += 1) {
    await importAll(address, writer.lines((EVENTS_A_SECOND * TICK_MS) / 1_000));
    await disturb(random);
    await delay(Math.max(0, begun + tick * TICK_MS - Date.now()));
  }
}

const PATHS = [
  '/v1/stream?after=0',
  '/v1/stream?after=0',
  '/v1/stream?after=0&type=record.corrected',
  '/v1/policies/policy-1/stream?after=0',
  '/v1/stream?policy=policy-2&after=0',
  '/v1/policies/policy-1/stream?view=patches',
  '/v1/policies/policy-2/stream?view=patches',
  '/v1/policies/policy-2/stream?view=patches',
  `/v1/policies/policy-1/stream?view=patches&knownAt=${PAST}`,
  `/v1/policies/policy-3/stream?view=patches&validAt=${PAST}`,
  '/v1/stream?view=patches',
  `/v1/stream?view=patches&knownAt=${PAST}`,
];

async function logOf(databaseUrl: string): Promise<readonly { position: number; type: string; stream: string }[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ position: number; type: string; stream: string }>(
    'SELECT position::float8 AS position, type, stream FROM log.events ORDER BY position',
  );
  await client.end();
  return rows;
}

/** Whether an event of the log belongs on a stream. */
function belongs(path: string, { type, stream }: { readonly type: string; readonly stream: string }): boolean {
  const policy = /policies\/([^/]+)/.exec(path)?.[1] ?? /policy=([^&]+)/.exec(path)?.[1];
  const only = /type=([^&]+)/.exec(path)?.[1];
  return (policy === undefined || stream === `policy-${policy}`) && (only === undefined || type === only);
}

async function expectState(
  url: string,
  { policy, client, told }: { policy: string; client: ResumingClient; told: Told },
) {
  const [position, instantMs] = (client.lastId ?? '').split('.');
  const at = new Date(Number(instantMs)).toISOString();
  const fixed = /(knownAt|validAt)=[^&]+/.exec(client.path)?.[0] ?? `knownAt=${at}`;
  const known = fixed.startsWith('validAt') ? `&knownAt=${at}` : '';
  const { status, body } = await clientOf(url).get<State>(
    `/v1/policies/${policy}?recordedAt=@${position}&${fixed}${known}`,
  );
  expect({ path: client.path, policy, status, state: told.states.get(policy) }).toEqual({
    path: client.path,
    policy,
    status: 200,
    state: body.state,
  });
}

async function resumeThroughEverything(running: Running): Promise<void> {
  const random = randomFrom(SEED);
  const cuts = randomFrom(SEED + 1);
  const registrations = slugs.map((slug) => ({
    policy: { slug, title: slug, kind: 'scheme', jurisdiction: 'GB' },
  }));
  await importAll(running.address, registrations);
  const subscribed = PATHS.map((path) => {
    const told = new Told();
    const { address } = running;
    const nextCutMs = (): number => cuts.between(20, 600);
    return { told, client: new ResumingClient({ address, path, nextCutMs, onMessage: told.take }) };
  });
  await write(running, random);
  await Promise.all(subscribed.map(({ client }) => client.finish()));

  const log = await logOf(running.databaseUrl);
  expect(log).toHaveLength(POLICIES + EVENTS_A_SECOND * SECONDS);
  const url = running.address() ?? '';
  for (const { client, told } of subscribed) {
    expect({ path: client.path, faults: told.faults }).toEqual({ path: client.path, faults: [] });
    expect(client.cuts).toBeGreaterThan(5);
    if (!client.path.includes('view=patches')) {
      const expected = log.filter((entry) => belongs(client.path, entry)).map(({ position }) => position);
      expect({ path: client.path, positions: told.positions }).toEqual({ path: client.path, positions: expected });
      continue;
    }
    expect(told.patches).toBeGreaterThan(0);
    const one = /policies\/([^/]+)/.exec(client.path)?.[1];
    for (const policy of one === undefined ? slugs : [one]) await expectState(url, { policy, client, told });
  }
}

describe(`clients that are cut off at random and go on (PROPERTY_SEED=${SEED})`, () => {
  it('end with exactly the events of the log and the state that GET answers, at 500 events a second', async () => {
    const database = await createTestDatabase();
    const application = await startOn(database.url);
    await resumeThroughEverything({
      address: () => application.url,
      databaseUrl: database.url,
      disturb: () => Promise.resolve(),
    });
    await application.stop();
    await database.drop();
  }, 120_000);

  it('do so although the process is killed meanwhile', async () => {
    const database = await createTestDatabase();
    const process = new ProcessUnderTest({
      name: 'api',
      path: 'apps/api/src/main.ts',
      ready: /^listening on (\S+)/,
      environment: { DATABASE_URL: database.url, PORT: '0', SEEDS: '', LOG_LEVEL: 'warn' },
    });
    try {
      let kills = 0;
      let ticks = 0;
      await resumeThroughEverything({
        address: () => process.address,
        databaseUrl: database.url,
        disturb: async () => {
          ticks += 1;
          if (ticks % 15 !== 0 || kills === 2) return;
          kills += 1;
          await process.kill();
        },
      });
      expect(kills).toBe(2);
      expect(process.fate.ends).toEqual([]);
      await process.stop();
      expect(process.fate.stop).toBe('code 0');
    } finally {
      process.killNow();
      await database.drop();
    }
  }, 180_000);
});
