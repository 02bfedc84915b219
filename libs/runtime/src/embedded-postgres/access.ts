import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { CannotStart } from '../cannot-start.js';

const MAP = 'policy_timeline';
const READABLE = 0o644;

/** The door for readers by SQL: a port of this machine, behind which one role may log in with its password. */
export interface ReaderDoor {
  readonly port: number;
  readonly role: string;
}

/**
 * Writes who may log in to the server into `folder`; answers the settings that name the files.
 *
 * The account of this process, which the system vouches for, may log in as any role; nobody else may, but with a door
 * its one role from programs of this machine. So the service has no password to keep. The files replace those in the
 * data, also in data that was made when every account was trusted.
 */
export async function writeAccess(
  folder: string,
  door: ReaderDoor | undefined,
): Promise<Readonly<Record<string, string>>> {
  const files = { hba_file: join(folder, 'pg_hba.conf'), ident_file: join(folder, 'pg_ident.conf') };
  const rules = [
    `local all all peer map=${MAP}`,
    ...(door === undefined ? [] : [`host all "${door.role}" 127.0.0.1/32 scram-sha-256`]),
  ];
  await writeFile(files.hba_file, `${rules.join('\n')}\n`, { mode: READABLE });
  await writeFile(files.ident_file, `${MAP} "${accountName()}" all\n`, { mode: READABLE });
  return { ...files, ...(door === undefined ? {} : { listen_addresses: '127.0.0.1', port: String(door.port) }) };
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    throw new CannotStart(
      `The account with number ${process.getuid?.() ?? 'unknown'} has no name on this machine, and the embedded PostgreSQL knows accounts by their names. Add it to /etc/passwd, or set DATABASE_URL to your own server.`,
    );
  }
}
