import { createServer } from 'node:net';
import { once } from 'node:events';
import { CannotStart } from './cannot-start.js';

/** The address on which a server listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** The variable that sets the port; `PORT` unless given. */
  readonly variable?: 'PORT' | 'ADMIN_PORT';
}

/**
 * Throws {@link CannotStart}, with advice, where a server could not listen: before a long start, not after it.
 *
 * Another program can still take the port meanwhile, so the listening itself goes through {@link explainListening}.
 */
export async function checkAddress(address: ListenAddress): Promise<void> {
  await explainListening(address, async () => {
    const server = createServer();
    server.listen(address.port, address.host);
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
  });
}

/** Runs `listen`; throws {@link CannotStart} if the address is at fault. */
export async function explainListening(
  { host, port, variable = 'PORT' }: ListenAddress,
  listen: () => Promise<unknown>,
): Promise<void> {
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} on ${host} is in use by another program. Stop it, or set ${variable} to another port.`,
    EADDRNOTAVAIL: `${host} is not an address of this machine. Set HOST to one of its addresses.`,
    EACCES: `This account is not allowed to listen on port ${port}. Set ${variable} to 1024 or higher.`,
    EAI_AGAIN: `The name ${host} cannot be looked up. Set HOST to an address of this machine.`,
    ENOTFOUND: `There is no machine with the name ${host}. Set HOST to an address of this machine.`,
  };
  await explain(listen, (error) => sentences[codeOf(error)]);
}

/** The codes of a full disk, of Node and of PostgreSQL (SQLSTATE). */
const NO_ROOM: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', '53100']);

/** Explains a start that failed because a disk is full; undefined for any other fault. */
export const explainNoRoom = (error: unknown): string | undefined =>
  NO_ROOM.has(codeOf(error))
    ? `A disk is full: ${messageOf(error).replaceAll(/\s*\n\s*/g, ' ')}. Make room on it, and start again.`
    : undefined;

/** A folder, and the variable that sets it. */
export interface NamedFolder {
  readonly path: string;
  readonly variable: string;
}

/** Runs work in a folder; throws {@link CannotStart} if the folder is at fault. */
export function explainFolder<Result>({ path, variable }: NamedFolder, work: () => Promise<Result>): Promise<Result> {
  const advice = `set ${variable} to another directory`;
  const sentences: Readonly<Record<string, string>> = {
    ENOENT: `There is no directory ${path}. Create it, or ${advice}.`,
    ENOTDIR: `${path} is not a directory. Move it away, or ${advice}.`,
    EEXIST: `${path} is not a directory. Move it away, or ${advice}.`,
    EACCES: `This account cannot read and write ${path}. Give it the directory and everything in it (chown -R), or ${advice}.`,
    EPERM: `This account cannot write ${path}. Give it the directory and everything in it (chown -R), or ${advice}.`,
    EROFS: `${path} cannot be written: its file system is mounted read-only. Mount it read-write, or ${advice}.`,
    ENOSPC: `There is no space left on the disk of ${path}. Make room, or ${advice}.`,
    EDQUOT: `The disk quota of this account is used up in ${path}. Make room, or ${advice}.`,
  };
  return explain(work, (error) => sentences[codeOf(error)]);
}

/** The address of a database, and the variable that sets it. */
export interface DatabaseAddress {
  readonly url: string;
  readonly variable: 'DATABASE_URL' | 'DATABASE_OWNER_URL';
}

/** Runs work that needs the database; throws {@link CannotStart} if the address, login or server is at fault. */
export function explainDatabase<Result>(address: DatabaseAddress, work: () => Promise<Result>): Promise<Result> {
  return explain(work, (error) => databaseSentence(error, address));
}

function databaseSentence(error: unknown, { url, variable }: DatabaseAddress): string | undefined {
  const { hostname, port, username, pathname } = new URL(url);
  const server = `PostgreSQL at ${decodeURIComponent(hostname)}:${port === '' ? '5432' : port}`;
  const setRight = `Set ${variable} correctly.`;
  const code = codeOf(error);
  const sentences: Readonly<Record<string, string>> = {
    ECONNREFUSED: `There is no ${server}: the connection was refused. Start it, or set ${variable} correctly.`,
    ECONNRESET: `${server} closed the connection at once. Is it PostgreSQL, and does it require TLS (?sslmode=require)? ${setRight}`,
    ENOTFOUND: `There is no machine with the name ${hostname}. ${setRight}`,
    EAI_AGAIN: `The name ${hostname} cannot be looked up at the moment. Check the network, or set ${variable} correctly.`,
    EHOSTUNREACH: `${server} cannot be reached. Check the network, or set ${variable} correctly.`,
    ENETUNREACH: `${server} cannot be reached. Check the network, or set ${variable} correctly.`,
    ETIMEDOUT: `${server} does not answer. Check the network, or set ${variable} correctly.`,
    ENOENT: `There is no PostgreSQL behind the socket that ${variable} names. Start it, or set ${variable} correctly.`,
    '28P01': `${server} refuses the password of ${username}. ${setRight}`,
    '28000': `${server} does not let ${username} in: ${messageOf(error)}. Allow it in pg_hba.conf, or set ${variable} correctly.`,
    '3D000': `${server} has no database ${decodeURIComponent(pathname.slice(1))}. Create it, or set ${variable} correctly.`,
    '53300': `${server} has no free connection. Raise max_connections, or start fewer processes.`,
    '57P03': `${server} is starting or stopping: ${messageOf(error)}. Start again when it is ready.`,
    '42501': `${username} lacks a right on ${server} that this version needs: ${messageOf(error)}. See docs/operation.md for what to grant. ${hintOf(error)}`,
  };
  if (/password must be a string|no password/.test(messageOf(error)))
    return `${server} requires a password for ${username}, and none is set. Put it into ${variable}, or into the file that PGPASSFILE names.`;
  if (/^Connection terminated unexpectedly$/.test(messageOf(error))) return sentences['ECONNRESET'];
  if (/timeout expired|Connection terminated due to connection timeout/.test(messageOf(error)))
    return sentences['ETIMEDOUT'];
  if (/does not support SSL/.test(messageOf(error)))
    return `${server} does not offer TLS, but ${variable} requires it. ${setRight}`;
  return sentences[code]?.trimEnd();
}

async function explain<Result>(
  work: () => Promise<Result>,
  sentenceOf: (error: unknown) => string | undefined,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const sentence = error instanceof CannotStart ? undefined : sentenceOf(error);
    throw sentence === undefined ? error : new CannotStart(sentence, { cause: error });
  }
}

const propertyOf = (error: unknown, name: string): string => {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : '';
};

const codeOf = (error: unknown): string => propertyOf(error, 'code');
const messageOf = (error: unknown): string => propertyOf(error, 'message').replace(/\.$/, '');
const hintOf = (error: unknown): string => propertyOf(error, 'hint');
