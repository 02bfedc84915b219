import { Option } from 'commander';
import type { DefineCommand } from '../../define-command.js';
import { EXIT, type ExitCode } from '../../exit-code.js';
import { findCoordinate, findNow } from '../../points/coordinates.js';
import { readPoint } from '../../points/options.js';
import { POINT_HELP } from '../../points/point.js';
import { formatOf } from '../../render/formats.js';
import type { Query } from '../../service/service.js';
import { Service } from '../../service/service.js';
import { followStream } from '../../service/stream.js';
import { type Terminal, colour } from '../../terminal.js';
import { type AskOptions, addAskOptions } from '../ask-service.js';
import { messageText } from './message-text.js';
import { openTailOutput } from './tail-output.js';
import { readTailState, writeTailState } from './tail-state.js';

interface Options extends AskOptions {
  readonly view: 'events' | 'patches';
  readonly policy?: string;
  readonly type?: string;
  readonly known?: string;
  readonly valid?: string;
  readonly after?: string;
  readonly since?: string;
  readonly state?: string;
  readonly text?: boolean;
  readonly follow: boolean;
}

export const defineTail: DefineCommand = (command, terminal, done) => {
  addAskOptions(command)
    .addOption(
      new Option('--view <view>', 'events as they were recorded, or states and their changes')
        .choices(['events', 'patches'])
        .default('events'),
    )
    .option('--text', 'lines for people; by default lines of JSON')
    .option('--policy <slug>', 'only what concerns this policy')
    .option('--type <type>', 'only events of this type')
    .option('--known <time>', 'with --view patches: a fixed point, told only when our account of it changes')
    .option('--valid <time>', 'with --view patches: its valid time')
    .addOption(new Option('--after <id>', 'after the message of this id; 0 is the start').conflicts('since'))
    .option('--since <point>', `after a point: ${POINT_HELP}`)
    .option('--state <file>', 'keep the last id in a file, and go on from there the next time')
    .option('--no-follow', 'end when all that is recorded by now was sent')
    .action(async (options: Options) => done(await tail(options, terminal)));
};

async function tail(options: Options, terminal: Terminal): Promise<ExitCode> {
  const service = await Service.open(terminal, options.keyFile);
  const query = await queryOf(service, options);
  const { state: file } = options;
  const kept = file === undefined ? undefined : await readTailState(file, query);
  const after = kept?.id ?? (await findBeginning(service, options));
  const output = await openTailOutput(terminal, options.output, kept?.bytes);
  const keep = async (id: string | undefined): Promise<void> => {
    if (file !== undefined && id !== undefined) await writeTailState(file, { id, query, bytes: output.bytes() });
  };
  const stop = stopOnSignals();
  const write = messageText(formOf(options), (text) => (output.isFile ? text : colour(terminal, 'dim', text)));
  try {
    await output.write(kept === undefined ? write.beginning : '');
    await keep(after);
    const tell = (line: string): void => void terminal.stderr.write(`${line}\n`);
    for await (const message of followStream(service, { query, after, tell, signal: stop.signal })) {
      await output.write(write.line(message));
      await keep(message.id);
      if (message.event === 'caught-up' && !options.follow) break;
    }
    await output.write(write.end());
  } finally {
    stop.release();
    await output.close();
  }
  return EXIT.ok;
}

const formOf = (options: Options): ReturnType<typeof formatOf> => {
  const format = formatOf(options);
  return format === 'text' && !options.text ? 'ndjson' : format;
};

async function queryOf(service: Service, { view, policy, type, known, valid }: Options): Promise<Query> {
  const times = { ...(known === undefined ? {} : { known }), ...(valid === undefined ? {} : { valid }) };
  const { knownAt, validAt } = await readPoint(service, undefined, times);
  return { view, policy, type, knownAt, validAt };
}

/** The id after which to begin. A tail of events with a state begins at a known place even before its first message. */
async function findBeginning(service: Service, { view, after, since, state }: Options): Promise<string | undefined> {
  if (after !== undefined) return after;
  if (since === undefined)
    return view === 'events' && state !== undefined ? String((await findNow(service)).position) : undefined;
  const { position, knownAt } = await findCoordinate(service, await placeOf(service, since));
  return view === 'events' ? String(position) : `${position}.${Date.parse(knownAt)}`;
}

/** A point as a place in the log: what was recorded by then. */
async function placeOf(service: Service, since: string): Promise<{ readonly recordedAt?: string }> {
  const { recordedAt } = await readPoint(service, undefined, { recorded: since });
  return recordedAt === undefined ? {} : { recordedAt };
}

/** Lets the message under way be written before the command ends. */
function stopOnSignals(): { readonly signal: AbortSignal; readonly release: () => void } {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.once(name, stop);
  return { signal: stopping.signal, release: () => signals.forEach((name) => process.off(name, stop)) };
}
