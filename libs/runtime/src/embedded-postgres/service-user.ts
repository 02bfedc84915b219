import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** An unprivileged account under which the server runs when this process is root, which PostgreSQL refuses to be. */
export interface ServiceUser {
  readonly uid: number;
  readonly gid: number;
}

const accounts = ['postgres', 'nobody'];
const OVERFLOW_ID = 65_534;

/** The account for new data: none unless this process is root; else `postgres`, `nobody` or, without either, 65534. */
export async function serviceUser(): Promise<ServiceUser | null> {
  if (process.getuid?.() !== 0) return null;
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'));
  const found = accounts.map((name) => lines.find((fields) => fields[0] === name)).find((fields) => fields);
  const [uid, gid] = [Number(found?.[2]), Number(found?.[3])];
  return uid > 0 && gid > 0 ? { uid, gid } : { uid: OVERFLOW_ID, gid: OVERFLOW_ID };
}

/** Whether the account can enter the folder: every folder above must let it pass. */
export function reaches(user: ServiceUser | null, folder: string): Promise<boolean> {
  return succeeds('/bin/sh', ['-c', 'cd -- "$0"', folder], user);
}

/** Whether a program run by the account ends well. */
export function succeeds(program: string, parameters: readonly string[], user: ServiceUser | null): Promise<boolean> {
  return run(program, parameters, { cwd: '/', ...user }).then(
    () => true,
    () => false,
  );
}
