import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type EventBody, type RecordedEvent, instant, position } from '#domain';
import { type EventLog, createPostgresEventLog } from '#event-log';
import { differenceBetween, keysInForce, replayedPoint, stateAt } from '#temporal';
import { appendAll, bodyRequest, registrationRequest } from '../../../test/support/append-bodies.js';
import { boundaries, corpus } from '../../../test/support/corpus.js';
import { type MigratedDatabase, createMigratedDatabase } from '../../../test/support/migrated-database.js';
import type { ResolvedCoordinate } from './answers.js';
import { differences } from './policy-facts/difference.js';
import { eventsOfPolicy } from './policy-facts/replay.js';
import { factsOfAll } from './policy-facts/state.js';
import { Projections } from './projections.js';

const POLICIES = 12;
const EVENTS_EACH = 18;
const COORDINATES_EACH = 120;
const SEED = Number(process.env['PROPERTY_SEED'] ?? 20261124);

let database: MigratedDatabase;
let log: EventLog;
let projections: Projections;
/** The events of each policy as the log gives them back, by the number of the policy. */
const recorded = new Map<number, readonly RecordedEvent[]>();

/** Nothing here stops a runner but the test that expects it. */
const failed = (error: unknown): void => {
  throw error;
};

const renamed = (key: string, policy: string): string => `${policy}-${key}`;

/** The toy corpora share keys; in one log each needs its own. */
const moved = (body: EventBody, policy: string): EventBody => ({
  ...body,
  key: renamed(body.key, policy),
  policy,
  ...(body.target === undefined ? {} : { target: renamed(body.target, policy) }),
  ...(body.links ? { links: body.links.map((link) => ({ ...link, to: renamed(link.to, policy) })) } : {}),
  ...(body.changes ? { changes: movedChanges(body.changes, policy) } : {}),
});

const movedChanges = (
  changes: NonNullable<EventBody['changes']>,
  policy: string,
): NonNullable<EventBody['changes']> => ({
  ...changes,
  ...(changes.links ? { links: changes.links.map((link) => ({ ...link, to: renamed(link.to, policy) })) } : {}),
  ...(changes.changes ? { changes: movedChanges(changes.changes, policy) } : {}),
});

beforeAll(async () => {
  database = await createMigratedDatabase();
  log = createPostgresEventLog({ pool: database.pool });
  projections = new Projections({ pool: database.pool, log, now: () => instant(Date.now()), onStopped: failed });
  await projections.start();
  const corpora = fc.sample(corpus({ size: EVENTS_EACH }), { numRuns: POLICIES, seed: SEED });
  for (const [index, { events }] of corpora.entries()) {
    const slug = `policy-${index}`;
    const { position: number } = await log.head();
    await appendAll(log, [registrationRequest({ slug, title: slug, kind: 'scheme', jurisdiction: 'GB' })]);
    // Every other policy is in memory from the start, and brought on there; the rest is loaded when it is asked for.
    await projections.waitFor(position(number + 1), 30_000);
    if (index % 2 === 0)
      await projections.facts.factsOf(number + 1, {
        recorded: position(number + 1),
        recordedAt: null,
        knownAt: instant(0),
        validAt: instant(0),
      });
    await appendAll(
      log,
      events.map(({ body }) => bodyRequest(moved(body, slug))),
    );
    recorded.set(number + 1, await eventsOfPolicy(log, slug, Infinity));
  }
  const head = await log.head();
  await projections.waitFor(head.position, 30_000);
});

afterAll(async () => {
  await projections.stop();
  await log.close();
  await database.drop();
});

const coordinatesOf = (policy: number, events: readonly RecordedEvent[]): readonly ResolvedCoordinate[] => {
  const instants = fc.constantFrom(...boundaries(events));
  const place = fc.integer({ min: policy, max: Number(events.at(-1)?.position ?? policy) }).map(position);
  return fc.sample(
    fc.record({ recorded: place, recordedAt: fc.constant(null), knownAt: instants, validAt: instants }),
    { numRuns: COORDINATES_EACH, seed: SEED },
  );
};

describe('the boxes, in memory and in Postgres,', () => {
  it('answer as the fold does, at every coordinate tried', async () => {
    for (const [policy, events] of recorded)
      for (const at of coordinatesOf(policy, events)) {
        const state = stateAt(events, at);
        const folded = {
          at,
          facts: [...state.facts.values()],
          uncertain: state.uncertain,
          eventCount: keysInForce(state).length,
        };
        expect({ at, ...(await projections.facts.factsOf(policy, at)) }).toEqual(folded);
        expect({ at, ...(await factsOfAll(database.pool, [policy], at)).get(policy) }).toEqual(folded);
      }
  });

  it('differ between two coordinates as the folds do, reasons and causes included', async () => {
    for (const [policy, events] of recorded) {
      const coordinates = coordinatesOf(policy, events);
      for (let index = 1; index < coordinates.length; index += 4) {
        const [from, to] = [coordinates[index - 1], coordinates[index]];
        if (!from || !to) continue;
        const [found] = await differences(database.pool, { from, to }, policy);
        const expected = differenceBetween(replayedPoint(events, from), replayedPoint(events, to));
        expect({ from, to, ...(found?.difference ?? { changes: [], added: [], removed: [] }) }).toEqual({
          from,
          to,
          ...expected,
        });
      }
    }
  });

  it('never hold one point of a field twice', async () => {
    const { rows } = await database.pool.query(
      `SELECT a.policy, a.field, a.id, b.id FROM read.boxes a JOIN read.boxes b ON a.policy = b.policy AND a.field = b.field AND a.id < b.id
         AND int8range(a.recorded_from, a.recorded_to) && int8range(b.recorded_from, b.recorded_to)
         AND int8range(a.known_from, a.known_to) && int8range(b.known_from, b.known_to)
         AND int8range(a.valid_from, a.valid_to) && int8range(b.valid_from, b.valid_to)`,
    );
    expect(rows).toEqual([]);
  });
});

describe('the runner', () => {
  const digest = async (): Promise<readonly unknown[]> => {
    const { rows } = await database.pool.query<{ table_name: string }>(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = 'read' AND table_name NOT IN ('projections', 'policy_heads') ORDER BY 1",
    );
    return Promise.all(
      rows.map(async ({ table_name }) => {
        const counted = await database.pool.query(
          `SELECT '${table_name}' AS name, count(*) AS rows, md5(string_agg(t::text, ',' ORDER BY policy, id, part)) AS digest FROM read.${table_name} t`,
        );
        return counted.rows[0];
      }),
    );
  };

  it('builds the same rows again from the log, in batches of another size', async () => {
    const before = await digest();
    await projections.stop();
    await database.pool.query('UPDATE read.projections SET version = version - 1');
    projections = new Projections({ pool: database.pool, log, now: () => instant(Date.now()), onStopped: failed });
    await projections.start();
    expect(await digest()).toEqual(before);
  });

  it('stops, and writes nothing, when another has taken over', async () => {
    let stopped: unknown;
    const first = new Projections({
      pool: database.pool,
      log,
      now: () => instant(Date.now()),
      onStopped: (error) => (stopped = error),
    });
    await projections.stop();
    await first.start();
    projections = new Projections({ pool: database.pool, log, now: () => instant(Date.now()), onStopped: failed });
    await projections.start();
    await appendAll(log, [
      registrationRequest({ slug: 'one-more', title: 'One more', kind: 'scheme', jurisdiction: 'GB' }),
    ]);
    const { position: head } = await log.head();
    expect(await projections.waitFor(head, 5000)).toBe(head);
    await first.waitFor(head, 5000);
    expect(String(stopped)).toContain('Another process');
    const { rows } = await database.pool.query(
      "SELECT count(*)::integer AS count FROM read.policies WHERE slug = 'one-more'",
    );
    expect(rows).toEqual([{ count: 1 }]);
    await first.stop();
  });
});
