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
    const failure = error instanceof Failure ? error : unexpectedFailure(error);
    terminal.stderr.write(`${failure.message}\n`);
    return failure.code;
  }
}

async function parseAndRun(given: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = new Command('ptl')
    .description('Policy Timeline on the command line')
    .exitOverride()
    // What follows the name of a command is of that command, and of a command of it likewise.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    });
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const command = program.command(name).description(summary).exitOverride();
    if (!isWanted(name, given)) continue;
    const define = await load();
    define(command, terminal, (outcome) => (code = outcome));
  }
  if (given.length === 0) program.help({ error: true });
  await program.parseAsync([...given], { from: 'user' });
  return code;
}

/** Help about a command needs its definition as well. */
const isWanted = (name: string, [first, second]: readonly string[]): boolean =>
  first === name || (first === 'help' && second === name);

/** What nobody expected is told without the places in the code. */
export const unexpectedFailure = (error: unknown): Failure =>
  new Failure(EXIT.unavailable, `ptl failed: ${error instanceof Error ? error.message : String(error)}`);
