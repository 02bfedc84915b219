import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import { migrateLog } from '#kurrentdb-log';
import { runBenched } from '../harness/application.js';
import { makeDatabase } from '../harness/databases.js';
import { type Comparison, compare, withCallers } from '../harness/measure.js';
import type { Settings } from '../harness/settings.js';

const ROUNDS = 9;
const CALLERS = 8;
const READS = 1_500;
const APPENDS = 400;

const KEY = 'a-key-of-a-recorder';
const hash = createHash('sha256').update(KEY).digest('hex');

/** Everybody counted, with more than is asked for. */
const GUARDED = {
  API_KEYS: `bench:recorder:${hash}`,
  READS: 'keys',
  LIMITS: 'everybody',
  READS_PER_MINUTE: '999999',
  WRITES_PER_MINUTE: '999999',
};

interface Served {
  readonly read: () => Promise<number>;
  readonly append: () => Promise<number>;
  stop(): Promise<void>;
}

/** What keys and limits cost: reads of one policy and appends, through an application with them and one without. */
export async function accessComparisons(server: string, { rounds = ROUNDS }: Settings): Promise<readonly Comparison[]> {
  const without = await serve(server, 'without_access', { LIMITS: 'nobody' });
  const guarded = await serve(server, 'with_access', GUARDED);
  try {
    const compareBy = (title: string, unit: string, work: 'read' | 'append') =>
      compare({
        title,
        unit,
        rounds,
        contenders: [
          { name: 'no keys, no limits', run: without[work] },
          { name: 'keys and limits', run: guarded[work] },
        ],
      });
    return [
      await compareBy(`Access: reads of one policy, ${CALLERS} callers`, 'reads', 'read'),
      await compareBy(`Access: appends, ${CALLERS} callers`, 'appends', 'append'),
    ];
  } finally {
    await Promise.all([without.stop(), guarded.stop()]);
  }
}

async function serve(server: string, name: string, variables: Readonly<Record<string, string>>): Promise<Served> {
  const databaseUrl = await makeDatabase(server, name);
  await migrateLog(databaseUrl);
  const application = await runBenched(databaseUrl, variables);
  const agent = new Agent({ keepAlive: true });
  const send = sender(application.url, agent, variables['API_KEYS'] !== undefined);
  await send('POST', '/v1/policies', { slug: 'ferry', title: 'Ferry', kind: 'scheme', jurisdiction: 'GB' });
  let appended = 0;
  return {
    read: () => withCallers(CALLERS, READS, () => send('GET', '/v1/policies/ferry')),
    append: () =>
      withCallers(CALLERS, APPENDS, () => send('POST', '/v1/policies/ferry/events', eventOf((appended += 1)))),
    stop: async () => {
      agent.destroy();
      await application.stop();
    },
  };
}

const eventOf = (index: number): object => ({
  key: `statement-${index}`,
  type: 'terms.changed',
  policy: 'ferry',
  occurred: '2024-03-05',
  publishedAt: '2024-03-05',
  summary: 'Something was said about the ferry.',
  epistemic: 'confirmed',
  sources: [{ publisher: 'Ministry', title: 'Statement', publishedAt: '2024-03-05', genre: 'official' }],
});

/** Sends a request and waits for the whole answer. */
const sender =
  (url: string, agent: Agent, isKnown: boolean) =>
  (method: string, path: string, body?: object): Promise<void> =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body);
      const headers = {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        ...(isKnown && { authorization: `Bearer ${KEY}` }),
      };
      const sent = request(`${url}${path}`, { method, agent, headers }, (answer) => {
        answer.resume();
        answer.once('end', () =>
          (answer.statusCode ?? 500) < 300 ? resolve() : reject(new Error(`${method} ${path}: ${answer.statusCode}`)),
        );
      });
      sent.once('error', reject);
      sent.end(text);
    });
