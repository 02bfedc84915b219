import type { Command } from 'commander';
import type { ExitCode } from '../exit-code.js';
import { type AnswerOutput, type OutputOptions, addOutputOptions, withOutput } from '../render/formats.js';
import { Service } from '../service/service.js';
import type { Terminal } from '../terminal.js';

/** The options of every command that asks the service and writes its answer. */
export interface AskOptions extends OutputOptions {
  readonly keyFile?: string;
}

export const addKeyOption = (command: Command): Command =>
  command.option('--key-file <file>', 'a file with the key; default: the key in PTL_KEY');

export const addAskOptions = (command: Command): Command => addKeyOption(addOutputOptions(command));

/** Runs a command that asks the service, with its output open. */
export async function askService(
  terminal: Terminal,
  options: AskOptions,
  run: (service: Service, output: AnswerOutput) => Promise<ExitCode>,
): Promise<ExitCode> {
  const service = await Service.open(terminal, options.keyFile);
  return withOutput(terminal, { ...options, origin: service.url }, (output) => run(service, output));
}
