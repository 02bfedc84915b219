import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { connect } from 'node:net';
import pg from 'pg';

/** A database that belongs to one test file alone. */
export interface TestDatabase {
  /** Connection URL of the superuser, understood by pg and TypeORM alike. */
  readonly url: string;
  /** Removes the database, ending the connections that are left. */
  drop(): Promise<void>;
}

/** Brings an empty database to the shape that a template shall have. */
export interface Template {
  /** A word of lower-case letters, digits and underscores; one template is made for each name. */
  readonly name: string;
  prepare(url: string): Promise<void>;
}

/**
 * Makes a database for the calling test file on the run's one embedded server (durability off).
 *
 * With a template the database is a copy of it; the template is prepared once a run, by whoever asks first.
 */
export async function createTestDatabase(template?: Template): Promise<TestDatabase> {
  const server = await serverUrl();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  if (template) await ensureTemplate(server, template);
  const source = template ? templateName(template) : 'template0';
  await asAdministrator(server, (admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE ${source} STRATEGY WAL_LOG`));
  return {
    url: urlOf(server, name),
    drop: () => asAdministrator(server, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}

const TEMPLATE_LOCK = 7_301;

async function ensureTemplate(server: string, template: Template): Promise<void> {
  const name = templateName(template);
  await asAdministrator(server, async (admin) => {
    await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const found = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount !== 0) return;
    const draft = `${name}_draft`;
    await admin.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${draft} TEMPLATE template0 STRATEGY WAL_LOG`);
    await template.prepare(urlOf(server, draft));
    await admin.query(`ALTER DATABASE ${draft} RENAME TO ${name}`);
  });
}

function templateName(template: Template): string {
  if (!/^[a-z0-9_]{1,40}$/.test(template.name)) throw new Error(`"${template.name}" is no name for a template.`);
  return `template_${template.name}`;
}

async function asAdministrator(server: string, work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString: urlOf(server, 'postgres') });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(server: string, database: string): string {
  return server.replace(/[^/]*$/, database);
}

let url: Promise<string> | undefined;

/** Asks the run's main process for the server, which it starts at the first call. */
function serverUrl(): Promise<string> {
  url ??= knock();
  return url;
}

async function knock(): Promise<string> {
  const door = process.env['TEST_POSTGRES_DOOR'];
  if (door === undefined)
    throw new Error('No test server: run the tests through Jest with the settings of package.json.');
  const answer: { url?: string; error?: string } = JSON.parse(await text(connect(door)));
  if (answer.url === undefined)
    throw new Error(`The test server could not start: ${answer.error ?? 'no reason given'}`);
  return answer.url;
}
