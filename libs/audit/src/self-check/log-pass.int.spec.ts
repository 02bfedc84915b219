import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { commitmentTo } from '#domain';
import { canonicalJson } from '#event-log';
import { type FollowedLog, TEST_KEY, openFollowedLog } from '../../../../test/support/followed-log.js';
import { Anchor } from '../anchor/anchor.js';
import { readTree } from '../store/standing.js';
import { passOver } from './log-pass.js';
import type { Found } from './row-faults.js';

const SALT = 'c2FsdA==';

/** Of the entry with texts beside it. */
const WITH_TEXTS = 301;

const TABLES = ['log.events', 'log.head', 'log.erasable', 'audit.checkpoints', 'audit.tiles', 'audit.heads'];
const saved = (table: string): string => `public.${table.replace('.', '_')}`;

let log: FollowedLog;
let anchor: Anchor;

beforeAll(async () => {
  log = await openFollowedLog();
  anchor = new Anchor(log.noteFile, TEST_KEY.verifier);
  const { stop } = log.follow();
  await log.append(300);
  await log.signedTo(300);
  const texts = { '/note': 'A note.', '/changes/note': 'Another.' };
  const commit = (text: string) => ({ commit: commitmentTo(text, SALT) });
  const body = { changes: { note: commit(texts['/changes/note']) }, note: commit(texts['/note']) };
  const erasable = Object.entries(texts).map(([pointer, value]) => ({ pointer, salt: SALT, value }));
  const event = { id: randomUUID(), key: 'noted', type: 'toll.noted', body: canonicalJson(body), erasable };
  await log.log.append({ stream: 'noted', expected: 'any', events: [event] });
  await log.signedTo(WITH_TEXTS);
  await log.append(2);
  await log.signedTo(303);
  await stop();
  await log.tamper(
    ...[...TABLES, 'audit.follower'].map((table) => `CREATE TABLE ${saved(table)} AS SELECT * FROM ${table}`),
  );
});
afterAll(() => log.close());

afterEach(() =>
  log.tamper(
    ...[...TABLES, 'audit.follower'].flatMap((table) => [
      `DELETE FROM ${table}`,
      `INSERT INTO ${table} SELECT * FROM ${saved(table)}`,
    ]),
  ),
);

async function found(): Promise<readonly Found[]> {
  const findings: Found[] = [];
  const anchored = await anchor.newest();
  const { standing, heads } = await readTree(log.pool);
  for await (const step of passOver({ pool: log.pool, standing, heads, key: TEST_KEY.verifier, anchored }))
    findings.push(...step.found);
  return findings;
}

const sizeAt = (place: string): string => `(SELECT ${place}(size) FROM audit.checkpoints)`;

describe('a pass over the stored log', () => {
  it('finds nothing where all is as it was signed', async () => {
    expect(await found()).toEqual([]);
    expect((await readFile(log.noteFile, 'utf8')).split('\n')[1]).toBe('303');
  });

  it.each<[what: string, statement: string, reason: string, position: number | null]>([
    ['an edited entry', `UPDATE log.events SET entry = entry || ' ' WHERE position = 9`, 'leaf-differs', 9],
    ['a deleted entry', 'DELETE FROM log.events WHERE position = 9', 'entry-missing', 9],
    ['an entry before the first', 'UPDATE log.events SET position = 0 WHERE position = 1', 'entry-outside', 0],
    ['an entry beyond the end', 'UPDATE log.events SET position = 400 WHERE position = 303', 'entry-outside', 400],
    ['an end put back', 'UPDATE log.head SET position = 300', 'entry-outside', 303],
    [
      'an end cut off',
      'WITH h AS (UPDATE log.head SET position = 300) DELETE FROM log.events WHERE position > 300',
      'entry-missing',
      301,
    ],
    ['another key beside an entry', `UPDATE log.events SET key = 'x' WHERE position = 9`, 'columns-differ', 9],
    [
      'another time beside an entry',
      `UPDATE log.events SET recorded_at = recorded_at - interval '1 day' WHERE position = 9`,
      'columns-differ',
      9,
    ],
    ['an edited text', `UPDATE log.erasable SET value = 'Forged.' WHERE pointer = '/note'`, 'text-differs', WITH_TEXTS],
    ['an edited salt', `UPDATE log.erasable SET salt = 'AAAA' WHERE pointer = '/note'`, 'text-differs', WITH_TEXTS],
    ['a deleted text', `DELETE FROM log.erasable WHERE pointer = '/changes/note'`, 'text-missing', WITH_TEXTS],
    ['a text put in', `INSERT INTO log.erasable VALUES (9, '/note', '${SALT}', 'Forged.')`, 'text-outside', 9],
    [
      'the newest checkpoint deleted',
      `DELETE FROM audit.checkpoints WHERE size = ${sizeAt('max')}`,
      'checkpoint-missing',
      303,
    ],
    [
      'the oldest checkpoint deleted',
      `DELETE FROM audit.checkpoints WHERE size = ${sizeAt('min')}`,
      'checkpoint-missing',
      0,
    ],
    ['one in between deleted', 'DELETE FROM audit.checkpoints WHERE size = 301', 'checkpoint-missing', 301],
    [
      'an edited note',
      `UPDATE audit.checkpoints SET note = replace(note, '301', '302') WHERE size = 301`,
      'checkpoint-unreadable',
      301,
    ],
    [
      'an edited root',
      `UPDATE audit.checkpoints SET root = set_byte(root, 0, 1) WHERE size = 301`,
      'checkpoint-unreadable',
      301,
    ],
    ['a deleted tile', 'DELETE FROM audit.tiles', 'tile-missing', 1],
    ['an edited tile', 'UPDATE audit.tiles SET hashes = set_byte(hashes, 32, 1)', 'leaf-differs', 2],
    ['an edited edge', 'UPDATE audit.follower SET edge = set_byte(edge, 0, 1)', 'leaf-differs', 257],
    [
      'an edited head',
      `UPDATE audit.heads SET revision = revision + 1 WHERE stream = 'noted'`,
      'stored-heads-differ',
      WITH_TEXTS,
    ],
    ['a deleted head', `DELETE FROM audit.heads WHERE stream = 'noted'`, 'stored-heads-differ', WITH_TEXTS],
    ['a head put in', `INSERT INTO audit.heads VALUES ('forged', 3, 0)`, 'stored-heads-differ', null],
  ])('finds %s', async (_what, statement, reason, position) => {
    await log.tamper(statement);
    expect(await found()).toContainEqual({ reason, position, message: expect.any(String) });
  });

  it('finds a log that was rewritten with everything that the database holds of it, by what is kept beside the key', async () => {
    await log.tamper(
      `UPDATE log.events SET entry = replace(entry, '"price":7}', '"price":8}') WHERE position = 8`,
      'DELETE FROM audit.checkpoints',
      `UPDATE audit.tiles SET hashes = set_byte(hashes, 224, 1)`,
    );
    expect(await found()).toContainEqual({ reason: 'anchor-differs', position: 303, message: expect.any(String) });
  });
});
