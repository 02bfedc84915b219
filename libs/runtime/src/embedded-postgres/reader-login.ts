import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { explainFolder } from '../start-faults.js';

/** A role that reads by SQL, and its password; without one nobody can log in as it. */
interface ReaderLogin {
  readonly role: string;
  readonly password: string | undefined;
}

/** The server has 50 connections, most of which the service itself may need. */
const READERS_AT_ONCE = 10;

const PASSWORD_BYTES = 24;

/** The file in the folder of data that has the password. */
const PASSWORD_FILE = 'sql.password';

/** The password that is kept in a file of the folder of data, which this account alone may read; the first call makes it. */
export function keepPassword(dataFolder: string): Promise<{ readonly password: string; readonly file: string }> {
  const file = join(dataFolder, PASSWORD_FILE);
  return explainFolder({ path: dataFolder, variable: 'DATA_DIR' }, async () => {
    const made = randomBytes(PASSWORD_BYTES).toString('base64url');
    await writeFile(file, `${made}\n`, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    return { password: (await readFile(file, 'utf8')).trim(), file };
  });
}

/**
 * Makes the role that reads by SQL on an embedded server, and opens or closes its login.
 *
 * Neither it nor anyone else can write what PostgreSQL lets everybody write unless told otherwise: temporary tables and
 * large objects; and it cannot take the locks by which processes of the service agree. Safe to repeat.
 */
export async function admitReader(
  superuserUrl: string,
  application: string,
  { role, password }: ReaderLogin,
): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query(`BEGIN; ${statements({ role, password, application })}; COMMIT`);
  } finally {
    await client.end();
  }
}

/** Rights that everybody has: to write large objects, and to take locks of the service. */
const OPEN_TO_ALL =
  "proname ~ '^(lo_(creat|create|from_bytea|put|unlink)|lowrite|pg_(try_)?advisory_(xact_)?(un)?lock(_shared|_all)?)$'";

function statements({ role, password, application }: ReaderLogin & { readonly application: string }): string {
  const [reader, service] = [role, application].map((each) => pg.escapeIdentifier(each));
  const login = password === undefined ? 'NOLOGIN PASSWORD NULL' : `LOGIN PASSWORD ${pg.escapeLiteral(password)}`;
  return [
    `DO $$ BEGIN IF to_regrole(${pg.escapeLiteral(role)}) IS NULL THEN CREATE ROLE ${reader}; END IF; END $$`,
    `ALTER ROLE ${reader} ${login} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT ${READERS_AT_ONCE}`,
    // Whoever logs in can keep settings for the role, which would then hold for all readers.
    `ALTER ROLE ${reader} RESET ALL`,
    `DO $$ BEGIN EXECUTE format('ALTER ROLE %I IN DATABASE %I RESET ALL', ${pg.escapeLiteral(role)}, current_database()); END $$`,
    // The last is a limit that the role cannot lift; the others are advice.
    `ALTER ROLE ${reader} SET default_transaction_read_only = on`,
    `ALTER ROLE ${reader} SET statement_timeout = '60s'`,
    `ALTER ROLE ${reader} SET idle_in_transaction_session_timeout = '5min'`,
    `ALTER ROLE ${reader} SET temp_file_limit = '4GB'`,
    `DO $$ DECLARE name text; BEGIN
      EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
      FOR name IN SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND ${OPEN_TO_ALL} LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', name);
        IF name ~ 'advisory' THEN EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO ${service}', name); END IF;
      END LOOP;
    END $$`,
  ].join(';\n');
}
