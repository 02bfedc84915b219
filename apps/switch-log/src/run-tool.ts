import { CannotStart, type Configuration, readConfiguration } from '#runtime';
import type { MoveRequest, MoveResult } from './switch-log.js';

const USAGE = 'npm run switch-log -- kurrentdb|postgres, with DATABASE_URL and KURRENTDB_URL';

/** Runs the tool as this process: messages on standard error, the result on standard output; exit code 1 if not moved, 2 for misuse. */
export async function runTool(
  work: (configuration: Configuration, asked: MoveRequest) => Promise<MoveResult>,
): Promise<void> {
  const [to] = process.argv.slice(-1);
  const outcome = readConfiguration(process.env, process.cwd());
  if (!outcome.ok || (to !== 'kurrentdb' && to !== 'postgres')) {
    process.stderr.write(`${outcome.ok ? USAGE : outcome.mistakes.join('\n')}\n`);
    process.exitCode = 2;
    return;
  }
  try {
    const tell = (progress: string): void => void process.stderr.write(`${progress}\n`);
    const { entries, root } = await work(outcome.configuration, { to, tell });
    process.stdout.write(`${to} ${entries} ${root}\n`);
  } catch (error) {
    const said =
      error instanceof CannotStart || !(error instanceof Error) ? String(error) : (error.stack ?? error.message);
    process.stderr.write(`${said.replace(/^CannotStart: /, '')}\n`);
    process.exitCode = 1;
  }
}
