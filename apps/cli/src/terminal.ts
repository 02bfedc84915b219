import { styleText } from 'node:util';

/** Where people read if it is a terminal, else a file or another program. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
}

/** Where a command reads and writes: data on standard output, talk on standard error. */
export interface Terminal {
  readonly stdin: NodeJS.ReadableStream & AsyncIterable<Uint8Array>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How words are told apart by colour. */
export type Tone = 'green' | 'red' | 'dim';

/** Writes in colour where people read and `NO_COLOR` is not set. */
export const colour = ({ stdout, env }: Terminal, tone: Tone, text: string): string =>
  stdout.isTTY && (env['NO_COLOR'] ?? '') === '' ? styleText(tone, text) : text;

/** Writes a line of data. */
export const say = ({ stdout }: Terminal, line: string): void => void stdout.write(`${line}\n`);
