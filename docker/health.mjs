// Whether an app in a container is well, by exit code: `node docker/health.mjs api|projector|sequencer`. With ADMIN_PORT
// each answers there by itself. Without, the API answers on its own port, and the others show it in the database: a
// projector that it lives, and sequencers that one of them copies.
import { hostname } from 'node:os';

const LIMIT_MS = 4_000;

async function answers(port) {
  const { ok, status } = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(LIMIT_MS) });
  return ok || `/readyz answers ${status}`;
}

const looks = {
  api: () => answers(process.env.PORT || '3000'),
  projector: () =>
    holds(
      "SELECT FROM read.members WHERE name LIKE $1 || '/%' AND seen_at > clock_timestamp() - interval '10 s'",
      [hostname()],
      'the projector has not shown itself for 10 s',
    ),
  sequencer: () =>
    holds(
      "SELECT FROM log.sequencer WHERE owner IS NOT NULL AND seen_at > clock_timestamp() - interval '10 s'",
      [],
      'no sequencer has shown itself for 10 s',
    ),
};

async function holds(statement, values, otherwise) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    connectionString: process.env.DATABASE_URL,
    connectionTimeoutMillis: LIMIT_MS,
    query_timeout: LIMIT_MS,
  });
  await client.connect();
  try {
    const { rowCount } = await client.query(statement, values);
    return rowCount > 0 || otherwise;
  } finally {
    await client.end();
  }
}

const look = looks[process.argv[2]];
const adminPort = Number(process.env.ADMIN_PORT || '0');
const find = look && adminPort > 0 ? () => answers(adminPort) : look;
const found = find ? await find().catch((error) => error.message) : 'name an app: api, projector or sequencer';
if (found !== true) {
  process.stderr.write(`${found}\n`);
  process.exit(1);
}
