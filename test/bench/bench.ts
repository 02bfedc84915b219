// `npm run bench`: starts a database of its own, measures, prints tables and writes one JSON file. No part of the tests.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { APPLICATION_ROLE } from '#event-log';
import { migrateLog } from '#kurrentdb-log';
import { openPool } from '#postgres';
import { startEmbeddedPostgres } from '#runtime';
import { accessComparisons } from './access/access.bench.js';
import { analysisComparisons } from './analysis/analysis.bench.js';
import { appendComparisons } from './append.bench.js';
import { auditReports } from './audit.bench.js';
import { asOfComparisons } from './as-of.bench.js';
import { deepFieldComparisons } from './deep-field.bench.js';
import { exportComparisons } from './exports/exports.bench.js';
import { importCosts } from './import.bench.js';
import { appendLatencies } from './latency.bench.js';
import { liveLatencies } from './live.bench.js';
import { lanesMeasured } from './browser/lanes.bench.js';
import { kurrentMeasured } from './kurrentdb.bench.js';
import type { Comparison, Latency } from './harness/measure.js';
import { projectionComparisons } from './projections.bench.js';
import { rebuildComparisons } from './rebuild.bench.js';
import { rebuildUnderLoad } from './rebuild-under-load.bench.js';
import { latencyTableOf, tableOf, writeReport } from './harness/report.js';
import { manyStreams } from './streams.bench.js';
import { type BenchRequest, type Settings, readRequest } from './harness/settings.js';

const REPORT = join(process.cwd(), '.data', 'bench.json');

const notes: unknown[] = [];
const latencies: Latency[] = [];

const suites: Readonly<Record<string, (database: string, settings: Settings) => Promise<readonly Comparison[]>>> = {
  append: benchAppends,
  latency: benchLatency,
  'as-of': noted(asOfComparisons),
  access: accessComparisons,
  analysis: noted(analysisComparisons),
  exports: benchExports,
  import: benchImport,
  projections: noted(projectionComparisons),
  rebuild: noted(rebuildComparisons),
  'rebuild-under-load': benchRebuildUnderLoad,
  'deep-field': deepFieldComparisons,
  kurrentdb: benchKurrent,
  live: benchLive,
  streams: benchStreams,
  audit: benchAudit,
  lanes: benchLanes,
};

const { benches, settings } = asked();
const wanted = benches.length > 0 ? benches : Object.keys(suites);

const comparisons: Comparison[] = [];
for (const [name, run] of Object.entries(suites)) {
  if (!wanted.includes(name)) continue;
  for (const comparison of await withDatabase((url) => run(url, settings))) {
    process.stdout.write(`${tableOf(comparison)}\n`);
    comparisons.push(comparison);
  }
}
writeReport(REPORT, { comparisons, latencies }, { benches: wanted, settings, corpora: notes });
process.stdout.write(`written to ${REPORT}\n`);
process.exit(0);

function asked(): BenchRequest {
  try {
    return readRequest(process.argv.slice(2), Object.keys(suites));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

/** Gives a suite a server of its own, durable as in production, and takes it away again. */
async function withDatabase<Result>(run: (url: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'policy-timeline-bench-'));
  const server = await startEmbeddedPostgres({
    dataFolder: folder,
    log: () => undefined,
    onLoss: (reason) => process.stderr.write(`${reason}\n`),
  });
  try {
    await migrateLog(server.url);
    return await run(server.url);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function benchAppends(url: string): Promise<readonly Comparison[]> {
  return withConnections(url, ({ pool, owner }) => appendComparisons(pool, owner));
}

async function benchLatency(url: string): Promise<readonly Comparison[]> {
  const measured = await withConnections(url, appendLatencies);
  process.stdout.write(`${latencyTableOf('Wait for an append, events of about 600 bytes', measured)}\n`);
  latencies.push(...measured);
  return [];
}

async function benchLive(url: string): Promise<readonly Comparison[]> {
  const measured = await liveLatencies(url);
  process.stdout.write(`${latencyTableOf('From commit to subscriber, 100 events a second', measured)}\n`);
  latencies.push(...measured);
  return [];
}

async function benchStreams(url: string): Promise<readonly Comparison[]> {
  const report = await manyStreams(url);
  process.stdout.write(`Many streams: ${JSON.stringify(report, null, 2)}\n`);
  notes.push(report);
  return [];
}

async function benchAudit(url: string, given: Settings): Promise<readonly Comparison[]> {
  const reports = await auditReports(url, given);
  process.stdout.write(`Audit: ${JSON.stringify(reports, null, 2)}\n`);
  notes.push(...reports);
  return [];
}

async function benchLanes(url: string): Promise<readonly Comparison[]> {
  const reports = await lanesMeasured(url);
  process.stdout.write(`Lanes in a browser: ${JSON.stringify(reports, null, 2)}\n`);
  notes.push(...reports);
  return [];
}

/** Gives work a pool as the application has it, and a connection as the owner. */
async function withConnections<Result>(
  url: string,
  work: (connections: { pool: pg.Pool; owner: pg.Client }) => Promise<Result>,
): Promise<Result> {
  const pool = openPool({
    url,
    name: 'bench',
    role: APPLICATION_ROLE,
    connectionLimit: 40,
    onIdleError: () => undefined,
  });
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  const measured = await work({ pool, owner });
  await owner.end();
  await pool.end();
  return measured;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

async function benchRebuildUnderLoad(url: string, sizes: Settings): Promise<readonly Comparison[]> {
  const told = await rebuildUnderLoad(url, sizes);
  const { events, firstBuildMs, rebuildMs, appended, reads, failed, older, readMs, unequal } = told;
  process.stdout.write(
    `Every read model rebuilt at ${events} events: first build ${seconds(firstBuildMs)}, rebuild ${seconds(rebuildMs)} while ${appended} events and ${reads} reads arrived, ${failed.length} failed, ${older} older than one before; median read ${readMs.median.toFixed(1)} ms, longest ${readMs.max.toFixed(0)} ms; ${unequal.length} read models differ\n`,
  );
  notes.push({ ...told, failed: failed.slice(0, 20) });
  return [];
}

/** A bench that has more to tell than its comparisons. */
function noted(
  run: (url: string, settings: Settings) => Promise<{ comparisons: readonly Comparison[]; notes: readonly unknown[] }>,
): (url: string, settings: Settings) => Promise<readonly Comparison[]> {
  return async (url, sizes) => {
    const measured = await run(url, sizes);
    notes.push(...measured.notes);
    return measured.comparisons;
  };
}

async function benchExports(url: string, given: Settings): Promise<readonly Comparison[]> {
  const { comparisons: measured, notes: told } = await exportComparisons(url, given);
  for (const { rows, memoryBeforeMb, peakMemoryMb } of told)
    process.stdout.write(
      `Exports of ${rows} rows: the process of the service held ${memoryBeforeMb} MB before and ${peakMemoryMb} MB at most\n`,
    );
  notes.push(...told);
  return measured;
}

async function benchKurrent(url: string): Promise<readonly Comparison[]> {
  const measured = await kurrentMeasured(url);
  process.stdout.write(`KurrentDB: ${measured.server}\n\n`);
  process.stdout.write(`${latencyTableOf('Wait for an append to KurrentDB', measured.latencies)}\n`);
  latencies.push(...measured.latencies);
  notes.push({ kurrentdb: measured.server });
  return measured.comparisons;
}

async function benchImport(): Promise<readonly Comparison[]> {
  const costs = await importCosts();
  for (const { events, dryRun, eventsPerSecond, peakMemoryMb } of costs)
    process.stdout.write(
      `Import of ${events} events${dryRun ? ', dry run' : ''}: ${eventsPerSecond} events a second, process peak ${peakMemoryMb ?? 'unknown'} MB\n`,
    );
  notes.push(...costs);
  return [];
}
