import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lockState } from './running-server.js';

/** What there is of an embedded server in a data directory. */
export type ExistingServer =
  | { readonly state: 'absent' }
  | { readonly state: 'stopped' }
  /** With the connection URL of its superuser, for the account that it runs for alone. */
  | { readonly state: 'running'; readonly url: string };

/** The lines of `postmaster.pid` with the port, by which the socket is named, and the folder of the socket, counted from 0. */
const PORT_LINE = 3;
const SOCKET_LINE = 4;

/** Finds the embedded server of a data directory, which another process may be running, without starting it. */
export async function findEmbeddedServer(dataFolder: string): Promise<ExistingServer> {
  const data = join(dataFolder, 'postgres');
  if ((await readText(join(data, 'PG_VERSION'))) === undefined) return { state: 'absent' };
  if ((await lockState(data)).state !== 'served') return { state: 'stopped' };
  const lock = (await readText(join(data, 'postmaster.pid'))) ?? '';
  const lines = lock.split('\n');
  const [port = '', folder = ''] = [lines[PORT_LINE], lines[SOCKET_LINE]];
  return folder === ''
    ? { state: 'stopped' }
    : { state: 'running', url: `postgresql://postgres@${encodeURIComponent(folder)}:${port}/postgres` };
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
