// `npm run unkind`: builds every shape of valid and unkind input at three sizes, each twice the last, against a running
// application; prints what each costs and how that grows. The exit code is 1 when a shape is neither linear nor limited.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { RejectionCode } from '#domain';
import { migrateLog } from '#kurrentdb-log';
import { startEmbeddedPostgres } from '#runtime';
import { type UnkindShape, unkindShapes } from '../support/events/unkind-shapes.js';
import { runBenched } from './harness/application.js';
import { makeDatabase } from './harness/databases.js';
import { MOST_GROWTH, type Verdict, growthOf, verdictOf } from './harness/growth.js';
import { type Bystander, type Run, measureShape, registerBystander } from './unkind/unkind-run.js';
import { HEADING, rowOf } from './unkind/unkind-table.js';

const REPORT = join(process.cwd(), '.data', 'unkind.json');

/** A run that has not come to its end after so long has failed, and so will the larger ones. */
const LIMIT_MS = 120_000;

/** An application that holds so much is replaced: a shape's peak of memory is to be its own. */
const LARGE_MB = 700;

const STEPS = 3;

/** A size that seems to cost too much is measured so often: others on the machine only ever add to it. */
const MOST_TRIES = 3;

/** What lines beyond a limit are refused with. */
const LIMITS: ReadonlySet<string> = new Set<RejectionCode>([
  'target-chain-too-long',
  'too-many-records-about',
  'too-many-dating-links',
  'linked-set-too-large',
]);

interface Judged extends Verdict {
  readonly shape: string;
  readonly runs: readonly Run[];
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

const { shapes, sizes } = asked();
const judged = await onServer(judgeAll);
print('');
for (const { shape, verdict, because } of judged)
  print(`${verdict.padEnd(8)} ${shape}${because === '' ? '' : `: ${because}`}`);
mkdirSync(dirname(REPORT), { recursive: true });
writeFileSync(REPORT, `${JSON.stringify(judged, null, 2)}\n`);
print(`written to ${REPORT}`);
process.exit(judged.some(({ verdict }) => verdict === 'fails') ? 1 : 0);

/** Reads `shape=` (names, or how they begin) and `sizes=`, each with commas between. */
function asked(): { readonly shapes: readonly UnkindShape[]; readonly sizes: readonly number[] | undefined } {
  const settings = new Map(
    process.argv.slice(2).map((word) => [word.split('=')[0], (word.split('=')[1] ?? '').split(',')]),
  );
  const unknown = [...settings.keys()].find((name) => name !== 'shape' && name !== 'sizes');
  if (unknown !== undefined)
    refuse(`There is no setting "${unknown}"; there are shape=follows-chain and sizes=100,200.`);
  const sizesAsked = settings.get('sizes')?.map(Number);
  if (sizesAsked?.some((size) => !Number.isSafeInteger(size) || size < 1)) refuse('Sizes are whole numbers from 1.');
  const names = settings.get('shape') ?? [''];
  const chosen = unkindShapes.filter(({ name }) => names.some((begins) => name.startsWith(begins)));
  if (chosen.length === 0)
    refuse(`There is no such shape; there are ${unkindShapes.map(({ name }) => name).join(', ')}.`);
  return { shapes: chosen, sizes: sizesAsked };
}

function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Gives work a server of its own, durable as in production, and takes it away again. */
async function onServer<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'policy-timeline-unkind-'));
  const server = await startEmbeddedPostgres({
    dataFolder: folder,
    log: () => undefined,
    onLoss: (reason) => process.stderr.write(`${reason}\n`),
  });
  try {
    return await work(server.url);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One application after the other, each until a shape has overwhelmed it or much of earlier ones lies in its memory. */
async function judgeAll(server: string): Promise<readonly Judged[]> {
  print(HEADING);
  const left = [...shapes];
  const done: Judged[] = [];
  for (let number = 1; left.length > 0; number += 1)
    await onApplication(server, `unkind_${number}`, async (bystander) => {
      for (let shape = left.shift(); shape; shape = left.shift()) {
        const one = await judge(shape, bystander);
        done.push(one);
        if (one.runs.some(({ fault, peakMemoryMb }) => fault !== undefined || peakMemoryMb > LARGE_MB)) return;
      }
    });
  return done;
}

async function onApplication(
  server: string,
  name: string,
  work: (bystander: Bystander) => Promise<void>,
): Promise<void> {
  const url = await makeDatabase(server, name);
  await migrateLog(url);
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  const application = await runBenched(url, { LOG_LEVEL: 'error' });
  try {
    await registerBystander({ application, owner });
    await work({ application, owner });
  } finally {
    await owner.end();
    await application.stop();
  }
}

async function judge(shape: UnkindShape, bystander: Bystander): Promise<Judged> {
  const asking = sizes ?? Array.from({ length: STEPS }, (_, step) => shape.smallest * 2 ** step);
  const [smallest = shape.smallest] = asking;
  // The first time, code is compiled and pages are read: that is not what the size costs.
  await measureShape(shape, { size: smallest, prefix: `${shape.name}-first`, limitMs: LIMIT_MS }, bystander);
  const runs: Run[] = [];
  for (const size of asking) {
    const before = runs.at(-1);
    const run = await leastOf(shape, { size, before }, bystander);
    print(rowOf(shape.name, run, before && run.fault === undefined ? growthOf(before, run) : undefined));
    runs.push(run);
    if (run.fault !== undefined) break;
  }
  const verdict = verdictOf(runs, LIMITS);
  print(`  ${verdict.verdict}${verdict.because === '' ? '' : `: ${verdict.because}`}`);
  return { shape: shape.name, runs, ...verdict };
}

/** The cheapest of up to a few runs: one, where its growth is within the limit. */
async function leastOf(
  shape: UnkindShape,
  { size, before }: { readonly size: number; readonly before: Run | undefined },
  bystander: Bystander,
): Promise<Run> {
  const measured = (attempt: number): Promise<Run> =>
    measureShape(shape, { size, prefix: `${shape.name}-${size}-${attempt}`, limitMs: LIMIT_MS }, bystander);
  let least = await measured(1);
  for (let attempt = 2; attempt <= MOST_TRIES; attempt += 1) {
    const growth = before && least.fault === undefined ? growthOf(before, least) : undefined;
    // Rows are the same each time: where they are too many, so is the time.
    if (!growth || growth.cpu <= MOST_GROWTH || growth.rows > MOST_GROWTH) return least;
    const again = await measured(attempt);
    if (again.fault === undefined && again.cpuSeconds < least.cpuSeconds) least = again;
  }
  return least;
}
