import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Column, TidyTable } from '#tables';

/** DuckDB, reading the files that are exported as analysts do. */
export interface DuckDbReader {
  /** The rows of a table in Parquet, as JSON has their cells, in the order of the columns. */
  cellsOf(file: ArrayBuffer, table: TidyTable): Promise<readonly (readonly unknown[])[]>;
  /** The rows of a statement that reads a file in Parquet by its address: from the file itself, which was fetched before. */
  query(
    statement: string,
    parquet: { readonly address: string; readonly file: ArrayBuffer },
  ): Promise<readonly object[]>;
  /** How many statements DuckDB finds in a text; throws where it cannot be parsed. Nothing is run. */
  parse(sql: string): Promise<number>;
  close(): Promise<void>;
}

/** Opens DuckDB in memory, without a network: it loads no extension. */
export async function openDuckDb(): Promise<DuckDbReader> {
  const folder = await mkdtemp(join(tmpdir(), 'ptl-duckdb-'));
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  return {
    cellsOf: async (file, { name, columns }) => {
      const path = join(folder, `${name}.parquet`);
      await writeFile(path, Buffer.from(file));
      const row = columns.map((column) => `'${column.name}': ${IN_JSON[column.type](`"${column.name}"`)}`).join(', ');
      const answer = await connection.runAndReadAll(
        `SELECT to_json({${row}})::VARCHAR AS row FROM read_parquet('${path}')`,
      );
      return answer.getRowObjectsJson().map(({ row: text }) => {
        const cells: Readonly<Record<string, unknown>> = typeof text === 'string' ? JSON.parse(text) : {};
        return columns.map((column) => cells[column.name]);
      });
    },
    query: async (statement, { address, file }) => {
      const path = join(folder, 'fetched.parquet');
      await writeFile(path, Buffer.from(file));
      return (await connection.runAndReadAll(statement.replace(address, path))).getRowObjectsJson();
    },
    parse: async (sql) => (await connection.extractStatements(sql)).count,
    close: async () => {
      connection.closeSync();
      instance.closeSync();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const asIs = (column: string): string => column;

/** How a column of each type is written as JSON has it. */
const IN_JSON: Readonly<Record<Column['type'], (column: string) => string>> = {
  text: asIs,
  number: asIs,
  integer: asIs,
  boolean: asIs,
  texts: asIs,
  json: (column) => `CAST(${column} AS JSON)`,
  day: (column) => `CAST(${column} AS VARCHAR)`,
  instant: (column) => `strftime(${column} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ')`,
};
