// `npm run crash:backup`: backs a log up while it is written to, and restores it elsewhere; kills and damages all of it.
// Progress on standard error; proofs and, last, one line of JSON on standard output.
import type { Proof } from '../proofs/proofs.js';
import { runBackupCampaign } from './backup-campaign.js';
import { BACKUP_USAGE, type BackupOptions, readBackupOptions } from './options.js';

const SHOWN_AGAINST = 5;

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

const options = optionsOrExit();
const begun = performance.now();
say(JSON.stringify(options));
const { proofs, figures } = await runBackupCampaign(options, say);
for (const proof of proofs) process.stdout.write(`${lineOf(proof)}\n`);
const isProven = proofs.every(({ against }) => against.length === 0);
const totalMs = Math.round(performance.now() - begun);
process.stdout.write(`${JSON.stringify({ proven: isProven, options, ...figures, totalMs })}\n`);
process.exitCode = isProven ? 0 : 1;

function optionsOrExit(): BackupOptions {
  try {
    return readBackupOptions(process.argv.slice(2), new Date());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${BACKUP_USAGE}\n`);
    process.exit(2);
  }
}

function say(what: string): void {
  process.stderr.write(`${((performance.now() - begun) / 1000).toFixed(1).padStart(7)} s  ${what}\n`);
}

function lineOf({ claim, against }: Proof): string {
  if (against.length === 0) return `proven: ${claim}`;
  return `REFUTED: ${claim}: ${against.slice(0, SHOWN_AGAINST).join('; ')}${against.length > SHOWN_AGAINST ? `; and ${against.length - SHOWN_AGAINST} more` : ''}`;
}
