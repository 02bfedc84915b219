import { Command, CommanderError } from 'commander';
import { commands } from './commands.js';
import { EXIT, type ExitCode, Failure } from './exit-code.js';
import type { Terminal } from './terminal.js';

const terminal: Terminal = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
};

// Whoever reads may stop reading, as `head` does: there is nobody left to tell.
process.stdout.on('error', () => process.exit(process.exitCode ?? EXIT.ok));

process.exitCode = await run(process.argv.slice(2));

/** Runs one command; loads that command alone, so that none needs what another does. */
async function run(given: readonly string[]): Promise<ExitCode> {
  try {
    return await parsed(given);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (!(error instanceof Failure)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error.code;
  }
}

async function parsed(given: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = new Command('ptl').description('Policy Timeline on the command line').exitOverride();
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const command = program.command(name).description(summary).exitOverride();
    if (given[0] !== name) continue;
    const { define } = await load();
    define(command, terminal, (outcome) => (code = outcome));
  }
  if (given.length === 0) program.help({ error: true });
  await program.parseAsync([...given], { from: 'user' });
  return code;
}
