import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseEventBody } from '#domain';
import { type AppendRequest, createPostgresEventLog } from '#event-log';
import { appendAll, bodyRequest, registrationRequest } from '../../support/events/append-bodies.js';
import { eventually } from '../../support/eventually.js';
import { type MigratedDatabase, createMigratedDatabase } from '../../support/databases/migrated-database.js';
import { sampleEvent } from '../writes/sample-event.js';
import { spawnApplication } from '../spawned-application.js';

/** Later a stop is not in order: after 9 s a process ends itself by force. */
const IN_ORDER_MS = 8_000;

const DAY_MS = 86_400_000;

/** A policy's registration and its events, by number. */
function events(policy: string, count: number, about: (index: number) => object): readonly AppendRequest[] {
  const registration = registrationRequest({ slug: policy, title: policy, kind: 'scheme', jurisdiction: 'GB' });
  const bodies = Array.from({ length: count }, (_, index) => {
    const parsed = parseEventBody({ ...sampleEvent(`${policy}-${index}`, about(index)), policy }, 'Europe/London');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
    return bodyRequest(parsed.body);
  });
  return [registration, ...bodies];
}

/** A chain of retractions, each of the one before; news that follow each other, the newest first; and ordinary ones. */
const backlog = (ordinary: number): readonly AppendRequest[] => [
  ...events('chain', 200, (index) =>
    index === 0
      ? {}
      : {
          type: 'record.retracted',
          target: `chain-${index - 1}`,
          reason: 'It was wrong.',
          epistemic: undefined,
          sources: undefined,
        },
  ),
  ...events('late', 600, (index) => {
    const publishedAt = new Date(Date.UTC(2024, 0, 1) - index * DAY_MS).toISOString().slice(0, 10);
    const links = index === 0 ? [] : [{ rel: 'follows', to: `late-${index - 1}` }];
    return { occurred: publishedAt.slice(0, 7), publishedAt, links, terms: [{ key: 'price', value: index }] };
  }),
  ...events('ordinary', ordinary, () => ({})),
];

describe('a process that is told to stop', () => {
  let database: MigratedDatabase;
  let folder = '';
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    database = await createMigratedDatabase();
    folder = await mkdtemp(join(tmpdir(), 'stopping-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rm(folder, { recursive: true });
    await database.drop();
  });

  it.each([
    {
      // Shorter logs are not built but brought on.
      ordinary: 1_400,
      at: 'a first build',
      while: "SELECT FROM read.rebuilds WHERE name = 'timeline' AND state IN ('copying', 'indexing', 'following')",
      unfinished: "SELECT FROM read.rebuilds WHERE name = 'timeline' AND state <> 'done'",
    },
    {
      ordinary: 0,
      at: 'catching up',
      while: 'SELECT FROM read.partitions WHERE owner IS NOT NULL LIMIT 1',
      unfinished: 'SELECT FROM read.partitions WHERE position < 800 LIMIT 1',
    },
  ])(
    'ends in good order in the middle of $at, however unkind the log is',
    async (stage) => {
      const log = createPostgresEventLog({ pool: database.pool });
      await appendAll(log, backlog(stage.ordinary));
      await log.close();
      const child = spawnApplication({
        DATABASE_URL: database.url,
        SEEDS: '',
        AUDIT_KEY_FILE: join(folder, 'audit.key'),
      });
      children.push(child);
      child.stdout.resume();
      child.stderr.resume();
      const holds = async (query: string): Promise<boolean> => {
        // There is no such table yet.
        const found = await database.pool.query(query).catch(() => undefined);
        return found?.rowCount === 1;
      };
      await eventually(`it is at ${stage.at}`, () => holds(stage.while));
      const begun = performance.now();
      child.kill('SIGTERM');
      const [code] = await once(child, 'exit');
      expect(code).toBe(0);
      expect(performance.now() - begun).toBeLessThan(IN_ORDER_MS);
      expect(await holds(stage.unfinished)).toBe(true);
    },
    60_000,
  );
});
