// `npm run crash`: writes while processes, the database and connections fail, then proves that nothing was lost,
// skipped or doubled. Progress on standard error; proofs and, last, one line of JSON on standard output.
import { type CampaignOutcome, type CampaignState, runCampaign } from './campaign.js';
import { type Options, USAGE, readOptions } from './options.js';
import type { End } from './servers/process-under-test.js';
import type { Proof } from './proofs/proofs.js';

const SHOWN_AGAINST = 5;
const TELL_EACH_MS = 2000;

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

const options = optionsOrExit();
const begun = performance.now();
let toldAt = 0;
say(`seed ${options.seed}: ${JSON.stringify(options)}`);
const outcome = await runCampaign(options, { stage: say, standing: sayStanding });
for (const proof of outcome.proofs) process.stdout.write(`${lineOf(proof)}\n`);
process.stdout.write(`${JSON.stringify(summaryOf(outcome))}\n`);
process.exitCode = outcome.proofs.every(isProven) ? 0 : 1;

function optionsOrExit(): Options {
  try {
    return readOptions(process.argv.slice(2), new Date());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    process.exit(2);
  }
}

function say(what: string): void {
  process.stderr.write(`${((performance.now() - begun) / 1000).toFixed(1).padStart(7)} s  ${what}\n`);
}

function sayStanding({ acknowledgements, done, reader, proxy, lag }: CampaignState): void {
  if (performance.now() - toldAt < TELL_EACH_MS) return;
  toldAt = performance.now();
  const faults = Object.values(done.faults).reduce((sum, count) => sum + count, 0);
  say(
    `${acknowledgements.count} of ${options.events} events, ${done.kills} of ${options.kills} kills among ${faults} faults, read models ${lag} behind, reader ${acknowledgements.count - reader.position()} behind, ${proxy.connections()} connections`,
  );
}

function isProven({ against }: Proof): boolean {
  return against.length === 0;
}

function lineOf({ claim, against }: Proof): string {
  if (against.length === 0) return `proven: ${claim}`;
  const more = against.length > SHOWN_AGAINST ? `; and ${against.length - SHOWN_AGAINST} more` : '';
  return `REFUTED: ${claim}: ${against.slice(0, SHOWN_AGAINST).join('; ')}${more}`;
}

function summaryOf({ standing, writingMs, catchingUpMs, fates, proofs }: CampaignOutcome): object {
  const { acknowledgements, done, met } = standing;
  const sorted = done.recoveriesMs.toSorted((one, other) => one - other);
  return {
    proven: proofs.every(isProven),
    refuted: proofs.filter((proof) => !isProven(proof)).map(({ claim }) => claim),
    seed: options.seed,
    options,
    events: acknowledgements.count,
    kills: done.kills,
    faults: done.faults,
    connectionsBroken: standing.proxy.broken,
    writingMs,
    eventsPerSecond: Math.round(acknowledgements.count / (writingMs / 1000)),
    catchingUpMs,
    mostEventsBehind: standing.mostLag,
    databaseRecoveryMs: { median: sorted[Math.floor(sorted.length / 2)] ?? 0, most: sorted.at(-1) ?? 0 },
    appends: {
      failed: met.failures,
      overHttp: met.overHttp,
      settledByRepeat: met.settledByRepeat,
      foundThere: met.foundThere,
      longestMs: met.longestMs,
    },
    processes: fates.map(({ name, starts, kills, ends, stop }) => ({
      name,
      starts,
      kills,
      failed: reasonsOf(ends),
      stop,
    })),
    totalMs: Math.round(performance.now() - begun),
  };
}

/** How often a process ended by itself, by what it said first that was no warning. */
function reasonsOf(ends: readonly End[]): Readonly<Record<string, number>> {
  const reasons: Record<string, number> = {};
  for (const { lastLines } of ends) {
    const reason = lastLines.find((line) => !/^[1-4]0 /.test(line)) ?? lastLines.at(-1) ?? '';
    const short = reason
      .replace(/ {4,}at .*/, '')
      .replaceAll(/\d+/g, 'N')
      .slice(0, 160);
    reasons[short] = (reasons[short] ?? 0) + 1;
  }
  return reasons;
}
