import { Option } from 'commander';
import { z } from 'zod';
import type { DefineCommand } from '../../define-command.js';
import { EXIT, type ExitCode, Failure } from '../../exit-code.js';
import { addPointOptions } from '../../points/options.js';
import { POINT_HELP } from '../../points/point.js';
import { ProgressLine } from '../../progress.js';
import { type Sink, withSink } from '../../render/sink.js';
import { Service } from '../../service/service.js';
import type { Terminal } from '../../terminal.js';
import { addKeyOption } from '../ask-service.js';
import { EXPORT_FORMATS, type TablesOptions, exportTables, exportableNamed, exportableNames } from './export-tables.js';

interface Options extends TablesOptions {
  readonly log?: boolean;
  readonly to?: string;
  readonly keyFile?: string;
}

export const defineExport: DefineCommand = (command, terminal, done) => {
  command
    .argument('[table...]', `tables: ${exportableNames}`)
    .option('--at <point>', POINT_HELP, 'now')
    .addOption(new Option('--format <format>', 'form of the files').choices(EXPORT_FORMATS).default('csv'))
    .option('--log', 'the log itself, as a file that ptl verify, ptl ask and ptl replay take')
    .option('--to <position>', 'with --log: only up to this position')
    .option(
      '-o, --output <path>',
      'the folder for the files of tables (default: the current one), or the file of the log',
    )
    .action(async (names: readonly string[], options: Options) => done(await run(names, options, terminal)));
  addKeyOption(addPointOptions(command));
};

async function run(names: readonly string[], options: Options, terminal: Terminal): Promise<ExitCode> {
  const service = await Service.open(terminal, options.keyFile);
  if (options.log && names.length > 0)
    throw new Failure(EXIT.usage, '--log exports the log alone; export tables by a command of their own.');
  if (options.log) return exportLog(service, options, terminal);
  if (names.length === 0) throw new Failure(EXIT.usage, `Name tables, or give --log. There are ${exportableNames}.`);
  return exportTables({ service, wanted: [...new Set(names)].map(exportableNamed), options, terminal });
}

/** Entries in a block of an export, each of which has a line of hashes; header and checkpoint are lines, too. */
const BLOCK_ENTRIES = 256;
const OTHER_LINES = 2;

async function exportLog(service: Service, { to, output }: Options, terminal: Terminal): Promise<ExitCode> {
  const { body } = await service.send('/v1/audit/export', { query: { to } });
  const entries = to === undefined ? await signedSize(service) : Number(to);
  const of = entries + Math.ceil(entries / BLOCK_ENTRIES) + OTHER_LINES;
  const progress = new ProgressLine(terminal, 'lines of the log');
  const write = async (sink: Sink): Promise<void> => {
    let count = 0;
    const chunks: AsyncIterable<Uint8Array> = body ?? new ReadableStream<Uint8Array>();
    for await (const chunk of chunks) {
      await sink.write(chunk);
      count += linesIn(chunk);
      progress.report({ count, of });
    }
  };
  await withSink(terminal, output, write).finally(() => progress.end());
  return EXIT.ok;
}

/** How many entries the newest checkpoint is over: its second line. */
async function signedSize(service: Service): Promise<number> {
  const note = await (await service.send('/v1/audit/checkpoint')).text();
  return z.coerce.number().catch(0).parse(note.split('\n')[1]);
}

const NEWLINE = 10;

const linesIn = (chunk: Uint8Array): number => chunk.reduce((count, byte) => count + (byte === NEWLINE ? 1 : 0), 0);
