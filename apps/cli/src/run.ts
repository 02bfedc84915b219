import { Command, CommanderError } from 'commander';
import { commands } from './commands.js';
import { EXIT, type ExitCode, Failure } from './exit-code.js';
import type { Terminal } from './terminal.js';

/** Runs one command; loads only that command, so that none needs the dependencies of another. */
export async function run(given: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    return await parseAndRun(given, terminal);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (!(error instanceof Failure)) throw error;
    terminal.stderr.write(`${error.message}\n`);
    return error.code;
  }
}

async function parseAndRun(given: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = new Command('ptl')
    .description('Policy Timeline on the command line')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    });
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const command = program.command(name).description(summary).exitOverride();
    if (given[0] !== name) continue;
    const define = await load();
    define(command, terminal, (outcome) => (code = outcome));
  }
  if (given.length === 0) program.help({ error: true });
  await program.parseAsync([...given], { from: 'user' });
  return code;
}
