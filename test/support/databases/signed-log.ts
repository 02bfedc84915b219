import { randomUUID } from 'node:crypto';
import { commitmentTo } from '#domain';
import { canonicalJson } from '#event-log';
import { type FollowedLog, openFollowedLog } from './followed-log.js';

/** A signed log that can be tampered with again and again. */
export interface SignedLog {
  readonly log: FollowedLog;
  /** Puts every table back as it was signed. */
  restore(): Promise<void>;
}

/** Entries in it. */
export const SIGNED = 303;

const SALT = 'c2FsdA==';

/** Of the entry with texts beside it, over which a checkpoint is signed that is neither the first nor the last. */
const WITH_TEXTS = 301;

const TABLES = [
  'log.events',
  'log.head',
  'log.erasable',
  'audit.checkpoints',
  'audit.tiles',
  'audit.heads',
  'audit.follower',
];
const saved = (table: string): string => `public.${table.replace('.', '_')}`;

/** Makes one: a full tile and the beginning of another, several checkpoints, erasable texts. */
export async function openSignedLog(): Promise<SignedLog> {
  const log = await openFollowedLog();
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
  await log.signedTo(SIGNED);
  await stop();
  await log.tamper(...TABLES.map((table) => `CREATE TABLE ${saved(table)} AS SELECT * FROM ${table}`));
  const restore = (): Promise<void> =>
    log.tamper(
      ...TABLES.flatMap((table) => [`DELETE FROM ${table}`, `INSERT INTO ${table} SELECT * FROM ${saved(table)}`]),
    );
  return { log, restore };
}

/** What somebody who can write the database does to a signed log, and what a pass of the self-check finds. */
export interface Tampering {
  readonly what: string;
  readonly statements: readonly string[];
  readonly reason: string;
  readonly position: number | null;
}

const tampering =
  (reason: string, position: number | null) =>
  (what: string, ...statements: readonly string[]): Tampering => ({ what, statements, reason, position });

const sizeAt = (place: string): string => `(SELECT ${place}(size) FROM audit.checkpoints)`;

/** Of the log that {@link openSignedLog} makes; the last one knows all that the database holds of the log. */
export const TAMPERINGS: readonly Tampering[] = [
  tampering('leaf-differs', 9)('an edited entry', `UPDATE log.events SET entry = entry || ' ' WHERE position = 9`),
  tampering('entry-missing', 9)('a deleted entry', 'DELETE FROM log.events WHERE position = 9'),
  tampering('entry-outside', 0)('an entry before the first', 'UPDATE log.events SET position = 0 WHERE position = 1'),
  tampering('entry-outside', 400)(
    'an entry beyond the end',
    'UPDATE log.events SET position = 400 WHERE position = 303',
  ),
  tampering('entry-outside', SIGNED)('an end put back', 'UPDATE log.head SET position = 300'),
  tampering('entry-missing', 301)(
    'an end cut off',
    'UPDATE log.head SET position = 300',
    'DELETE FROM log.events WHERE position > 300',
  ),
  tampering('columns-differ', 9)('another key beside an entry', `UPDATE log.events SET key = 'x' WHERE position = 9`),
  tampering('columns-differ', 9)(
    'another time beside an entry',
    `UPDATE log.events SET recorded_at = recorded_at - interval '1 day' WHERE position = 9`,
  ),
  tampering('text-differs', WITH_TEXTS)(
    'an edited text',
    `UPDATE log.erasable SET value = 'Forged.' WHERE pointer = '/note'`,
  ),
  tampering('text-differs', WITH_TEXTS)(
    'an edited salt',
    `UPDATE log.erasable SET salt = 'AAAA' WHERE pointer = '/note'`,
  ),
  tampering('text-missing', WITH_TEXTS)('a deleted text', `DELETE FROM log.erasable WHERE pointer = '/changes/note'`),
  tampering('text-outside', 9)('a text put in', `INSERT INTO log.erasable VALUES (9, '/note', '${SALT}', 'Forged.')`),
  tampering('checkpoint-missing', SIGNED)(
    'the newest checkpoint deleted',
    `DELETE FROM audit.checkpoints WHERE size = ${sizeAt('max')}`,
  ),
  tampering('checkpoint-missing', 0)(
    'the oldest checkpoint deleted',
    `DELETE FROM audit.checkpoints WHERE size = ${sizeAt('min')}`,
  ),
  tampering('checkpoint-missing', 301)(
    'a checkpoint in between deleted',
    'DELETE FROM audit.checkpoints WHERE size = 301',
  ),
  tampering('checkpoint-unreadable', 301)(
    'an edited note',
    `UPDATE audit.checkpoints SET note = replace(note, '301', '302') WHERE size = 301`,
  ),
  tampering('checkpoint-unreadable', 301)(
    'an edited root',
    `UPDATE audit.checkpoints SET root = set_byte(root, 0, 1) WHERE size = 301`,
  ),
  tampering('tile-missing', 1)('a deleted tile', 'DELETE FROM audit.tiles'),
  tampering('leaf-differs', 2)('an edited tile', 'UPDATE audit.tiles SET hashes = set_byte(hashes, 32, 1)'),
  tampering('leaf-differs', 257)('an edited edge', 'UPDATE audit.follower SET edge = set_byte(edge, 0, 1)'),
  tampering('stored-heads-differ', WITH_TEXTS)(
    'an edited head of a stream',
    `UPDATE audit.heads SET revision = revision + 1 WHERE stream = 'noted'`,
  ),
  tampering('stored-heads-differ', WITH_TEXTS)(
    'a deleted head of a stream',
    `DELETE FROM audit.heads WHERE stream = 'noted'`,
  ),
  tampering('stored-heads-differ', null)(
    'a head of a stream put in',
    `INSERT INTO audit.heads VALUES ('forged', 3, 0)`,
  ),
  tampering('anchor-differs', SIGNED)(
    'an entry and its leaf edited, and every checkpoint deleted',
    `UPDATE log.events SET entry = replace(entry, '"price":7}', '"price":8}') WHERE position = 8`,
    'DELETE FROM audit.checkpoints',
    `UPDATE audit.tiles SET hashes = set_byte(hashes, 224, 1)`,
  ),
  tampering('rolled-back', 1)(
    'an entry edited, and all that the database holds against it deleted',
    `UPDATE log.events SET entry = replace(entry, '"price":7}', '"price":8}') WHERE position = 8`,
    'DELETE FROM audit.checkpoints',
    'DELETE FROM audit.tiles',
    'DELETE FROM audit.heads',
    "UPDATE audit.follower SET position = 0, edge = ''",
  ),
];

/** Found by what is stored and kept alone; the others need time to show. */
export const IN_ONE_PASS: readonly Tampering[] = TAMPERINGS.filter(({ reason }) => reason !== 'rolled-back');
