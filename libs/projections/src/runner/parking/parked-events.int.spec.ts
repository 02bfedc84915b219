import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type Registration, instant, parseEventBody, position } from '#domain';
import { type EventLog, createPostgresEventLog } from '#event-log';
import { appendAll, bodyRequest, registrationRequest } from '../../../../../test/support/events/append-bodies.js';
import { eventually } from '../../../../../test/support/eventually.js';
import {
  type MigratedDatabase,
  createMigratedDatabase,
} from '../../../../../test/support/databases/migrated-database.js';
import type { Projection } from '../../rows/projection.js';
import type { ProjectionStatus } from '../../service/administration.js';
import type { ParkedEventReport } from '../../service/parked-event-reports.js';
import { type ShownFacts, factsOfOne, shownFacts } from '../../core/state.js';
import { type ProjectionsOfProcess, composeProjections } from '../../../../../test/support/databases/projections.js';
import { compareWithReplay } from '../../rebuild/checks/replay-check.js';
import { projections as readModels } from '../../read-models/registry.js';
import { prepareReadSchema } from '../../rebuild/read-schema.js';

const WAIT_MS = 20_000;
const ZONE = 'UTC';
/** The number of the policy `ferry`. */
const FERRY = 1;

let database: MigratedDatabase;
let log: EventLog;
let running: ProjectionsOfProcess[] = [];
let recorded: ParkedEventReport[] = [];
let troubles: unknown[] = [];

afterEach(async () => {
  for (const projections of running) await projections.stop();
  running = [];
  recorded = [];
  troubles = [];
  await log.close();
  await database.drop();
});

async function started(projections: readonly Projection[]): Promise<ProjectionsOfProcess> {
  const service = await opened(projections);
  await service.runner.caughtUp();
  return service;
}

async function opened(projections: readonly Projection[]): Promise<ProjectionsOfProcess> {
  const service = composeProjections({
    pool: database.pool,
    log,
    now: () => instant(Date.now()),
    projections,
    onStopped: () => undefined,
    onTrouble: (error) => void troubles.push(error),
    onParked: (event) => {
      recorded.push(event);
      return Promise.resolve();
    },
  });
  running.push(service);
  await service.open();
  return service;
}

const registration = (slug: string): Registration => ({ slug, title: slug, kind: 'scheme', jurisdiction: 'GB' });

function claim(policy: string, key: string, more: object = {}): ReturnType<typeof bodyRequest> {
  const parsed = parseEventBody(
    {
      key,
      type: 'claim.made',
      policy,
      occurred: '2025-05-01',
      publishedAt: '2025-05-01',
      summary: `A claim: ${key}.`,
      epistemic: 'confirmed',
      actors: [{ name: 'Somebody', kind: 'person' }],
      sources: [{ publisher: 'Gazette', title: 'News', publishedAt: '2025-05-01', genre: 'news' }],
      ...more,
    },
    ZONE,
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
  return bodyRequest(parsed.body);
}

const dealt = (
  act: 'retried' | 'discarded',
  projection: string,
  key: string,
  time = 1,
): ReturnType<typeof bodyRequest> =>
  claim('ferry', `${act}-${projection}-${key}-${time}`, {
    type: `operation.event-${act}`,
    target: key,
    projection,
    reason: 'An operator looked at it.',
    actors: undefined,
    epistemic: undefined,
    sources: undefined,
  });

/** The read models, one of which cannot take an event: it throws, or gives a row that the database refuses. */
function withPoison(
  name: string,
  { key, atPoison, how }: { key: string; atPoison: 'stop' | 'park'; how: 'throws' | 'refused' },
): { readonly projections: readonly Projection[]; readonly heal: () => void } {
  let isHealed = false;
  const poisoned = (projection: Projection): Projection => ({
    ...projection,
    atPoison,
    changesOf: (change) => {
      const changes = projection.changesOf(change);
      if (isHealed || change.key !== key) return changes;
      if (how === 'throws') throw new Error('This is too much.');
      return changes.map((each) => ({
        ...each,
        inserts: each.inserts.map((row) => ({ ...row, columns: { ...row.columns, event: 'a\u0000b' } })),
      }));
    },
  });
  return {
    projections: readModels.map((each) => (each.name === name ? poisoned(each) : each)),
    heal: () => {
      isHealed = true;
    },
  };
}

const claims = async (): Promise<readonly string[]> => {
  const { rows } = await database.pool.query<{ event: string }>('SELECT event FROM read.claims ORDER BY position');
  return rows.map(({ event }) => event);
};

async function statusOf(service: ProjectionsOfProcess, name: string): Promise<ProjectionStatus> {
  const status = (await service.administration.status()).find((each) => each.name === name);
  if (!status) throw new Error(`There is no read model ${name}.`);
  return status;
}

beforeEach(async () => {
  database = await createMigratedDatabase();
  log = createPostgresEventLog({ pool: database.pool });
  await appendAll(log, [
    registrationRequest(registration('ferry')),
    registrationRequest(registration('bridge')),
    claim('ferry', 'one'),
    claim('bridge', 'two'),
    claim('ferry', 'bad'),
    claim('bridge', 'three'),
    claim('ferry', 'four'),
  ]);
}, 60_000);

/** The database refuses rows of claims with an error of this code: those of one event, or as often as told. */
async function withFault(
  code: string,
  { event, times }: { event?: string; times?: number },
): Promise<() => Promise<void>> {
  const client = new pg.Client(database.url);
  await client.connect();
  await client.query('CREATE SEQUENCE public.faults');
  await client.query('GRANT USAGE ON SEQUENCE public.faults TO PUBLIC');
  const when = times === undefined ? `NEW.event = '${event}'` : `nextval('public.faults') <= ${times}`;
  await client.query(`CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF ${when} THEN RAISE EXCEPTION 'too much for the database' USING ERRCODE = '${code}'; END IF; RETURN NEW; END $$`);
  await client.query('CREATE TRIGGER fails BEFORE INSERT ON read.claims FOR EACH ROW EXECUTE FUNCTION public.fail()');
  return async () => {
    await client.query('DROP TRIGGER fails ON read.claims');
    await client.end();
  };
}

/** Makes the tables, and nothing else. */
const withTables = (): Promise<unknown> => prepareReadSchema(database.pool, readModels, { position: 0 });

const reached = async (service: ProjectionsOfProcess): Promise<void> => {
  const { position } = await log.head();
  expect(await service.readSide.waitFor(position, WAIT_MS)).toBe(position);
};

/** The current state of the ferry as an answer has it, and as its boxes show it. */
async function ferryNow(
  service: ProjectionsOfProcess,
): Promise<{ readonly answered: unknown; readonly boxes: ShownFacts }> {
  const now = instant(Date.now());
  const { position: recorded } = service.readSide.progressOf('ferry');
  const at = { recorded, recordedAt: null, knownAt: now, validAt: now };
  const boxes = shownFacts(await factsOfOne(database.pool, FERRY, at));
  const answered = await service.readModels.currentStates.of([FERRY], at, (others) =>
    Promise.resolve(new Map(others.map((policy) => [policy, boxes]))),
  );
  await service.readModels.currentStates.settle();
  return { answered: answered.get(FERRY), boxes };
}

const isStored = async (): Promise<boolean> =>
  (await database.pool.query('SELECT FROM read.policy_heads WHERE policy = $1', [FERRY])).rowCount === 1;

describe('a read model of facts that set a policy aside', () => {
  it('has the current state that its boxes show', async () => {
    const { projections } = withPoison('policy-facts', { key: 'bad', atPoison: 'park', how: 'throws' });
    const term = (key: string): ReturnType<typeof claim> =>
      claim('ferry', `sets-${key}`, { type: 'terms.changed', terms: [{ key, value: 1, unit: 'GBP' }] });
    const service = await started(projections);
    await ferryNow(service);
    expect(await isStored()).toBe(true);
    await appendAll(log, [term('fare')]);
    await reached(service);
    const { answered, boxes } = await ferryNow(service);
    expect(answered).toEqual(boxes);
    expect(boxes.state).toEqual({});
  });
});

describe('a read model of facts that stood still while others went on', () => {
  it('comes to have the current state that its boxes show', async () => {
    const { projections, heal } = withPoison('policy-facts', { key: 'bad', atPoison: 'stop', how: 'throws' });
    const term = (key: string): ReturnType<typeof claim> =>
      claim('ferry', `sets-${key}`, { type: 'terms.changed', terms: [{ key, value: 1, unit: 'GBP' }] });
    await appendAll(log, [term('fare')]);
    const service = await started(projections);
    await eventually('it stops', async () => (await statusOf(service, 'policy-facts')).state === 'stopped');
    await ferryNow(service);
    expect(await isStored()).toBe(true);
    await appendAll(log, [term('toll')]);
    await service.readSide.waitFor(position(9), WAIT_MS);
    heal();
    await service.administration.resume({ projection: 'policy-facts', policy: 'ferry' });
    await eventually('it goes on', async () => (await statusOf(service, 'policy-facts')).position === 9);
    const { answered, boxes } = await ferryNow(service);
    expect(answered).toEqual(boxes);
    expect(Object.keys(boxes.state['terms'] ?? {})).toEqual(['fare', 'toll']);
  });
});

describe('rows that the database does not take for reasons of its own', () => {
  for (const [code, what] of [
    ['57014', 'take too long'],
    ['53200', 'take too much memory'],
    ['54000', 'are too large'],
  ] as const)
    it(`are parked with their event alone when they always ${what}`, async () => {
      await withTables();
      const heal = await withFault(code, { event: 'bad' });
      const service = await started(readModels);
      await reached(service);
      expect(await claims()).toEqual(['one', 'two', 'three']);
      await eventually('it is told', () => recorded.length > 0);
      expect(recorded).toMatchObject([{ projection: 'claims', policy: 'ferry', event: 'bad', stops: false }]);
      expect(recorded[0]?.error).toBe('too much for the database');
      // Tried again too early it is parked again, and later ones still go on.
      await appendAll(log, [dealt('retried', 'claims', 'bad'), claim('bridge', 'five')]);
      await reached(service);
      expect(await claims()).toEqual(['one', 'two', 'three', 'five']);
      await heal();
      await appendAll(log, [claim('ferry', 'six'), dealt('retried', 'claims', 'bad', 2)]);
      await reached(service);
      expect(await claims()).toEqual(['one', 'two', 'bad', 'three', 'four', 'five', 'six']);
      expect((await statusOf(service, 'claims')).parked).toEqual([]);
      expect((await statusOf(service, 'claims')).lastError).toBeNull();
    });

  /** The database takes too long over rows of this event in one table once they are in another, too. */
  async function tooMuchTogether(event: string): Promise<void> {
    const client = new pg.Client(database.url);
    await client.connect();
    for (const [table, other] of [
      ['claims', 'timeline'],
      ['timeline', 'claims'],
    ] as const) {
      await client.query(`CREATE FUNCTION public.fail_${table}() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF NEW.event = '${event}' AND EXISTS (SELECT FROM read.${other} WHERE event = '${event}') THEN
          RAISE EXCEPTION 'too much for the database' USING ERRCODE = '57014'; END IF; RETURN NEW; END $$`);
      await client.query(
        `CREATE TRIGGER fails AFTER INSERT ON read.${table} FOR EACH ROW EXECUTE FUNCTION public.fail_${table}()`,
      );
    }
    await client.end();
  }

  it('are parked for one read model when they are too much together only, and the round has an end', async () => {
    await withTables();
    await tooMuchTogether('bad');
    const service = await started(readModels);
    await reached(service);
    await eventually('it is told', () => recorded.length > 0);
    expect(recorded).toHaveLength(1);
    expect(recorded[0]).toMatchObject({
      policy: 'ferry',
      event: 'bad',
      error: 'Refused only together with the rows of other read models: too much for the database',
    });
    expect(['claims', 'timeline']).toContain(recorded[0]?.projection);
    expect(await claims()).toEqual(expect.arrayContaining(['one', 'two', 'three']));
    expect((await statusOf(service, 'claims')).lastError).toBeNull();
  });

  it('are not parked for a fault of another kind that comes while it is looked what is refused', async () => {
    await withTables();
    const client = new pg.Client(database.url);
    await client.connect();
    await client.query('CREATE SEQUENCE public.faults; GRANT USAGE ON SEQUENCE public.faults TO PUBLIC');
    // In the batch, three times alone, then by itself.
    await client.query(`CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS
      $$ DECLARE fault bigint; BEGIN IF NEW.event = 'bad' THEN
        fault := nextval('public.faults');
        IF fault < 5 THEN RAISE EXCEPTION 'too much for the database' USING ERRCODE = '57014'; END IF;
        IF fault = 5 THEN RAISE EXCEPTION 'the connection is lost' USING ERRCODE = '08006'; END IF;
      END IF; RETURN NEW; END $$`);
    await client.query('CREATE TRIGGER fails BEFORE INSERT ON read.claims FOR EACH ROW EXECUTE FUNCTION public.fail()');
    const service = await started(readModels);
    await reached(service);
    const { rows } = await client.query<{ last: string }>('SELECT last_value AS last FROM public.faults');
    await client.end();
    expect(Number(rows[0]?.last)).toBeGreaterThan(5);
    expect(await claims()).toEqual(['one', 'two', 'bad', 'three', 'four']);
    expect(recorded).toEqual([]);
  });

  it('are written table by table where they are too much for one statement only', async () => {
    await withTables();
    const client = new pg.Client(database.url);
    await client.connect();
    await client.query(`CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.event = 'bad' AND current_query() LIKE '%rows_1 AS%' THEN
        RAISE EXCEPTION 'too much for the database' USING ERRCODE = '57014'; END IF; RETURN NEW; END $$`);
    await client.query('CREATE TRIGGER fails BEFORE INSERT ON read.claims FOR EACH ROW EXECUTE FUNCTION public.fail()');
    await client.end();
    const service = await started(readModels);
    await reached(service);
    expect(await claims()).toEqual(['one', 'two', 'bad', 'three', 'four']);
    expect(troubles.length).toBeGreaterThan(0);
    expect(recorded).toEqual([]);
  });

  // A disk that is full for a while fails far more often than an event is tried alone.
  it.each([
    ['57014', 2],
    ['53100', 4],
  ] as const)('are taken when that passes (%s), and nothing is parked', async (code, times) => {
    await withTables();
    const heal = await withFault(code, { times });
    const service = await started(readModels);
    await reached(service);
    expect(await claims()).toEqual(['one', 'two', 'bad', 'three', 'four']);
    expect(troubles.length).toBeGreaterThan(0);
    expect(recorded).toEqual([]);
    await heal();
  });

  it('wait, and are not parked, while the database takes nothing at all', async () => {
    await withTables();
    const heal = await withFault('53200', { times: 1_000_000 });
    const full = new pg.Client(database.url);
    await full.connect();
    await full.query(
      'CREATE TRIGGER fails BEFORE INSERT ON read.set_aside FOR EACH ROW EXECUTE FUNCTION public.fail()',
    );
    const service = await opened(readModels);
    await eventually('it has been tried with one event alone', async () => {
      const { rows } = await full.query<{ last: string }>('SELECT last_value AS last FROM public.faults');
      return Number(rows[0]?.last) > 5;
    });
    await full.query('DROP TRIGGER fails ON read.set_aside');
    await heal();
    await full.end();
    await reached(service);
    expect(await claims()).toEqual(['one', 'two', 'bad', 'three', 'four']);
    expect(recorded).toEqual([]);
  });
});

for (const how of ['throws', 'refused'] as const)
  describe(`an event that a read model cannot take (${how})`, () => {
    it('is parked, its policy queues, and all others go on', async () => {
      const { projections } = withPoison('claims', { key: 'bad', atPoison: 'park', how });
      const service = await started(projections);
      await reached(service);
      expect(await claims()).toEqual(['one', 'two', 'three']);
      expect((await statusOf(service, 'claims')).parked).toMatchObject([
        { policy: 'ferry', event: 'bad', position: 5, stops: false },
      ]);
      await eventually('it is told', () => recorded.length > 0);
      expect(recorded).toMatchObject([{ projection: 'claims', event: 'bad' }]);
      await appendAll(log, [dealt('retried', 'claims', 'bad')]);
      await reached(service);
      expect(await claims()).toEqual(['one', 'two', 'three']);
      await appendAll(log, [claim('ferry', 'five'), dealt('discarded', 'claims', 'bad')]);
      await reached(service);
      expect(await claims()).toEqual(['one', 'two', 'three', 'four', 'five']);
      expect((await statusOf(service, 'claims')).parked).toEqual([]);
    });

    it('stops the partition where a read model is to stop, and no other', async () => {
      const { projections, heal } = withPoison('claims', { key: 'bad', atPoison: 'stop', how });
      const service = await started(projections);
      await reached(service);
      expect(await statusOf(service, 'claims')).toMatchObject({ state: 'stopped', position: 4 });
      expect(await statusOf(service, 'timeline')).toMatchObject({ state: 'running', position: 4 });
      expect(service.readSide.progress.position).toBe(7);
      expect(await claims()).toEqual(['one', 'two', 'three']);
      expect(service.readSide.progressOf('ferry').position).toBe(4);
      expect(service.readSide.progressOf('bridge').position).toBe(7);
      expect(service.readSide.progressOf().position).toBe(4);
      expect((await statusOf(service, 'claims')).parked).toMatchObject([{ event: 'bad', stops: true }]);
      heal();
      await appendAll(log, [dealt('discarded', 'claims', 'bad')]);
      await service.administration.resume({ projection: 'claims', policy: 'ferry' });
      await eventually('it goes on', async () => (await statusOf(service, 'claims')).position === 8);
      expect((await statusOf(service, 'claims')).state).toBe('running');
    });

    it('is in the current state no more than in the boxes when it was given up', async () => {
      const { projections } = withPoison('timeline', { key: 'bad', atPoison: 'stop', how });
      const service = await started(projections);
      await eventually('it stops', async () => (await statusOf(service, 'timeline')).state === 'stopped');
      await ferryNow(service);
      expect(await isStored()).toBe(true);
      await appendAll(log, [dealt('discarded', 'timeline', 'bad')]);
      await service.administration.resume({ projection: 'timeline', policy: 'ferry' });
      await eventually('it goes on', async () => (await statusOf(service, 'timeline')).position === 8);
      const { answered, boxes } = await ferryNow(service);
      expect(answered).toEqual(boxes);
      expect(boxes.eventCount).toBe(2);
    });

    it('is taken once the read model can take it', async () => {
      const { projections, heal } = withPoison('claims', { key: 'bad', atPoison: 'park', how: 'throws' });
      const service = await started(projections);
      await reached(service);
      heal();
      await appendAll(log, [dealt('retried', 'claims', 'bad')]);
      await reached(service);
      expect(await claims()).toEqual(['one', 'two', 'bad', 'three', 'four']);
    });

    it('is left out of a rebuild once it is discarded, and fails it before', async () => {
      const { projections } = withPoison('claims', { key: 'bad', atPoison: 'park', how });
      const service = await started(projections);
      await reached(service);
      if (how === 'throws') {
        await service.administration.rebuild('claims');
        await eventually('it fails', async () => (await statusOf(service, 'claims')).rebuild?.state === 'failed');
        expect((await statusOf(service, 'claims')).rebuild?.error).toContain('"bad" (position 5)');
      }
      await appendAll(log, [dealt('discarded', 'claims', 'bad')]);
      await reached(service);
      expect(await claims()).toEqual(['one', 'two', 'three', 'four']);
      if (how === 'refused') return;
      await service.administration.rebuild('claims');
      await eventually('it is done', async () => (await statusOf(service, 'claims')).rebuild?.state === 'done');
      expect(await claims()).toEqual(['one', 'two', 'three', 'four']);
      expect(await compareWithReplay({ pool: database.pool, log, projections })).toMatchObject({ isEqual: true });
    });
  });
