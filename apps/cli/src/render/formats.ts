import { type Command, Option } from 'commander';
import { type Terminal, type Tone, colour } from '../terminal.js';
import { type Sink, withSink } from './sink.js';

/** The options by which every command that answers data takes a format and a file. */
export interface OutputOptions {
  readonly json?: boolean;
  readonly ndjson?: boolean;
  readonly csv?: boolean;
  readonly output?: string;
}

/** The form of an answer. */
export type Format = 'text' | 'json' | 'ndjson' | 'csv';

export const addOutputOptions = (command: Command): Command =>
  command
    .addOption(new Option('--json', 'one JSON value').conflicts(['ndjson', 'csv']))
    .addOption(new Option('--ndjson', 'one JSON value a line').conflicts(['json', 'csv']))
    .addOption(new Option('--csv', 'rows with commas, the first names the columns').conflicts(['json', 'ndjson']))
    .option('-o, --output <file>', 'write to a file, which appears when it is complete; - is standard output');

export function formatOf({ json, ndjson, csv }: OutputOptions): Format {
  if (json) return 'json';
  if (ndjson) return 'ndjson';
  return csv ? 'csv' : 'text';
}

/** Where a command writes its data, and how. */
export interface AnswerOutput {
  readonly format: Format;
  readonly sink: Sink;
  /** Colours a text if it is for a terminal. */
  readonly paint: (tone: Tone, text: string) => string;
  /** Tells the reader something that is not data. */
  readonly tell: (line: string) => void;
  /** Tells the address under which an answer stays the same for ever, if it has one. */
  readonly tellPermalink: (frame: Readonly<Record<string, unknown>>) => void;
}

/** The options of an output, and the address that permalinks are relative to. */
interface OutputPlace extends OutputOptions {
  readonly origin?: string;
}

/** Runs a command with its output open: a file appears when the run succeeds, and not otherwise. */
export async function withOutput<Result>(
  terminal: Terminal,
  options: OutputPlace,
  run: (output: AnswerOutput) => Promise<Result>,
): Promise<Result> {
  const tell = (line: string): void => void terminal.stderr.write(`${line}\n`);
  return withSink(terminal, options.output, (sink) =>
    run({
      format: formatOf(options),
      sink,
      paint: (tone, text) => (sink.isFile ? text : colour(terminal, tone, text)),
      tell,
      tellPermalink: ({ permalink }) => {
        if (typeof permalink === 'string') tell(`${options.origin ?? ''}${permalink}`);
      },
    }),
  );
}
