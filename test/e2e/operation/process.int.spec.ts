import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { lockSession, unlockSession } from '#postgres';
import { createTestDatabase, type TestDatabase } from '../../support/databases/database.js';
import { eventually } from '../../support/eventually.js';
import { clientOf } from '../running-application.js';
import { spawnApplication } from '../spawned-application.js';
import type { List, State } from '../reads/answers.js';

/** From SIGTERM to the end. */
const STOP_LIMIT_MS = 10_000;

interface Started {
  readonly url: string;
  readonly lines: readonly string[];
  /** Ends it as a terminal or a supervisor would; answers its exit code and what it said on standard error. */
  end(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly said: string }>;
}

describe('the process', () => {
  let database: TestDatabase;
  let seeds = '';
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    seeds = await mkdtemp(join(tmpdir(), 'seeds-'));
    const event = (key: string, more: object) =>
      JSON.stringify({
        key,
        type: 'policy.announced',
        policy: 'ferry',
        occurred: '2024-01-01',
        publishedAt: '2024-01-02',
        summary: 'A ferry.',
        epistemic: 'confirmed',
        sources: [{ publisher: 'Gazette', title: 'Report', publishedAt: '2024-01-02', genre: 'news' }],
        ...more,
      });
    await writeFile(
      join(seeds, 'a.ndjson'),
      [event('one', { links: [{ rel: 'about', to: 'two' }] }), event('bad', { occurred: 'never' })].join('\n'),
    );
    await writeFile(
      join(seeds, 'b.ndjson'),
      `${['{"policy":{"slug":"ferry","title":"Ferry","kind":"scheme","jurisdiction":"GB"}}', '{"key":', event('two', {})].join('\n')}\n`,
    );
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(seeds, { recursive: true });
    await database.drop();
  });

  function run(variables: Readonly<Record<string, string>>): ChildProcess {
    const child = spawnApplication({
      DATABASE_URL: database.url,
      SEEDS: seeds,
      AUDIT_KEY_FILE: `${seeds}/audit.key`,
      ...variables,
    });
    children.push(child);
    return child;
  }

  /** Where it listens, by its log: it says so before its ready line. */
  async function listeningUrl({ stderr, stdout }: ChildProcess): Promise<string> {
    if (stdout === null || stderr === null) throw new Error('The process has no output.');
    for (const output of [stdout, stderr]) output.setEncoding('utf8');
    return new Promise((resolve) => {
      for (const input of [stdout, stderr])
        createInterface({ input }).on('line', (line) => {
          const [, url] = /"url":"(http:[^"]*)".*listening/.exec(line) ?? [];
          if (url !== undefined) resolve(url);
        });
    });
  }

  async function start(variables: Readonly<Record<string, string>> = {}): Promise<Started> {
    const child = run(variables);
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error('The process has no output.');
    const said = text(stderr);
    const lines: string[] = [];
    const exited = once(child, 'exit').then(async ([code]) => {
      if (lines.length === 0) throw new Error(`It ended with ${String(code)}: ${await said}`);
    });
    const listening = new Promise<void>((resolve) =>
      createInterface({ input: stdout }).on('line', (line) => lines.push(line) === 5 && resolve()),
    );
    await Promise.race([listening, exited]);
    return {
      url: lines[0]?.replace('listening on ', '') ?? '',
      lines,
      end: async (signal) => {
        child.kill(signal);
        const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
        return { code, said: await said };
      },
    };
  }

  it('says where it listens, loads its seeds once, and ends in good order', async () => {
    const first = await start();
    expect(first.lines).toEqual([
      expect.stringMatching(/^listening on http:\/\/127\.0\.0\.1:\d+$/),
      `documentation: ${first.url}/docs`,
      `OpenAPI: ${first.url}/openapi.json`,
      `metrics: ${first.url}/metrics`,
      `health: ${first.url}/readyz`,
    ]);
    const before = await clientOf(first.url).get<State>('/v1/policies/ferry?knownAt=2025-01-01');
    expect(before.body.eventCount).toBe(2);
    const { code, said } = await first.end('SIGTERM');
    expect([code, said]).toEqual([0, expect.stringContaining('a.ndjson:2')]);
    expect(said).toContain('b.ndjson:2');
    const second = await start({ ADMIN_PORT: '0', ACCESS_LOG: 'on', LOG_LEVEL: 'info' });
    const after = await clientOf(second.url).get<List<State>>('/v1/policies?knownAt=2025-01-01');
    expect(after.body.coordinate.recordedAt.position).toBe(before.body.coordinate.recordedAt.position);
    await showsItselfToOperators(second.lines[5]?.replace('administration: ', '') ?? '');
    const ended = await second.end('SIGINT');
    expect(ended.code).toBe(0);
    expect(ended.said).toMatch(/"route":"\/v1\/policies","status":200/);
    expect(ended.said.trimEnd().split('\n').at(-1)).toContain('"msg":"stopped"');
  }, 60_000);

  it('listens before it can answer, tells that it starts, and stops in the middle of it', async () => {
    const holder = new pg.Client(database.url);
    await holder.connect();
    // The tables of the read models are not opened while somebody else opens them.
    const hold = () => lockSession(holder, 'readSchema');
    const letGo = () => unlockSession(holder, 'readSchema');
    await hold();
    const held = run({ LOG_LEVEL: 'info' });
    const client = clientOf(await listeningUrl(held));
    expect((await client.get('/livez')).status).toBe(200);
    expect(await client.get('/readyz')).toMatchObject({
      status: 503,
      body: { type: 'urn:policy-timeline:problem:starting' },
    });
    const waiting = client.get<State>('/v1/policies/ferry?knownAt=2025-01-01');
    await letGo();
    expect(await waiting).toMatchObject({ status: 200, body: { eventCount: 2 } });
    await eventually('it has started', async () => {
      const { status, body } = await client.get<{ readonly status: string }>('/readyz');
      return status === 200 && body.status !== 'starting';
    });
    held.kill('SIGTERM');
    expect((await once(held, 'exit'))[0]).toBe(0);
    await hold();
    const stopped = run({ LOG_LEVEL: 'info' });
    await listeningUrl(stopped);
    const begun = performance.now();
    stopped.kill('SIGTERM');
    expect((await once(stopped, 'exit'))[0]).toBe(0);
    expect(performance.now() - begun).toBeLessThan(STOP_LIMIT_MS);
    await holder.end();
  }, 60_000);

  it('names every mistake of its configuration, and the zone that the log was begun in', async () => {
    const wrong = run({ PORT: 'x', LOG_LEVEL: 'loud' });
    const [said, [code]] = await Promise.all([wrong.stderr ? text(wrong.stderr) : '', once(wrong, 'exit')]);
    expect([code, said]).toEqual([1, expect.stringMatching(/PORT[\s\S]*LOG_LEVEL/)]);
    const elsewhere = run({ TIME_ZONE: 'Pacific/Auckland' });
    const [saidThere, [codeThere]] = await Promise.all([
      elsewhere.stderr ? text(elsewhere.stderr) : '',
      once(elsewhere, 'exit'),
    ]);
    expect([codeThere, saidThere]).toEqual([1, expect.stringContaining('TIME_ZONE=Europe/London')]);
  }, 60_000);
});

/** The port of operators answers what it is for, by a name of this machine, and nothing else. */
async function showsItselfToOperators(metrics: string): Promise<void> {
  const ask = async (path: string, host = 'localhost'): Promise<readonly [number | undefined, string]> => {
    const [answer] = await once(get(new URL(path, metrics), { headers: { host } }), 'response');
    return [answer.statusCode, await text(answer)];
  };
  expect(await ask('/metrics')).toEqual([200, expect.stringMatching(/^policy_timeline_log_head_position \d+$/m)]);
  expect(await ask('/livez')).toEqual([200, '{"status":"ok"}']);
  expect(await ask('/readyz')).toEqual([200, expect.stringContaining('"eventsBehind"')]);
  const statuses = await Promise.all([ask('/v1/policies'), ask('/metrics', 'rebound.example')]);
  expect(statuses.map(([status]) => status)).toEqual([404, 403]);
}
