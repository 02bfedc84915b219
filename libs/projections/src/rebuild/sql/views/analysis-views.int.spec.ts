import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { STANCES, instant, parseEventBody, position } from '#domain';
import { type Item, type TidyTable, daysIn, tables } from '#tables';
import { appendAll, bodyRequest, registrationRequest } from '../../../../../../test/support/events/append-bodies.js';
import { type OpenAnalytics, startAnalytics } from '../../../../../../test/support/tables/analytics.js';
import { fromSql } from '../../../../../../test/support/tables/read-cells.js';
import { differences } from '../../../core/difference.js';
import { storedPromises } from '../../../queries/analysis/promise-sources.js';
import { promisesAt } from '../../../queries/analysis/promises-at.js';
import { storedTurns, turnsAt } from '../../../queries/analysis/turns-at.js';
import type { ResolvedCoordinate } from '../../../rows/answers.js';

const SEED = Number(process.env['PROPERTY_SEED'] ?? 20261201);
const EVENTS = 240;
const COORDINATES = Number(process.env['TABLE_COORDINATES'] ?? 40);
const POLICIES = ['toll', 'ferry', 'lamps'];
const ZONE = 'Europe/London';
const DAYS = 120;

jest.setTimeout(120_000);

let analytics: OpenAnalytics;
let database: OpenAnalytics['database'];
let log: OpenAnalytics['log'];
let reader: OpenAnalytics['reader'];

const day = fc.nat({ max: DAYS }).map((days) => new Date(Date.UTC(2024, 1, 1 + days)).toISOString().slice(0, 10));
const occurred = fc.oneof(
  { weight: 5, arbitrary: day },
  day.map((text) => text.slice(0, 7)),
  day.map((text) => `[..${text}]`),
  day.map((text) => `[${text}..]`),
  day.map((text) => `${text}/${text.slice(0, 4)}-12`),
);
const due = fc.option(
  fc.oneof(
    day,
    day.map((text) => text.slice(0, 7)),
    day.map((text) => `[..${text}]`),
  ),
);
const rel = fc.constantFrom('fulfils', 'falsifies', 'supersedes', 'supersedes', 'follows', 'about');
const links = fc.array(fc.record({ rel, to: fc.nat() }), { maxLength: 2 });
const actor = fc.record(
  {
    name: fc.constantFrom('Ada', 'Ben'),
    kind: fc.constantFrom('person', 'person', 'organisation', 'group'),
    role: fc.constantFrom('speaker', 'minister'),
    onBehalfOf: fc.constantFrom('Party', 'Union'),
    anonymous: fc.constantFrom(false, false, true),
  },
  { requiredKeys: ['name', 'kind'] },
);

/** Promises and what becomes of them, stances and silences, events that undo others, and corrections of all of them. */
const lineOf = fc.record({
  kind: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        type: fc.constantFrom('policy.announced', 'pilot.planned', 'target.set', 'forecast.made'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constantFrom('target.met', 'target.missed', 'policy.commenced', 'policy.ended'),
      }),
    },
    { weight: 3, arbitrary: fc.record({ type: fc.constant('position.stated'), stance: fc.constantFrom(...STANCES) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('answer.withheld') }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('policy.reversed'), undoes: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('record.corrected', 'record.retracted') }) },
  ),
  policy: fc.constantFrom(...POLICIES),
  occurred,
  publishedAt: day,
  due,
  links,
  actors: fc.array(actor, { minLength: 1, maxLength: 2 }),
  target: fc.nat(),
});

type Line = typeof lineOf extends fc.Arbitrary<infer Value> ? Value : never;

/** The events of the corpus in the form that they are recorded in; a few say what cannot be meant and are left out. */
function bodiesOf(lines: readonly Line[]) {
  const told: { readonly key: string; readonly policy: string; readonly isRecord: boolean }[] = [];
  return lines.flatMap(({ kind, ...line }, index) => {
    const isRecord = kind.type.startsWith('record.');
    const earlier = told.filter((each) => !each.isRecord && (!isRecord || each.policy === line.policy));
    const pick = (place: number): string => earlier[place % earlier.length]?.key ?? 'event-none';
    const common = { key: `event-${index}`, type: kind.type, policy: line.policy, publishedAt: line.publishedAt };
    const changed = line.due === null ? { links: null } : { plannedFor: line.due };
    const body = isRecord
      ? {
          ...common,
          occurred: line.publishedAt,
          summary: 'Misread.',
          target: pick(line.target),
          reason: 'Misread.',
          ...(kind.type === 'record.corrected' ? { changes: { occurred: line.occurred, ...changed } } : {}),
        }
      : {
          ...common,
          occurred: line.occurred,
          summary: 'It was said, and so on.',
          epistemic: 'confirmed',
          actors: line.actors,
          sources: [{ publisher: 'Gazette', title: 'News', publishedAt: line.publishedAt, genre: 'news' }],
          ...(line.due === null ? {} : { plannedFor: line.due }),
          ...(earlier.length === 0
            ? {}
            : { links: line.links.map(({ rel: name, to }) => ({ rel: name, to: pick(to) })) }),
          ...('stance' in kind ? { stance: kind.stance } : {}),
          ...('undoes' in kind && earlier.length > 0 ? { undoes: pick(kind.undoes) } : {}),
        };
    const parsed = parseEventBody(body, ZONE);
    if (!parsed.ok) return [];
    told.push({ ...common, isRecord });
    return [parsed.body];
  });
}

beforeAll(async () => {
  analytics = await startAnalytics(ZONE);
  ({ database, log, reader } = analytics);
  const bodies = bodiesOf(fc.sample(lineOf, { numRuns: EVENTS, seed: SEED }));
  expect(bodies.length).toBeGreaterThan(EVENTS * 0.9);
  await appendAll(log, [
    ...POLICIES.map((slug) => registrationRequest({ slug, title: slug, kind: 'scheme', jurisdiction: 'GB' })),
    ...bodies.map(bodyRequest),
  ]);
  await analytics.catchUp();
});

afterAll(async () => {
  await analytics.stop();
});

const coordinates = async (): Promise<readonly ResolvedCoordinate[]> => {
  const { position: head } = await log.head();
  // Beginnings of days and their last milliseconds, and instants between.
  const at = fc
    .tuple(fc.integer({ min: 0, max: DAYS + 250 }), fc.constantFrom(-1, 0, 45_000_000))
    .map(([days, more]) => instant(Date.UTC(2024, 1, 1 + days) + more));
  const place = fc.integer({ min: POLICIES.length, max: head }).map(position);
  const point = fc.record({ recorded: place, recordedAt: fc.constant(null), knownAt: at, validAt: at });
  return fc.sample(point, { numRuns: COORDINATES, seed: SEED });
};

const dayOf = daysIn(ZONE);

const LIMIT = { filter: {}, page: { limit: 1_000 } };

const listed = {
  promises: async (at: ResolvedCoordinate): Promise<readonly Item[]> => {
    const source = storedPromises(database.pool, at, undefined);
    return (await promisesAt({ pool: database.pool, at, source }, LIMIT)).items;
  },
  turns: async (at: ResolvedCoordinate): Promise<readonly Item[]> => {
    const source = storedTurns(database.pool, at, undefined);
    return (await turnsAt({ pool: database.pool, at, source }, LIMIT)).items;
  },
};

async function cellsInSql({ name, columns }: TidyTable, at: ResolvedCoordinate): Promise<readonly unknown[][]> {
  const { rows } = await reader.query<{ readonly row: Readonly<Record<string, unknown>> }>(
    `SELECT to_jsonb(v) AS row FROM analytics_v1.${name}_at($1, $2, $3) v`,
    [new Date(at.knownAt).toISOString(), new Date(at.validAt).toISOString(), at.recorded],
  );
  return rows.map(({ row }) => columns.map(({ sqlName, type }) => fromSql(row[sqlName], type)));
}

const inOrder = (rows: readonly (readonly unknown[])[]): readonly string[] =>
  rows.map((row) => JSON.stringify(row)).sort();

/** What occurs in a column of the rows of all coordinates. */
const seen = new Map<string, Set<unknown>>();

it.each(['promises', 'turns'] as const)('has the cells of the answers about %s at random coordinates', async (name) => {
  const table = tables.find((each) => each.name === name);
  if (!table) throw new Error(`There is no table ${name}.`);
  let count = 0;
  for (const at of await coordinates()) {
    const rows = (await listed[name](at)).flatMap((item) => table.rowsOf(item, dayOf));
    expect({ at, rows: inOrder(await cellsInSql(table, at)) }).toEqual({ at, rows: inOrder(rows) });
    for (const row of rows)
      for (const [place, { name: column }] of table.columns.entries()) {
        const key = `${name}.${column}`;
        seen.set(key, (seen.get(key) ?? new Set()).add(row[place]));
      }
    count += rows.length;
  }
  expect(count).toBeGreaterThan(COORDINATES * 5);
});

it('met every state of promises and every kind of turn on the way', () => {
  const among = (column: string) => [...(seen.get(column) ?? [])].sort();
  expect(among('promises.state')).toEqual([
    ...['dropped', 'due', 'late', 'met', 'met-or-late', 'missed', 'overdue', 'pending', 'replaced'],
  ]);
  expect(among('turns.kind')).toEqual(['hardening', 'reversal', 'softening', 'to-silence']);
  expect(among('turns.order')).toEqual(['certain', 'uncertain']);
  for (const column of [
    'promises.slipDaysMin',
    'promises.replaces',
    'turns.daysMin',
    'turns.undoes',
    'turns.onBehalfOf',
  ])
    expect({ column, count: seen.get(column)?.size ?? 0 }).not.toMatchObject({ count: 1 });
});

it('says of what was planned why it differs, and by which events, as answers do', async () => {
  const points = await coordinates();
  let [changes, ofOneEvent] = [0, 0];
  for (const [index, from] of points.entries()) {
    const to = { ...from, recorded: points[points.length - 1 - index]?.recorded ?? from.recorded };
    const wanted = (await differences(database.pool, { from, to, policy: null })).flatMap(
      ({ difference }) => difference.changes,
    );
    const times = [from, to].flatMap(({ knownAt, validAt, recorded }) => [
      new Date(knownAt),
      new Date(validAt),
      recorded,
    ]);
    const { rows } = await reader.query<object>(
      'SELECT field, why, events FROM analytics_v1.policy_diff($1, $2, $3, $4, $5, $6)',
      times,
    );
    const told = wanted.map(({ field, why, events }) => JSON.stringify({ field, why, events }));
    expect({ from, to, rows: rows.map((row) => JSON.stringify(row)).sort() }).toEqual({ from, to, rows: told.sort() });
    changes += wanted.length;
    ofOneEvent += wanted.filter(
      ({ before, after, events }) => before !== null && after !== null && events.length === 1,
    ).length;
  }
  expect(changes).toBeGreaterThan(COORDINATES);
  expect(ofOneEvent).toBeGreaterThan(0);
});
