import type { Command } from 'commander';
import type { ExitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';

/** Gives a command its arguments and options, and reports the exit code of its run to `done`. */
export type DefineCommand = (command: Command, terminal: Terminal, done: (code: ExitCode) => void) => void;

/** A command as it is listed: its file is loaded when it is run. */
export interface ListedCommand {
  readonly summary: string;
  readonly load: () => Promise<DefineCommand>;
}
