// Whether an app in a container is well, by exit code: `node docker/health.mjs api|projector|sequencer`. What the API
// answers by itself the others show in the database: a projector that it lives, and sequencers that one of them copies.
import { hostname } from 'node:os';

const LIMIT_MS = 4_000;

const looks = {
  api: async () => {
    const port = process.env.PORT || '3000';
    const { ok, status } = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(LIMIT_MS) });
    return ok || `/readyz answers ${status}`;
  },
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
const found = look ? await look().catch((error) => error.message) : 'name an app: api, projector or sequencer';
if (found !== true) {
  process.stderr.write(`${found}\n`);
  process.exit(1);
}
