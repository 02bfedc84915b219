import type { Command } from 'commander';
import type { ExitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';

/** What a command's file exports: gives the command its arguments and options, and says what its run came to. */
export interface CommandFile {
  readonly define: (command: Command, terminal: Terminal, done: (code: ExitCode) => void) => void;
}
