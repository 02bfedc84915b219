import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import {
  type Exporter,
  type TableRow,
  type TidyTable,
  csvExporter,
  dataPackageOf,
  daysIn,
  exportNdjson,
  exportParquet,
  tables,
} from '#tables';
import { z } from 'zod';
import type { DefineCommand } from '../../define-command.js';
import { EXIT, type ExitCode, Failure } from '../../exit-code.js';
import { findPinned } from '../../points/coordinates.js';
import { type PointOptions, addPointOptions, readPoint } from '../../points/options.js';
import { POINT_HELP } from '../../points/point.js';
import { ProgressLine } from '../../progress.js';
import { tableNamed } from '../../render/form.js';
import { type Sink, throwUnwritable, withSink } from '../../render/sink.js';
import { readPages } from '../../service/pages.js';
import { type Query, Service } from '../../service/service.js';
import type { Terminal } from '../../terminal.js';
import { addKeyOption } from '../ask-service.js';

interface Options extends PointOptions {
  readonly at: string;
  readonly format: 'csv' | 'ndjson' | 'parquet';
  readonly log?: boolean;
  readonly to?: string;
  readonly output?: string;
  readonly keyFile?: string;
}

/** A comparison has two coordinates; diff --csv writes it. */
const exportable = tables.filter(({ path }) => path !== '/v1/diff');

export const defineExport: DefineCommand = (command, terminal, done) => {
  command
    .argument('[table...]', `tables: ${exportable.map(({ name }) => name).join(', ')}`)
    .option('--at <point>', POINT_HELP, 'now')
    .addOption(
      new Option('--format <format>', 'form of the files').choices(['csv', 'ndjson', 'parquet']).default('csv'),
    )
    .option('--log', 'the log itself, as a file that ptl verify and ptl replay take')
    .option('--to <position>', 'with --log: only up to this position')
    .option(
      '-o, --output <path>',
      'the folder for the files of tables (default: the current one), or the file of the log',
    )
    .action(async (names: readonly string[], options: Options) =>
      done(await run({ names, options, terminal, command })),
    );
  addKeyOption(addPointOptions(command));
};

interface Asked {
  readonly names: readonly string[];
  readonly options: Options;
  readonly terminal: Terminal;
  readonly command: Command;
}

async function run({ names, options, terminal }: Asked): Promise<ExitCode> {
  const service = await Service.open(terminal, options.keyFile);
  if (options.log && names.length > 0)
    throw new Failure(EXIT.usage, '--log exports the log alone; export tables by a command of their own.');
  if (options.log) return exportLog(service, options, terminal);
  if (names.length === 0)
    throw new Failure(
      EXIT.usage,
      `Name tables, or give --log. There are ${exportable.map(({ name }) => name).join(', ')}.`,
    );
  return exportTables({ service, wanted: [...new Set(names)].map(exportableNamed), options, terminal });
}

function exportableNamed(name: string): TidyTable {
  const table = tableNamed(name);
  if (exportable.includes(table)) return table;
  throw new Failure(EXIT.usage, `${name} needs two points: ptl diff --all A..B --csv writes it.`);
}

async function exportLog(service: Service, { to, output }: Options, terminal: Terminal): Promise<ExitCode> {
  const { body } = await service.send('/v1/audit/export', { query: { to } });
  const progress = new ProgressLine(terminal, 'bytes');
  const write = async (sink: Sink): Promise<void> => {
    let count = 0;
    const chunks: AsyncIterable<Uint8Array> = body ?? new ReadableStream<Uint8Array>();
    for await (const chunk of chunks) {
      await sink.write(chunk);
      progress.report({ count: (count += chunk.length) });
    }
  };
  await withSink(terminal, output, write).finally(() => progress.end());
  return EXIT.ok;
}

interface TablesExport {
  readonly service: Service;
  readonly wanted: readonly TidyTable[];
  readonly options: Options;
  readonly terminal: Terminal;
}

const about = z.looseObject({ timeZone: z.string(), publisher: z.string().nullable(), licence: z.string().nullable() });

async function exportTables({ service, wanted, options, terminal }: TablesExport): Promise<ExitCode> {
  const { output: folder = '.', format } = options;
  const [said, coordinate] = await Promise.all([
    service.ask('/v1/about', about),
    readPoint(service, options.at, options).then((point) => findPinned(service, point)),
  ]);
  await mkdir(folder, { recursive: true }).catch((error: unknown) => throwUnwritable(folder, error));
  const files = [];
  for (const table of wanted) {
    const name = `${table.name}.${format}`;
    const query = { ...coordinate };
    const written = await exportTable({
      service,
      table,
      query,
      terminal,
      format,
      zone: said.timeZone,
      file: join(folder, name),
    });
    files.push({ table, path: name, format, ...written });
    terminal.stderr.write(`${join(folder, name)}: ${written.rows} rows, ${written.bytes} bytes\n`);
  }
  const description = dataPackageOf({
    files,
    coordinate,
    homepage: service.url,
    publisher: said.publisher ?? undefined,
    licence: said.licence ?? undefined,
  });
  const text = `${JSON.stringify(description, null, 2)}\n`;
  await withSink(terminal, join(folder, 'datapackage.json'), (sink) => sink.write(text));
  return EXIT.ok;
}

interface TableExport {
  readonly service: Service;
  readonly table: TidyTable;
  readonly query: Query;
  readonly terminal: Terminal;
  readonly format: Options['format'];
  readonly zone: string;
  readonly file: string;
}

const exporters: Readonly<Record<Options['format'], Exporter>> = {
  csv: csvExporter({ withMark: false, forExcel: false }),
  ndjson: exportNdjson,
  parquet: exportParquet,
};

/** Writes one table to a file as its pages come. */
async function exportTable({ service, table, query, terminal, format, zone, file }: TableExport): Promise<{
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}> {
  const progress = new ProgressLine(terminal, `rows of ${table.name}`);
  const dayOf = daysIn(zone);
  const hash = createHash('sha256');
  let [count, bytes] = [0, 0];
  async function* batches(): AsyncGenerator<readonly TableRow[]> {
    for await (const { rows } of readPages(service, table.path, query)) {
      const made = rows.flatMap((row) => table.rowsOf(row, dayOf));
      progress.report({ count: (count += made.length) });
      yield made;
    }
  }
  const write = async (sink: Sink): Promise<void> => {
    const metadata = { permalink: service.addressOf(table.path, query) };
    for await (const piece of exporters[format]({ table, batches: batches(), metadata })) {
      hash.update(piece);
      bytes += piece.length;
      await sink.write(piece);
    }
  };
  await withSink(terminal, file, write).finally(() => progress.end());
  return { rows: count, bytes, sha256: hash.digest('hex') };
}
