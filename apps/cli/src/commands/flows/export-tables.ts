import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TidyTable, dataPackageOf, isFirstAtPath, tablesOfOneCoordinate } from '#tables';
import { z } from 'zod';
import { EXIT, type ExitCode, Failure } from '../../exit-code.js';
import { parseJsonText } from '../../parse-json.js';
import { type PinnedCoordinate, findPinned } from '../../points/coordinates.js';
import { type PointOptions, readPoint } from '../../points/options.js';
import { tableNamed } from '../../render/form.js';
import { throwUnwritable, withSink } from '../../render/sink.js';
import type { Service } from '../../service/service.js';
import type { Terminal } from '../../terminal.js';
import { type Downloaded, download } from './download.js';

/** The forms of exported tables. */
export const EXPORT_FORMATS = ['csv', 'ndjson', 'parquet'] as const;

/** The options of an export of tables. */
export interface TablesOptions extends PointOptions {
  readonly at: string;
  readonly format: (typeof EXPORT_FORMATS)[number];
  readonly output?: string;
}

/** The names of the tables that can be exported, for people; diff --csv writes a comparison. */
export const exportableNames = tablesOfOneCoordinate.map(({ name }) => name).join(', ');

/** Finds a table by its name. Throws a {@link Failure} that lists those there are. */
export function exportableNamed(name: string): TidyTable {
  const table = tableNamed(name);
  if (tablesOfOneCoordinate.includes(table)) return table;
  throw new Failure(EXIT.usage, `${name} needs two points: ptl diff --all A..B --csv writes it.`);
}

/** Tables to be written to a folder. */
interface TablesExport {
  readonly service: Service;
  readonly wanted: readonly TidyTable[];
  readonly options: TablesOptions;
  readonly terminal: Terminal;
}

const about = z.looseObject({ publisher: z.string().nullable(), licence: z.string().nullable() });

/**
 * Downloads tables as files, all at one coordinate, and describes them. An export that was interrupted is gone on with, at
 * the coordinate of its beginning, if the same is asked for again in the same folder.
 */
export async function exportTables({ service, wanted, options, terminal }: TablesExport): Promise<ExitCode> {
  const { output: folder = '.', format } = options;
  await mkdir(folder, { recursive: true }).catch((error: unknown) => throwUnwritable(folder, error));
  const [said, begun] = await Promise.all([
    service.ask('/v1/about', about),
    begin({ service, wanted, options, terminal }),
  ]);
  const files = [];
  for (const table of wanted) {
    const path = `${table.name}.${format}`;
    const written =
      begun.done[path] ?? (await exportTable({ service, table, begun, terminal, file: join(folder, path) }));
    begun.done[path] = written;
    await keep(folder, begun);
    files.push({ table, path, format, ...written });
    terminal.stderr.write(`${join(folder, path)}: ${written.bytes} bytes\n`);
  }
  const description = dataPackageOf({
    files,
    coordinate: begun.coordinate,
    homepage: service.url,
    publisher: said.publisher ?? undefined,
    licence: said.licence ?? undefined,
  });
  const text = `${JSON.stringify(description, null, 2)}\n`;
  await withSink(terminal, join(folder, 'datapackage.json'), (sink) => sink.write(text));
  await rm(stateIn(folder), { force: true });
  return EXIT.ok;
}

const stateIn = (folder: string): string => join(folder, '.ptl-export.json');

const begunSchema = z.object({
  /** What was asked for: another question begins anew. */
  asked: z.string(),
  coordinate: z.object({ recordedAt: z.string(), knownAt: z.string(), validAt: z.string() }),
  /** The files that are complete. */
  done: z.record(z.string(), z.object({ bytes: z.int(), sha256: z.string() })),
});

/** An export that was begun, here or by an earlier run. */
type BegunExport = z.output<typeof begunSchema>;

async function begin({ service, options, terminal }: TablesExport): Promise<BegunExport> {
  const { output: folder = '.', at, format, known, valid, recorded } = options;
  const asked = JSON.stringify([service.url, format, at, known, valid, recorded]);
  const read = begunSchema.safeParse(parseJsonText(await readFile(stateIn(folder), 'utf8').catch(() => '')));
  if (read.success && read.data.asked === asked) {
    const { recordedAt, knownAt } = read.data.coordinate;
    terminal.stderr.write(`going on with the export that was begun at ${recordedAt}, known ${knownAt}\n`);
    return read.data;
  }
  const coordinate: PinnedCoordinate = await findPinned(service, await readPoint(service, at, options));
  const begun = { asked, coordinate, done: {} };
  await keep(folder, begun);
  return begun;
}

const keep = (folder: string, begun: BegunExport): Promise<void> =>
  writeFile(stateIn(folder), JSON.stringify(begun)).catch((error: unknown) => throwUnwritable(folder, error));

interface TableExport {
  readonly service: Service;
  readonly table: TidyTable;
  readonly begun: BegunExport;
  readonly terminal: Terminal;
  readonly file: string;
}

/** One table as the file that the service makes of it. */
function exportTable({ service, table, begun, terminal, file }: TableExport): Promise<Downloaded> {
  const suffix = file.slice(file.lastIndexOf('.'));
  const query = { ...begun.coordinate, ...(isFirstAtPath(table) ? {} : { table: table.name }) };
  return download({ service, path: `${table.path}${suffix}`, query, file, terminal });
}
