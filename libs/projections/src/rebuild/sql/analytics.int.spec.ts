import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { type RecordedEvent, instant, position, precisionOf } from '#domain';
import { inTransaction } from '#postgres';
import { tables } from '#tables';
import { WHYS, stateAt } from '#temporal';
import { policyRequests } from '../../../../../test/support/databases/one-log.js';
import { appendAll } from '../../../../../test/support/events/append-bodies.js';
import { boundaries, corpus } from '../../../../../test/support/events/corpus.js';
import { eventually } from '../../../../../test/support/eventually.js';
import { type OpenAnalytics, startAnalytics } from '../../../../../test/support/tables/analytics.js';
import { factRowsAt } from '../../core/boxes/fact-rows.js';
import { eventsOfPolicy } from '../../core/replay/replay.js';
import { differences } from '../../core/difference.js';
import { projections as readModels } from '../../read-models/registry.js';
import { eventsAt } from '../../queries/events/events.js';
import type { ResolvedCoordinate } from '../../rows/answers.js';
import { requestRebuilds } from '../rebuilds.js';
import { createAnalytics } from './analytics.js';
import { allViews } from './views/pinned-views.js';

const SEED = Number(process.env['PROPERTY_SEED'] ?? 20261124);
const POLICIES = 6;
const COORDINATES = 40;
const ALL = readModels.map(({ name }) => name);

jest.setTimeout(60_000);

let analytics: OpenAnalytics;
let database: OpenAnalytics['database'];
let log: OpenAnalytics['log'];
let reader: OpenAnalytics['reader'];
const recorded = new Map<string, readonly RecordedEvent[]>();

beforeAll(async () => {
  analytics = await startAnalytics('UTC');
  ({ database, log, reader } = analytics);
  for (const [index, { events }] of fc.sample(corpus({ size: 18 }), { numRuns: POLICIES, seed: SEED }).entries()) {
    await appendAll(log, policyRequests(`policy-${index}`, events));
    recorded.set(`policy-${index}`, await eventsOfPolicy(log, `policy-${index}`, Infinity));
  }
  await analytics.catchUp();
});

afterAll(async () => {
  await analytics.stop();
});

const rowsOf = async (text: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> =>
  (await reader.query<Record<string, unknown>>(text, [...values])).rows;

const everything = async (): Promise<string> => {
  const rows = [];
  for (const { name } of allViews)
    rows.push(await rowsOf(`SELECT v::text AS line FROM analytics_v1.${name} v ORDER BY 1`));
  return JSON.stringify(rows);
};

it('has the same rows after each of three rebuilds, and fails no reader meanwhile', async () => {
  const before = await everything();
  expect(before.length).toBeGreaterThan(5_000);
  for (const turn of [1, 2, 3]) {
    let isDone = false;
    const reading = (async (): Promise<void> => {
      while (!isDone) expect(await everything()).toBe(before);
    })();
    await requestRebuilds(database.pool, ALL);
    await eventually(`rebuild ${turn} is done`, async () => {
      const statuses = await analytics.projections.administration.status();
      return ALL.every((name) => statuses.find((each) => each.name === name)?.rebuild?.state === 'done');
    });
    isDone = true;
    await reading;
    expect(await everything()).toBe(before);
  }
  const comments = await rowsOf(
    `SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
      WHERE c.relnamespace = 'analytics_v1'::regnamespace AND c.relkind = 'v' AND col_description(c.oid, a.attnum) IS NULL`,
  );
  expect(comments).toEqual([]);
});

it.each([
  'SELECT FROM read.boxes',
  'SELECT FROM log.events',
  'INSERT INTO analytics_v1.facts (policy) VALUES (NULL)',
  'DELETE FROM analytics_v1.events',
  'UPDATE analytics_v1.policies SET title = NULL',
  'CREATE VIEW analytics_v1.mine AS SELECT 1',
  'DROP VIEW analytics_v1.facts',
  'CREATE TABLE public.mine (id integer)',
  'INSERT INTO read.policies DEFAULT VALUES',
])('lets its reader neither write nor see anything else: %s', async (statement) => {
  await expect(reader.query(statement)).rejects.toMatchObject({
    code: expect.stringMatching(/^(?:42501|55000)$/),
  });
});

const coordinates = (count = COORDINATES): readonly ResolvedCoordinate[] => {
  const events = [...recorded.values()].flat();
  const instants = fc.constantFrom(...boundaries(events).filter((at) => Number.isFinite(at) && Math.abs(at) < 4e12));
  const places = fc.constantFrom(...events.map((event) => event.position));
  return fc.sample(
    fc.record({ recorded: places, recordedAt: fc.constant(null), knownAt: instants, validAt: instants }),
    { numRuns: count, seed: SEED },
  );
};

const timesOf = ({ knownAt, validAt, recorded: at }: ResolvedCoordinate): readonly unknown[] => [
  new Date(knownAt).toISOString(),
  new Date(validAt).toISOString(),
  at,
];

const shownTime = (at: unknown): string | null => (at instanceof Date ? at.toISOString() : null);

it('has the cells of answers at random coordinates, pinned or given', async () => {
  let cells = 0;
  for (const at of coordinates()) {
    const { items } = await factRowsAt(database.pool, at, { filter: {}, page: { limit: 1_000 } });
    const wanted = items.map(({ policy, field, subject, unit, event, validFrom, validTo, valueNumber, isUncertain }) =>
      JSON.stringify([policy, field, subject, unit, event, validFrom, validTo, valueNumber, isUncertain]),
    );
    const given = await rowsOf('SELECT * FROM analytics_v1.facts_at($1, $2, $3)', timesOf(at));
    await reader.query('BEGIN');
    for (const [index, name] of ['ptl.known_at', 'ptl.valid_at', 'ptl.recorded'].entries())
      await reader.query('SELECT set_config($1, $2, true)', [name, String(timesOf(at)[index])]);
    const pinned = await rowsOf('SELECT * FROM analytics_v1.facts');
    await reader.query('COMMIT');
    for (const rows of [given, pinned]) {
      const found = rows.map((row) =>
        JSON.stringify([
          ...['policy', 'field', 'subject', 'unit', 'event'].map((name) => row[name]),
          shownTime(row['valid_from']),
          shownTime(row['valid_to']),
          row['value_number'],
          row['is_uncertain'],
        ]),
      );
      expect({ at, rows: [...found].sort() }).toEqual({ at, rows: [...wanted].sort() });
    }
    cells += items.length;
  }
  expect(cells).toBeGreaterThan(COORDINATES);
});

it('lists the events that answers list', async () => {
  let listed = 0;
  for (const at of coordinates()) {
    const { items } = await eventsAt(database.pool, at, {
      order: 'recorded',
      scope: 'primary',
      filter: {},
      page: { limit: 1_000 },
    });
    const wanted = items.map(({ key, position, occurred, dating, summary }) =>
      JSON.stringify([key, position, occurred, precisionOf(occurred), dating.earliest, dating.latest, summary]),
    );
    const rows = await rowsOf(
      'SELECT *, position::float8 AS place FROM analytics_v1.events_at($1, $2, $3)',
      timesOf(at),
    );
    const found = rows.map((row) =>
      JSON.stringify([
        ...['event', 'place', 'occurred_edtf', 'occurred_precision'].map((name) => row[name]),
        shownTime(row['occurred_from']),
        shownTime(row['occurred_to']),
        row['summary'],
      ]),
    );
    expect({ at, rows: [...found].sort() }).toEqual({ at, rows: [...wanted].sort() });
    listed += items.length;
  }
  expect(listed).toBeGreaterThan(COORDINATES);
});

it('says the status as the fold does', async () => {
  for (const at of coordinates()) {
    const states = await rowsOf('SELECT policy, status FROM analytics_v1.policy_as_of($1, $2, $3)', timesOf(at));
    for (const { policy, status } of states) {
      const folded = stateAt(recorded.get(String(policy)) ?? [], at);
      expect({ at, policy, status }).toEqual({ at, policy, status: folded.facts.get('status')?.value ?? null });
    }
  }
});

it('says what differs between two coordinates, why, and by which events, as answers do', async () => {
  let changes = 0;
  const reasons = new Set<string>();
  for (const [from, to] of pairs()) {
    const found = await rowsOf('SELECT * FROM analytics_v1.policy_diff($1, $2, $3, $4, $5, $6)', [
      ...timesOf(from),
      ...timesOf(to),
    ]);
    const wanted = (await differences(database.pool, { from, to, policy: null })).flatMap(({ difference }) =>
      difference.changes.map((change) => {
        reasons.add(change.why);
        return JSON.stringify([change.field, change.before, change.after, change.why, change.events]);
      }),
    );
    const told = found.map(({ field, before, after, why, events }) =>
      JSON.stringify([field, before, after, why, events]),
    );
    expect({ from, to, changes: told.map(inOrder).sort() }).toEqual({ from, to, changes: wanted.map(inOrder).sort() });
    changes += told.length;
  }
  expect(changes).toBeGreaterThan(COORDINATES);
  expect([...reasons].sort()).toEqual([...WHYS].sort());
});

/** Pairs of coordinates, most of which differ in one time alone: only then no other reason goes before its own. */
const pairs = (): readonly (readonly [ResolvedCoordinate, ResolvedCoordinate])[] => {
  const points = coordinates(3 * COORDINATES);
  const knownAt = instant(Math.max(...points.map((each) => each.knownAt)));
  const last = position(Math.max(...[...recorded.values()].flat().map((event) => event.position)));
  return points.flatMap((from, index) => {
    const other = points[points.length - 1 - index] ?? from;
    const late = { ...from, knownAt };
    return [
      [from, other],
      [from, { ...from, knownAt: other.knownAt }],
      [late, { ...late, recorded: other.recorded }],
      [late, { ...late, recorded: last }],
    ] as const;
  });
};

/** The members of objects in one order. */
const inOrder = (text: string): string =>
  JSON.stringify(JSON.parse(text), (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );

it('takes a date for its last millisecond', async () => {
  await reader.query("SET ptl.known_at = '2025-07-08'");
  const [row] = await rowsOf("SELECT analytics_v1.pinned_instant('ptl.known_at', NULL)::float8 AS at");
  await reader.query('RESET ptl.known_at');
  expect(row).toEqual({ at: Date.parse('2025-07-08T23:59:59.999Z') });
});

it('puts its views and functions in the place of those of another version', async () => {
  const before = await everything();
  await database.pool.query(`DROP VIEW analytics_v1.positions; CREATE VIEW analytics_v1.positions AS SELECT 1 AS other;
    CREATE VIEW analytics_v1.gone AS SELECT 1 AS one;
    DROP FUNCTION analytics_v1.facts_at; CREATE FUNCTION analytics_v1.facts_at(known_at timestamptz, valid_at timestamptz, recorded bigint)
      RETURNS TABLE (other integer) LANGUAGE sql AS 'SELECT 1'`);
  await inTransaction(database.pool, createAnalytics);
  expect(await everything()).toBe(before);
  expect(await rowsOf('SELECT * FROM analytics_v1.facts_at()')).not.toHaveLength(0);
  await expect(reader.query('SELECT FROM analytics_v1.gone')).rejects.toMatchObject({ code: '42P01' });
});

it('starts over beside a function of another version that had other arguments', async () => {
  const before = await everything();
  // Beside today's function with three arguments, so that a comment on its name alone would not say which it is of.
  await database.pool
    .query(`CREATE FUNCTION analytics_v1.pinned_instant(name text, other text) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint';
    CREATE FUNCTION analytics_v1.pinned_instant(name text) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint'`);
  await inTransaction(database.pool, createAnalytics);
  expect(await everything()).toBe(before);
  expect(
    await rowsOf(
      "SELECT pronargs FROM pg_proc WHERE pronamespace = 'analytics_v1'::regnamespace AND proname = 'pinned_instant'",
    ),
  ).toEqual([{ pronargs: 3 }]);
});

it('has the changes since a pinned point, of which nothing is known without one', async () => {
  const points = coordinates().slice(0, 12);
  const pins = ['from_known_at', 'from_valid_at', 'from_recorded', 'known_at', 'valid_at', 'recorded'];
  const pin = (name: string | undefined, value: unknown) =>
    reader.query('SELECT set_config($1, $2, true)', [`ptl.${name ?? ''}`, String(value)]);
  const lines = (rows: readonly object[]): readonly string[] => rows.map((row) => JSON.stringify(row)).sort();
  const counts = { changes: 0, added: 0 };
  for (const [index, to] of points.entries()) {
    const times = [...timesOf(points[points.length - 1 - index] ?? to), ...timesOf(to)];
    const told = await rowsOf(
      'SELECT policy, field, before, after, why, events FROM analytics_v1.policy_diff($1, $2, $3, $4, $5, $6)',
      times,
    );
    await reader.query('BEGIN');
    for (const [place, value] of times.entries()) await pin(pins[place], value);
    const changes = await rowsOf('SELECT policy, field, before, after, why, events FROM analytics_v1.changes');
    for (const name of pins.slice(0, 3)) await pin(name, '');
    const added = await rowsOf('SELECT policy, field, after FROM analytics_v1.changes WHERE before IS NULL');
    const facts = await rowsOf('SELECT policy, field, value AS after FROM analytics_v1.facts WHERE NOT is_uncertain');
    await reader.query('COMMIT');
    expect([lines(changes), lines(added)]).toEqual([lines(told), lines(facts)]);
    counts.changes += changes.length;
    counts.added += added.length;
  }
  expect(Math.min(counts.changes, counts.added)).toBeGreaterThan(0);
});

it('has every column of the tables that are exported, with a few that are named elsewhere', () => {
  const columnsOf = (name: string) =>
    allViews.find((view) => view.name === name)?.columnsAt({ recorded: '0', known: '0', valid: '0' });
  const missing = tables.flatMap(({ name, columns }) => {
    const shown = columnsOf(name);
    if (shown === undefined) return [name];
    return columns.flatMap(({ sqlName }) => (Object.hasOwn(shown, sqlName) ? [] : [`${name}.${sqlName}`]));
  });
  expect(missing).toEqual([
    ...['series.from_position', 'series.to_position'],
    ...['events.key', 'events.occurred', 'events.is_retracted', 'events.retracted_by'],
    ...['changes.causes'],
  ]);
});

/** The dashboard for analysts: what its panels and its list of policies ask. */
interface Dashboard {
  readonly templating: { readonly list: readonly { readonly type: string; readonly query: string }[] };
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly rawSql: string }[] }[];
}

/** What Grafana makes of a query for PostgreSQL: its macros and variables, over all policies and a wide range. */
const asGrafanaSends = (sql: string): string =>
  sql
    .replaceAll(/\$__timeFilter\(([^)]*)\)/g, "$1 BETWEEN '1900-01-01T00:00:00Z' AND '2090-01-01T00:00:00Z'")
    .replaceAll('$__timeFrom()', "'1900-01-01T00:00:00Z'")
    .replaceAll('$__timeTo()', "'2090-01-01T00:00:00Z'")
    .replaceAll('${policy:sqlstring}', [...recorded.keys()].map((slug) => `'${slug}'`).join(','));

it('has what the dashboard of Grafana asks for', async () => {
  const path = new URL('../../../../../docker/grafana/policies.json', import.meta.url);
  const { templating, panels }: Dashboard = JSON.parse(readFileSync(path, 'utf8'));
  const [listed = ''] = templating.list.flatMap(({ type, query }) => (type === 'query' ? [query] : []));
  expect((await rowsOf(listed)).map(({ policy }) => policy)).toEqual([...recorded.keys()].sort());
  const found = new Map<string, readonly string[]>();
  for (const { title, targets } of panels)
    for (const { rawSql } of targets) {
      const sql = asGrafanaSends(rawSql);
      expect(sql).not.toMatch(/\$/);
      const { rows, fields } = await reader.query<Record<string, unknown>>(sql);
      // A corpus may have no figures that stand.
      if (title !== 'Figures') expect({ title, isEmpty: rows.length === 0 }).toEqual({ title, isEmpty: false });
      found.set(
        title,
        fields.map(({ name }) => name),
      );
    }
  expect(found.get('Status over time')).toEqual(['time', 'policy', 'status']);
  expect(found.get('Figures')).toEqual(['time', 'metric', 'value']);
});
