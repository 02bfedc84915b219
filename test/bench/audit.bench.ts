import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import type pg from 'pg';
import { type Audit, migrateAudit, openAudit } from '#audit';
import { APPLICATION_ROLE, type EventLog, createPostgresEventLog } from '#event-log';
import { openPool } from '#postgres';
import { createLogger } from '#runtime';
import { request } from './append.bench.js';
import { percentileOf, withCallers } from './harness/measure.js';
import type { Settings } from './harness/settings.js';

/** What the audit costs and gives at one size of the log. */
export interface AuditReport {
  readonly events: number;
  readonly appendAlonePerSecond: number;
  readonly appendBesideFollowerPerSecond: number;
  readonly followerCatchingUpPerSecond: number;
  /** How many entries were not signed yet when the last append beside the follower was answered. */
  readonly lagAtTheEnd: number;
  readonly inclusionProofsPerSecond: number;
  readonly inclusionProofP50Ms: number;
  readonly inclusionProofP99Ms: number;
  readonly exportMb: number;
  readonly exportPerSecond: number;
  readonly verifyPerSecond: number;
  readonly verifyPeakMb: number;
}

const DEFAULT_SIZE = 1_000_000;
/** Of the events, this share is appended beside the follower. */
const BESIDE = 0.1;
const CALLERS = 256;
const STREAMS = 2_000;
const PROOFS = 3_000;
const LOOK_MS = 20;

/** Appends a log, follows it, proves from it, exports it and verifies the export; size by size. */
export async function auditReports(url: string, { sizes = [DEFAULT_SIZE] }: Settings): Promise<readonly AuditReport[]> {
  await migrateAudit(url);
  const pool = openPool({
    url,
    name: 'bench',
    role: APPLICATION_ROLE,
    connectionLimit: 20,
    onIdleError: () => undefined,
  });
  const log = createPostgresEventLog({ pool });
  const folder = mkdtempSync(join(tmpdir(), 'audit-bench-'));
  const reports: AuditReport[] = [];
  try {
    for (const size of sizes) reports.push(await measured({ pool, log, folder, size }));
    return reports;
  } finally {
    await log.close();
    await pool.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Bench {
  readonly pool: pg.Pool;
  readonly log: EventLog;
  readonly folder: string;
  readonly size: number;
}

async function measured({ pool, log, folder, size }: Bench): Promise<AuditReport> {
  const { position: before } = await log.head();
  const alone = Math.floor((size - before) * (1 - BESIDE));
  const keys: string[] = [];
  const appendAlonePerSecond = await perSecond(alone, () => append(log, alone, keys));
  const file = join(folder, 'audit.key');
  const key = { file, isNamed: true, noteFile: `${file}.checkpoint` };
  const audit = await openAudit({
    pool,
    log,
    logger: createLogger('silent'),
    key,
    follows: true,
    selfCheckPauseMs: 5_000,
  });
  const followerCatchingUpPerSecond = await perSecond(alone, async () => {
    audit.start();
    await signedTo(audit, before + alone);
  });
  const rest = size - before - alone;
  const appendBesideFollowerPerSecond = await perSecond(rest, () => append(log, rest, keys));
  const lagAtTheEnd = (await audit.status()).lagEvents;
  await signedTo(audit, size);
  await audit.stop();
  const waits = await proofWaits(audit, keys);
  const exported = join(folder, 'export.ndjson');
  const exportPerSecond = await perSecond(size, () => exportTo(audit, exported));
  const verified = await verify(exported, size);
  return {
    events: size,
    appendAlonePerSecond,
    appendBesideFollowerPerSecond,
    followerCatchingUpPerSecond,
    lagAtTheEnd,
    ...waits,
    exportPerSecond,
    ...verified,
  };
}

async function append(log: EventLog, count: number, keys: string[]): Promise<void> {
  await withCallers(CALLERS, count, async (index) => {
    const key = randomUUID();
    keys.push(key);
    await log.append(request(`audit-${index % STREAMS}`, key));
  });
}

async function signedTo(audit: Audit, size: number): Promise<void> {
  while ((await audit.record.treeState()).size < size) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}

/** One caller after the other, each for an event chosen at random. */
async function proofWaits(audit: Audit, keys: readonly string[]) {
  const waits: number[] = [];
  for (let index = 0; index < PROOFS; index += 1) {
    const key = keys[Math.floor(Math.random() * keys.length)] ?? '';
    const begun = performance.now();
    const { outcome } = await audit.record.inclusion(key);
    waits.push(performance.now() - begun);
    if (outcome !== 'proven') throw new Error(`Not proven: ${outcome}`);
  }
  const total = waits.reduce((sum, wait) => sum + wait, 0);
  const ascending = waits.sort((one, other) => one - other);
  return {
    inclusionProofsPerSecond: Math.round((PROOFS / total) * 1_000),
    inclusionProofP50Ms: rounded(percentileOf(ascending, 50)),
    inclusionProofP99Ms: rounded(percentileOf(ascending, 99)),
  };
}

async function exportTo(audit: Audit, file: string): Promise<void> {
  const exported = await audit.record.export();
  if (exported.outcome !== 'exported') throw new Error(exported.outcome);
  await pipeline(Readable.from(exported.lines), createWriteStream(file));
}

const VERIFY = `import { createReadStream } from 'node:fs';
import { verifyExport } from '#audit/verifier';
const begun = performance.now();
const { verdict } = await verifyExport(createReadStream(process.argv[1], { highWaterMark: 1 << 20 }));
process.stdout.write(JSON.stringify({ verdict, ms: performance.now() - begun, peakMb: process.resourceUsage().maxRSS / 1024 }));`;

/** In a process of its own, so that its memory is its own. */
async function verify(file: string, size: number) {
  const child = spawn(
    process.execPath,
    ['--import', './test/support/typescript.mjs', '--input-type=module', '-e', VERIFY, file],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [out] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const { verdict, ms, peakMb }: { verdict: string; ms: number; peakMb: number } = JSON.parse(out);
  if (verdict !== 'verified') throw new Error(`The export is ${verdict}.`);
  let bytes = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) bytes += chunk.length;
  return {
    exportMb: Math.round(bytes / 1e6),
    verifyPerSecond: Math.round((size / ms) * 1_000),
    verifyPeakMb: Math.round(peakMb),
  };
}

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return Math.round((count / (performance.now() - begun)) * 1_000);
}

const rounded = (ms: number): number => Math.round(ms * 100) / 100;
