import { APPLICATION_ROLE, createPostgresEventLog } from '#event-log';
import { migrateLog } from '#kurrentdb-log';
import { openPool } from '#postgres';
import { tables } from '#tables';
import { to as copyTo } from 'pg-copy-streams';
import { type BenchedApplication, runBenched } from '../harness/application.js';
import { policySlug } from '../harness/corpus.js';
import { makeDatabase, withOwner } from '../harness/databases.js';
import { importCorpusLines } from '../harness/import-corpus.js';
import { type Comparison, type Contender, compare } from '../harness/measure.js';
import { peakMemoryMbOf, resetPeakMemory } from '../harness/process-usage.js';
import type { Settings } from '../harness/settings.js';

/** Rows of figures. */
const SIZES = [100_000];
const POLICIES = 200;
const ROUNDS = 3;
const FIGURES_EACH = 20;
const LEVEL_LIMIT_MS = 7_200_000;
const FORMATS = ['csv', 'ndjson', 'parquet'] as const;

/** The tables that are exported: rows of figures, of which many come of one event, and events, which are long. */
const TABLES = ['figures', 'events'] as const;

/** What the exports of a size took of memory. */
interface ExportNote {
  readonly rows: number;
  readonly events: number;
  /** What the process of the service held before its first export. */
  readonly memoryBeforeMb: number;
  /** The most that it held while it exported, in all rounds. */
  readonly peakMemoryMb: number;
}

/** Tables as files against COPY of the same rows and columns from the views for SQL, in turn, each a file of its own. */
export async function exportComparisons(
  server: string,
  { sizes = SIZES, policies = POLICIES, rounds = ROUNDS }: Settings,
): Promise<{ comparisons: readonly Comparison[]; notes: readonly ExportNote[] }> {
  const comparisons: Comparison[] = [];
  const notes: ExportNote[] = [];
  for (const rows of sizes) {
    const events = Math.ceil(rows / FIGURES_EACH);
    const database = await recordFigures(server, { events, policies });
    const application = await runBenched(database);
    try {
      await application.isLevel(policies + events, LEVEL_LIMIT_MS);
      resetPeakMemory(application.pid);
      const memoryBeforeMb = Math.round(peakMemoryMbOf(application.pid));
      for (const table of TABLES)
        comparisons.push(
          await compare({
            title: `Export of ${table}: ${table === 'figures' ? events * FIGURES_EACH : events} rows`,
            unit: 'rows',
            rounds,
            contenders: await contendersOf({ database, application, table, recorded: policies + events }),
          }),
        );
      notes.push({
        rows: events * FIGURES_EACH,
        events,
        memoryBeforeMb,
        peakMemoryMb: Math.round(peakMemoryMbOf(application.pid)),
      });
    } finally {
      await application.stop();
    }
  }
  return { comparisons, notes };
}

interface Exported {
  readonly database: string;
  readonly application: BenchedApplication;
  readonly table: (typeof TABLES)[number];
  /** Position of the last event. */
  readonly recorded: number;
}

/** Instants after all of the corpus: at each the rows are the same, and the file is another one. */
function* laterInstants(): Generator<string, never> {
  for (let at = Date.UTC(2027, 0, 1); ; at += 1) yield new Date(at).toISOString();
}

async function contendersOf({
  database,
  application,
  table,
  recorded,
}: Exported): Promise<readonly [Contender, ...Contender[]]> {
  const instants = laterInstants();
  const nextInstant = (): string => instants.next().value;
  const query = await rowsInSql(database, table, nextInstant());
  await keepCells(database, query);
  const count = await copyRowsOf(database, 'SELECT * FROM public.cells');
  const files = FORMATS.map((format) => ({
    name: format,
    run: async () => {
      const rows = await exportRows(`${application.url}/v1/${table}.${format}`, pinnedAt(recorded, nextInstant()));
      // A file of Parquet has no lines to be counted; the tests compare its cells.
      if (rows !== undefined && rows !== count) throw new Error(`${rows} rows of ${format}, where COPY has ${count}.`);
      return count;
    },
  }));
  return [
    { name: 'COPY (…) TO STDOUT', run: () => copyRowsOf(database, query) },
    { name: 'COPY of the same cells, kept in a table', run: () => copyRowsOf(database, 'SELECT * FROM public.cells') },
    ...files,
  ];
}

/** A log of events with figures; answers the address of its database. */
async function recordFigures(
  server: string,
  { events, policies }: { readonly events: number; readonly policies: number },
): Promise<string> {
  const url = await makeDatabase(server, `exports_${events}`);
  await migrateLog(url);
  const pool = openPool({ url, name: 'bench', role: APPLICATION_ROLE, onIdleError: () => undefined });
  const log = createPostgresEventLog({ pool });
  await importCorpusLines(log, figureLines(events, policies));
  await log.close();
  await pool.end();
  return url;
}

function* figureLines(events: number, policies: number): Generator<string> {
  for (let index = 0; index < policies; index += 1)
    yield JSON.stringify({
      policy: { slug: policySlug(index), title: `Policy number ${index}`, kind: 'scheme', jurisdiction: 'GB' },
    });
  for (let index = 0; index < events; index += 1) {
    const day = dayOf(index);
    yield JSON.stringify({
      key: `event-${index}`,
      type: 'figure.reported',
      policy: policySlug(index % policies),
      occurred: day,
      publishedAt: day,
      summary: 'The board published the figures of the month, in the usual place and by the usual rules.',
      epistemic: 'reported',
      actors: [{ name: `Board ${index % 40}`, kind: 'organisation' }],
      figures: Array.from({ length: FIGURES_EACH }, (_, place) => figureOf(index, place)),
      sources: [{ publisher: 'Gazette', title: `Figures ${index}`, publishedAt: day, genre: 'statistics' }],
    });
  }
}

/** Of one measure and day there are few figures, which say the same but for one in a hundred. */
const figureOf = (index: number, place: number): object => ({
  measure: `measure-${place}`,
  value: (index % DAYS) * FIGURES_EACH + place + (index % 100 === 0 ? 1 : 0),
  comparator: 'exact',
  unit: 'people',
  period: dayOf(index),
  purpose: `series ${index % 192}`,
});

/** So many days have figures. */
const DAYS = 5_800;

const dayOf = (index: number): string =>
  new Date(Date.UTC(2010, 0, 1) + (index % DAYS) * 86_400_000).toISOString().slice(0, 10);

/** Copies what a query answers; answers its number of rows. */
const copyRowsOf = (database: string, query: string): Promise<number> =>
  withOwner(database, async (owner) => {
    const stream = owner.query(copyTo(`COPY (${query}) TO STDOUT (FORMAT csv)`));
    for await (const _chunk of stream);
    return stream.rowCount;
  });

/** SQL for the rows of a table of files, with the columns that its view has, too. */
async function rowsInSql(database: string, name: string, at: string): Promise<string> {
  const columns = await withOwner(database, async (owner) => {
    const { rows } = await owner.query<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'analytics_v1' AND table_name = $1`,
      [name],
    );
    const declared = new Set(tables.find((each) => each.name === name)?.columns.map(({ sqlName }) => sqlName));
    return rows.filter((column) => declared.has(column.name)).map((column) => `"${column.name}"`);
  });
  return `SELECT ${columns.join(', ')} FROM analytics_v1.${name}_at('${at}', '${at}', NULL)`;
}

/** Keeps the cells that a query answers in a table, so that they can be copied without being worked out again. */
const keepCells = (database: string, query: string): Promise<unknown> =>
  withOwner(database, (owner) =>
    owner.query(`DROP TABLE IF EXISTS public.cells; CREATE UNLOGGED TABLE public.cells AS ${query}`),
  );

const pinnedAt = (recorded: number, at: string): string => `recordedAt=@${recorded}&knownAt=${at}&validAt=${at}`;

const NEWLINE = 10;

/** Fetches a file that was not made before; answers its rows, where they are lines. */
async function exportRows(address: string, query: string): Promise<number | undefined> {
  const answer = await fetch(`${address}?${query}`);
  if (answer.status !== 200 || !answer.body) throw new Error(`${address} was answered ${answer.status}.`);
  let lines = 0;
  for await (const chunk of answer.body) for (const byte of chunk) if (byte === NEWLINE) lines += 1;
  if (address.endsWith('.parquet')) return undefined;
  return address.endsWith('.csv') ? lines - 1 : lines;
}
