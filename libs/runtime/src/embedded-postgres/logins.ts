import pg from 'pg';

/** Names of the roles that are to share the work on a database. */
export interface LoginRoles {
  /** Owns the database and what migrations make in it. */
  readonly owner: string;
  /** Works with what the owner grants. */
  readonly application: string;
}

/** Where each role logs in. */
export interface Logins {
  readonly ownerUrl: string;
  readonly applicationUrl: string;
}

/**
 * Lets two roles without special rights log in to an embedded server, making them at the first start.
 *
 * What its superuser owned so far, in data of an earlier version, becomes the owner's. Neither role can become a
 * superuser, read or write files, or run programs; the application cannot become the owner. Safe to repeat.
 */
export async function separateLogins(superuserUrl: string, roles: LoginRoles): Promise<Logins> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query(`BEGIN; ${statements(roles)}; COMMIT`);
  } finally {
    await client.end();
  }
  return loginsOf(superuserUrl, roles);
}

/** Where roles log in that were separated before. */
export const loginsOf = (superuserUrl: string, roles: LoginRoles): Logins => ({
  ownerUrl: loginUrl(superuserUrl, roles.owner),
  applicationUrl: loginUrl(superuserUrl, roles.application),
});

function statements({ owner, application }: LoginRoles): string {
  return [
    ...[owner, application].flatMap((role) => [
      `DO $$ BEGIN IF to_regrole(${pg.escapeLiteral(role)}) IS NULL THEN CREATE ROLE ${name(role)}; END IF; END $$`,
      `ALTER ROLE ${name(role)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS`,
    ]),
    `GRANT ${name(application)} TO ${name(owner)}`,
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO ${name(owner)}', current_database()); END $$`,
    handOver(owner),
  ].join(';\n');
}

/** REASSIGN OWNED does not do for a superuser, who owns what the server itself needs, too. */
const handOver = (owner: string): string => `DO $$
DECLARE
  statement text;
BEGIN
  FOR statement IN
    WITH mine AS (
      SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    ), owned (kind, name, owner) AS (
      SELECT 'SCHEMA', format('%I', nspname), nspowner FROM pg_namespace WHERE oid IN (SELECT oid FROM mine)
      UNION ALL
      SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END,
        c.oid::regclass::text, relowner
        FROM pg_class c JOIN mine ON mine.oid = relnamespace WHERE relkind IN ('r', 'p', 'v', 'm')
      UNION ALL
      SELECT 'ROUTINE', p.oid::regprocedure::text, proowner FROM pg_proc p JOIN mine ON mine.oid = pronamespace
    )
    SELECT format('ALTER %s %s OWNER TO ${name(owner)}', kind, name) FROM owned WHERE owner = to_regrole(current_user)
  LOOP
    EXECUTE statement;
  END LOOP;
END $$`;

const name = (role: string): string => pg.escapeIdentifier(role);

/** The user's place in the URL of a socket, which is no URL to the parser of Node. */
const loginUrl = (url: string, role: string): string => url.replace(/\/\/[^@]*@/, `//${encodeURIComponent(role)}@`);
