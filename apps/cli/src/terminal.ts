import { styleText } from 'node:util';

/** An output: a terminal, a file or another program. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
}

/** The streams of a command: data goes to standard output, messages to standard error. */
export interface Terminal {
  readonly stdin: NodeJS.ReadableStream & AsyncIterable<Uint8Array>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The colours of words. */
export type Tone = 'green' | 'red' | 'dim';

/** Colours a text if the output is a terminal and `NO_COLOR` is not set. */
export const colour = ({ stdout, env }: Terminal, tone: Tone, text: string): string =>
  stdout.isTTY && (env['NO_COLOR'] ?? '') === '' ? styleText(tone, text, { validateStream: false }) : text;

/** Writes a line of data. */
export const say = ({ stdout }: Terminal, line: string): void => void stdout.write(`${line}\n`);
