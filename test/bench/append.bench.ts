import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type AppendRequest, type EventLog, canonicalJson, createPostgresEventLog } from '#event-log';
import { type Comparison, compare, withCallers } from './harness/measure.js';

/** Events a round appends, for each number of callers. */
const EVENTS: Readonly<Record<number, number>> = { 1: 1000, 8: 6000, 32: 16_000 };

const ROUNDS = 5;
const SUMMARY = 'x'.repeat(420);

/** Appends against multi-row INSERT into an equal plain table, and against one transaction an event. */
export async function appendComparisons(pool: pg.Pool, owner: pg.Client): Promise<readonly Comparison[]> {
  await makePlainTable(owner);
  const comparisons: Comparison[] = [];
  for (const callers of [1, 8, 32]) comparisons.push(await atCallers(callers, { pool, owner }));
  comparisons.push(await inSeries({ pool, owner }));
  return comparisons;
}

// The same columns and the same indexes as the log's own table.
const PLAIN_TABLE = `
  DROP TABLE IF EXISTS plain_events;
  CREATE TABLE plain_events (position bigint PRIMARY KEY, id uuid NOT NULL UNIQUE, key text NOT NULL UNIQUE, type text NOT NULL, stream text NOT NULL,
    revision integer NOT NULL, prev bigint, recorded_at timestamptz(3) NOT NULL, entry text NOT NULL, UNIQUE (stream, revision));
  CREATE INDEX ON plain_events (recorded_at, position)`;

/** Makes an empty table like the log's own, without anything that guards it. */
export const makePlainTable = (owner: pg.Client): Promise<unknown> => owner.query(PLAIN_TABLE);

async function atCallers(callers: number, { pool, owner }: { pool: pg.Pool; owner: pg.Client }): Promise<Comparison> {
  const total = EVENTS[callers] ?? 1000;
  const log = createPostgresEventLog({ pool });
  // One log a caller shares no flush with another: each append is a transaction of its own through the same head.
  const alone = Array.from({ length: callers }, () => createPostgresEventLog({ pool }));
  const comparison = await compare({
    title: `Append, ${callers} callers, events of about 600 bytes`,
    unit: 'events',
    rounds: ROUNDS,
    contenders: [
      {
        name: `INSERT of ${callers} rows a statement into an equal table`,
        run: () => insertPlain(owner, { total, rows: callers }),
      },
      { name: 'append, group commit', run: () => appendEach(callers, total, () => log) },
      {
        name: 'append, one transaction an event',
        run: () => appendEach(callers, Math.ceil(total / 8), (caller) => alone[caller] ?? log),
      },
    ],
  });
  await Promise.all([log, ...alone].map((each) => each.close()));
  return comparison;
}

const SERIES = 20_000;
const SERIES_ROWS = 512;

/** A long series, as an import appends it. */
async function inSeries({ pool, owner }: { pool: pg.Pool; owner: pg.Client }): Promise<Comparison> {
  const log = createPostgresEventLog({ pool });
  const comparison = await compare({
    title: 'Append in a series, as an import does',
    unit: 'events',
    rounds: ROUNDS,
    contenders: [
      {
        name: `INSERT of ${SERIES_ROWS} rows a statement into an equal table`,
        run: () => insertPlain(owner, { total: SERIES, rows: SERIES_ROWS }),
      },
      { name: 'appendMany', run: () => appendSeries(log) },
    ],
  });
  await log.close();
  return comparison;
}

async function appendSeries(log: EventLog): Promise<number> {
  const run = randomUUID();
  for (let done = 0; done < SERIES; done += SERIES_ROWS)
    await log.appendMany(
      Array.from({ length: SERIES_ROWS }, (_, row) => request(`${run}-${row % 32}`, `${run}-${done + row}`)),
    );
  return SERIES;
}

let plainPosition = 0;

/** Inserts rows into the plain table, so many a statement, one statement after the other. */
export async function insertPlain(owner: pg.Client, { total, rows }: { total: number; rows: number }): Promise<number> {
  const places = Array.from(
    { length: rows },
    (_, row) => `(${Array.from({ length: 8 }, (_value, column) => `$${row * 8 + column + 1}`).join(', ')}, now())`,
  );
  const text = `INSERT INTO plain_events (position, id, key, type, stream, revision, prev, entry, recorded_at) VALUES ${places.join(', ')}`;
  const run = randomUUID();
  for (let done = 0; done < total; done += rows) {
    const values = Array.from({ length: rows }, (_, row) => {
      plainPosition += 1;
      const revision = Math.floor((done + row) / rows);
      return [
        plainPosition,
        randomUUID(),
        `${run}-${done + row}`,
        'terms.changed',
        `${run}-${row}`,
        revision,
        plainPosition - rows,
        bodyOf(plainPosition),
      ];
    });
    await owner.query({ name: `insert-plain-${rows}`, text, values: values.flat() });
  }
  return total;
}

async function appendEach(callers: number, total: number, logOf: (caller: number) => EventLog): Promise<number> {
  const run = randomUUID();
  let appended = 0;
  await withCallers(callers, callers, async (caller) => {
    for (; appended < total;) {
      appended += 1;
      const outcome = await logOf(caller).append(request(`${run}-${caller}`, `${run}-${appended}`));
      if (outcome.outcome !== 'appended') throw new Error(`Not appended: ${outcome.outcome}`);
    }
  });
  return total;
}

/** A request for one event of about 600 bytes. */
export const request = (stream: string, key: string): AppendRequest => ({
  stream,
  expected: 'any',
  events: [{ id: randomUUID(), key, type: 'terms.changed', body: bodyOf(key) }],
});

const bodyOf = (key: string | number): string =>
  canonicalJson({ key, summary: SUMMARY, terms: [{ key: 'price', value: 7 }] });
