// The application on a corpus, as a process of its own: `as-of-server.ts DATABASE_URL EVENTS POLICIES`. Tells on standard output
// how long the import took and how much memory, then where it listens.
import { Readable } from 'node:stream';
import pg from 'pg';
import { migrateAudit } from '#audit';
import { APPLICATION_ROLE, createPostgresEventLog } from '#event-log';
import { migrateLog } from '#kurrentdb-log';
import { openPool } from '#postgres';
import { ReadModels, type Runner } from '#projections';
import { createLogger, readConfiguration } from '#runtime';
import { createApplication } from '../../../apps/api/src/application.js';
import { RequestsUnderWay } from '../../../apps/api/src/start/shutdown.js';
import { IMPORT, type ImportEvents, RUNNER } from '../../../apps/api/src/tokens.js';
import { corpusLines } from '../harness/corpus.js';
import { ReferenceModule } from './reference.module.js';

const PAGE = 500;

/** Documents are then much the same however long the policies are: what differs is the history alone. */
const FIGURES_OF_FIRST = 20;

let importRssMb = 0;

const [, , url = '', size = '10000', policies = '500'] = process.argv;
const configuration = readConfiguration({ PORT: '0', SEEDS: '', LOG_LEVEL: 'warn' }, process.cwd());
if (!configuration.ok) throw new Error(configuration.mistakes.join('\n'));

await migrateLog(url);
await migrateAudit(url);
const pool = openPool({ url, name: 'bench', role: APPLICATION_ROLE, onIdleError: () => undefined });
const logger = createLogger('warn');
const log = createPostgresEventLog({ pool });
const requests = new RequestsUnderWay();
const application = await createApplication({
  configuration: configuration.configuration,
  logger,
  pool,
  log,
  requests,
  alongside: [ReferenceModule.forRoot(pool)],
});

const importing = await timed(() => importCorpus(application.get<ImportEvents>(IMPORT)));
const projecting = await timed(advance);
await analysed();
await application.listen(0, '127.0.0.1');
const own = await application.getUrl();
await fillReference();
process.stdout.write(
  `${JSON.stringify({ events: Number(size), importMs: importing, projectMs: projecting, peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024), importRssMb, url: own })}\n`,
);

async function advance(): Promise<void> {
  await application.get(ReadModels).open();
  const runner = application.get<Runner>(RUNNER);
  runner.start();
  await runner.caughtUp();
}

async function importCorpus(importEvents: ImportEvents): Promise<void> {
  const corpus = { events: Number(size), policies: Number(policies), seed: 7, figuresOfFirst: FIGURES_OF_FIRST };
  const bytes = Readable.from(chunked(corpusLines(corpus)));
  for await (const line of importEvents(bytes, { dryRun: false, atomic: false })) {
    if ('summary' in line && line.summary.rejected > 0)
      throw new Error(`${line.summary.rejected} lines were rejected.`);
    if ('result' in line && line.result === 'rejected') throw new Error(JSON.stringify(line));
  }
  importRssMb = Math.round(process.resourceUsage().maxRSS / 1024);
}

function* chunked(lines: Iterable<string>): Generator<Buffer> {
  let chunk: string[] = [];
  for (const line of lines) {
    chunk.push(line);
    if (chunk.length < PAGE) continue;
    yield Buffer.from(`${chunk.join('\n')}\n`);
    chunk = [];
  }
  yield Buffer.from(chunk.join('\n'));
}

async function analysed(): Promise<void> {
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  await owner.query('VACUUM ANALYZE');
  await owner.end();
}

/** Documents of the size of the answers, by primary key. */
async function fillReference(): Promise<void> {
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  await owner.query(
    `CREATE SCHEMA reference; CREATE TABLE reference.documents (slug text PRIMARY KEY, document jsonb NOT NULL); GRANT USAGE ON SCHEMA reference TO ${APPLICATION_ROLE}; GRANT SELECT ON reference.documents TO ${APPLICATION_ROLE}`,
  );
  const answer = await fetch(`${own}/v1/policies?limit=1000`);
  const { items } = (await answer.json()) as { items: readonly { policy: string }[] };
  await owner.query(
    'INSERT INTO reference.documents SELECT item ->> $2, item FROM jsonb_array_elements($1::jsonb) AS item',
    [JSON.stringify(items), 'policy'],
  );
  await owner.query('ANALYZE reference.documents');
  await owner.end();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return Math.round(performance.now() - start);
}
