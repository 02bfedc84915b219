// What finds each tampering with a signed log, and after how long; prints the table of libs/audit/README.md.
//   node --import ./test/support/typescript.mjs test/bench/tamperings.ts
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Anchor } from '../../libs/audit/src/anchor/anchor.js';
import { AuditRecord } from '../../libs/audit/src/record/audit-record.js';
import type { SelfCheckReport } from '../../libs/audit/src/self-check/report.js';
import { SelfCheck } from '../../libs/audit/src/self-check/self-check.js';
import { readTreeState } from '../../libs/audit/src/store/tree-state.js';
import { verifyExport } from '../../libs/audit/src/export/export-verifier.js';
import { eventually } from '../support/eventually.js';
import { type Following, TEST_KEY } from '../support/databases/followed-log.js';
import { SIGNED, type SignedLog, TAMPERINGS, type Tampering, openSignedLog } from '../support/databases/signed-log.js';

/** Of the product. */
const PAUSE_MS = 5_000;
const LOOK_AGAIN_MS = 10;
const LIMIT_MS = 30_000;
const OUTCOME_MS = 10_000;

await onTestServer('global-setup');
const signed = await openSignedLog();
const { log } = signed;
const note = await readFile(log.noteFile, 'utf8');
process.stdout.write('| Tampering | Start | Next signature | Self-check | Client |\n| --- | --- | --- | --- | --- |\n');
for (const tampering of TAMPERINGS) process.stdout.write(`${await rowOf(signed, tampering)}\n`);
await log.close();
await onTestServer('global-teardown');

async function rowOf(of: SignedLog, tampering: Tampering): Promise<string> {
  const cells: string[] = [];
  for (const look of [atStart, atSignature, bySelfCheck, byClient]) {
    await of.restore();
    await writeFile(log.noteFile, note);
    await log.restart();
    cells.push(await look(tampering));
  }
  return `| ${[tampering.what, ...cells].join(' | ')} |`;
}

/** The server of the tests is started and stopped by plain scripts. */
async function onTestServer(name: string): Promise<void> {
  const script: { readonly default: () => Promise<void> } = await import(
    new URL(`../support/${name}.mjs`, import.meta.url).href
  );
  await script.default();
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1_000).toFixed(1)} s`;
}

/** Until it halts, or what was appended is signed; neither comes about where nothing can be appended any more. */
async function outcomeOf({ halts, stop }: Following, begun: number): Promise<string> {
  const isSigned = async (): Promise<boolean> => (await readTreeState(log.pool)).size > SIGNED;
  while (halts.length === 0 && !(await isSigned()) && performance.now() - begun < OUTCOME_MS)
    await delay(LOOK_AGAIN_MS);
  const took = seconds(begun);
  const outcome = halts.length > 0 ? `halts, ${took}` : (await isSigned()) ? 'signs' : 'nothing more is recorded';
  await stop();
  return outcome;
}

async function atStart({ statements }: Tampering): Promise<string> {
  await log.tamper(...statements);
  const begun = performance.now();
  const following = log.follow();
  const appending = log.append(1).catch(() => undefined);
  const outcome = await outcomeOf(following, begun);
  await appending;
  return outcome;
}

async function atSignature({ statements }: Tampering): Promise<string> {
  const following = log.follow();
  await eventually('it follows', () => following.follower.leads);
  await delay(100);
  await log.tamper(...statements);
  const begun = performance.now();
  const appending = log.append(1).catch(() => undefined);
  const outcome = await outcomeOf(following, begun);
  await appending;
  return outcome;
}

async function bySelfCheck({ statements, reason }: Tampering): Promise<string> {
  const check = new SelfCheck({
    pool: log.pool,
    log: log.log,
    key: TEST_KEY.verifier,
    anchored: () => new Anchor(log.noteFile, TEST_KEY.verifier).newest(),
    isMine: () => true,
    pauseMs: PAUSE_MS,
    now: Date.now,
    random: Math.random,
    onFound: () => undefined,
    onTrouble: () => undefined,
  });
  const stop = new AbortController();
  await log.tamper('UPDATE audit.self_check SET report = NULL');
  const running = check.run(stop.signal);
  await reported(check, ({ log: { passes } }) => passes > 0);
  // At any moment between two passes.
  await delay(Math.random() * PAUSE_MS);
  await log.tamper(...statements);
  const begun = performance.now();
  const isFound = await reported(check, ({ log: { findings } }) => findings.some((found) => found.reason === reason));
  const took = seconds(begun);
  stop.abort();
  await running;
  return isFound ? `\`${reason}\`, ${took}` : 'not found';
}

async function reported(check: SelfCheck, holds: (report: SelfCheckReport) => boolean): Promise<boolean> {
  const deadline = performance.now() + LIMIT_MS;
  while (performance.now() < deadline) {
    if (check.report && holds(check.report)) return true;
    await delay(LOOK_AGAIN_MS);
  }
  return false;
}

async function byClient({ statements }: Tampering): Promise<string> {
  await log.tamper(...statements);
  const record = new AuditRecord({ pool: log.pool, log: log.log, vkey: TEST_KEY.verifier.text });
  try {
    const outcome = await record.export();
    if (outcome.outcome !== 'exported') return `no export (${outcome.outcome})`;
    const chunks: Buffer[] = [];
    for await (const line of outcome.lines) chunks.push(Buffer.from(line));
    const verification = await verifyExport(chunks, { key: TEST_KEY.verifier, checkpoint: note });
    return verification.verdict === 'verified' ? 'verifies' : `\`${verification.fault.reason}\``;
  } catch (error) {
    return `no export (${String(error)})`;
  }
}
