import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { ReadSideReport, ReadSideTask } from '../reference/read-side.js';
import { startFlags } from './start-flags.js';

/** The address of another database of a server. */
export const databaseUrl = (server: string, name: string): string => server.replace(/[^/]*$/, name);

/** Makes a database, as a copy of another where one is named; answers its address. One of that name is taken away. */
export async function makeDatabase(server: string, name: string, copyOf = 'template1'): Promise<string> {
  await dropDatabase(server, name);
  await withOwner(server, (owner) => owner.query(`CREATE DATABASE ${name} TEMPLATE ${copyOf} STRATEGY FILE_COPY`));
  return databaseUrl(server, name);
}

export const dropDatabase = (server: string, name: string): Promise<unknown> =>
  withOwner(server, (owner) => owner.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));

/** Gives work a connection as the owner. */
export async function withOwner<Result>(url: string, work: (owner: pg.Client) => Promise<Result>): Promise<Result> {
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  try {
    return await work(owner);
  } finally {
    await owner.end();
  }
}

/** Lets a process of its own work on the read side of a database, run as `npm start` runs the application. */
export async function onReadSide(url: string, task: ReadSideTask): Promise<ReadSideReport> {
  const child = spawn(
    process.execPath,
    [
      ...startFlags,
      '--import',
      fileURLToPath(new URL('../../support/typescript.mjs', import.meta.url)),
      fileURLToPath(new URL('../reference/read-side-process.ts', import.meta.url)),
      url,
      JSON.stringify(task),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [told] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (child.exitCode !== 0) throw new Error(`The task ${task.task} failed.`);
  return JSON.parse(told) as ReadSideReport;
}
