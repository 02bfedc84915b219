import { utimes, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../../test/support/eventually.js';
import {
  type FollowedLog,
  type Following,
  TEST_KEY,
  openFollowedLog,
} from '../../../../test/support/databases/followed-log.js';
import pg from 'pg';
import { canonicalJson, positionOf } from '#event-log';
import { previousIn } from '../notes/previous-checkpoint.js';
import { AuditRecord } from '../record/audit-record.js';
import { readTreeState } from '../store/tree-state.js';
import { verifyExport } from '../export/export-verifier.js';
import { writeAcceptance, readAcceptance } from './acceptance.js';
import { Anchor, type SignedTree } from './anchor.js';

/** More than an announcement tells, so that the log is read from its table and not from memory. */
const UNTOLD = 100;

let log: FollowedLog;
let running: Following[] = [];

beforeEach(async () => {
  log = await openFollowedLog();
});
afterEach(async () => {
  await stopAll();
  await log.close();
});

function follow(anchor?: Anchor): Following {
  const following = log.follow(anchor);
  running.push(following);
  return following;
}

async function stopAll(): Promise<void> {
  await Promise.all(running.map(({ stop }) => stop()));
  running = [];
}

const kept = async (): Promise<{ readonly size: number; readonly root: string; readonly note: string }> => {
  const note = await readFile(log.noteFile, 'utf8');
  const [, size = '', root = ''] = note.split('\n');
  return { size: Number(size), root, note };
};

const storedNotes = async (from = log) =>
  (
    await from.pool.query<{ size: number; note: string }>(
      'SELECT size::float8 AS size, note FROM audit.checkpoints ORDER BY size',
    )
  ).rows;

const halted = (following: Following, pattern: RegExp): Promise<void> =>
  eventually('it halts', () => following.halts.some(({ message }) => pattern.test(message)));

/** Every table of the database as it is now, and as a backup would bring them back. */
const TABLES = ['log.events', 'log.head', 'audit.checkpoints', 'audit.tiles', 'audit.heads', 'audit.follower'];
const backUp = (): Promise<void> =>
  log.tamper(...TABLES.map((table) => `CREATE TABLE public.${table.replace('.', '_')} AS SELECT * FROM ${table}`));
const putBack = (): Promise<void> =>
  log.tamper(
    ...TABLES.flatMap((table) => [
      `DELETE FROM ${table}`,
      `INSERT INTO ${table} SELECT * FROM public.${table.replace('.', '_')}`,
    ]),
    // The lease of then ran out long ago.
    'UPDATE audit.follower SET owner = NULL',
  );

describe('the newest checkpoint', () => {
  it('is kept beside the key before it is stored, and all of them name the one before', async () => {
    const following = follow();
    await log.append(300);
    await log.signedTo(300);
    expect((await kept()).note).toBe((await storedNotes()).at(-1)?.note);
    await log.append(5);
    await log.signedTo(305);
    const notes = await storedNotes();
    expect((await kept()).note).toBe(notes.at(-1)?.note);
    for (const [index, { note }] of notes.entries()) {
      const before = notes[index - 1];
      if (before) expect(previousIn(note.split('\n'))).toBe(before.size);
    }
    expect(following.halts).toEqual([]);
    expect(following.warnings).toEqual([]);
  });

  it('that was kept by a process killed before it was stored does not stop the next', async () => {
    const first = follow();
    await log.append(20);
    await log.signedTo(20);
    await first.stop();
    await log.append(7);
    const killed = follow(new KilledAfterKeeping(log.noteFile, TEST_KEY.verifier));
    await eventually('it is kept', async () => (await kept()).size === 27);
    await killed.stop();
    expect((await readTreeState(log.pool)).size).toBe(20);
    // What it held for the moment of writing lies there, too.
    await writeFile(`${log.noteFile}.lock`, 'a process that was killed');
    await utimes(`${log.noteFile}.lock`, 0, 0);
    await log.append(3);
    const next = follow();
    await log.signedTo(30);
    expect([...next.halts, ...next.warnings]).toEqual([]);
    expect((await kept()).size).toBe(30);
  });

  it('is shared by processes that take turns, which neither halt nor sign two trees', async () => {
    for (let turn = 0; turn < 4; turn += 1) {
      const both = [follow(), follow()];
      await log.append(10);
      await log.signedTo((turn + 1) * 10);
      await both[turn % 2]?.stop();
    }
    expect(running.flatMap(({ halts, warnings }) => [...halts, ...warnings])).toEqual([]);
  });

  it('that cannot be kept leaves everything unsigned, and says what to do', async () => {
    const inNoFolder = join(dirname(log.noteFile), 'no-folder', 'checkpoint');
    const following = follow(new Anchor(inNoFolder, TEST_KEY.verifier));
    await log.append(3);
    await halted(following, /kept in .*no-folder.* cannot be written \(ENOENT\).*AUDIT_NOTE_FILE/);
    expect(await storedNotes()).toEqual([]);
  });

  it('that was lost is taken from the database on trust, with a warning; another in its place is not', async () => {
    const first = follow();
    await log.append(8);
    await log.signedTo(8);
    await first.stop();
    await rm(log.noteFile);
    const second = follow();
    await eventually('it is kept again', async () => (await kept().catch(() => undefined))?.size === 8);
    expect(second.warnings).toEqual([expect.stringMatching(/over 8 entries is taken on trust/)]);
    await second.stop();
    await writeFile(log.noteFile, (await kept()).note.replace('\n8\n', '\n9\n'));
    await halted(follow(), /does not hold a checkpoint of this log's key/);
  });
});

/** Counts how often the signer has looked. */
class CountingAnchor extends Anchor {
  looks = 0;

  override newest(): Promise<SignedTree | undefined> {
    this.looks += 1;
    return super.newest();
  }
}

/** Ends, as a process that is killed, between keeping a checkpoint and storing it. */
class KilledAfterKeeping extends Anchor {
  override async keep(next: SignedTree, after: SignedTree | undefined): Promise<void> {
    await super.keep(next, after);
    throw new Error('Connection terminated: killed');
  }
}

describe('a database without the checkpoint that is kept', () => {
  it('halts a running follower that is made to sign a rewritten history', async () => {
    const following = follow();
    await log.append(UNTOLD);
    await log.signedTo(UNTOLD);
    const before = await kept();
    await log.tamper(
      `UPDATE log.events SET entry = replace(entry, '"price":7}', '"price":8}') WHERE position = 8`,
      'DELETE FROM audit.checkpoints',
      'DELETE FROM audit.tiles',
      'DELETE FROM audit.heads',
      "UPDATE audit.follower SET position = 0, edge = ''",
    );
    await log.append(1);
    await halted(
      following,
      new RegExp(`another root at size ${UNTOLD} than the newest checkpoint kept beside the key`),
    );
    expect(await storedNotes()).toEqual([]);
    expect(await kept()).toEqual(before);
    // As the log is put back the tree is made anew from it, and the checkpoint signed over it is the one that was.
    await log.tamper(`UPDATE log.events SET entry = replace(entry, '"price":8}', '"price":7}') WHERE position = 8`);
    await log.signedTo(UNTOLD + 1);
    expect(following.halts).toHaveLength(1);
  });

  it('halts it once, however often it looks again', async () => {
    await log.append(UNTOLD);
    const first = follow();
    await log.signedTo(UNTOLD);
    await first.stop();
    await log.tamper(
      'CREATE TABLE public.noted (error text)',
      `CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
        $$ BEGIN INSERT INTO public.noted VALUES (NEW.error); RETURN NULL; END $$`,
      `CREATE TRIGGER notes AFTER UPDATE OF error ON audit.follower FOR EACH ROW
        WHEN (NEW.error IS DISTINCT FROM OLD.error) EXECUTE FUNCTION public.note()`,
      `UPDATE log.events SET entry = replace(entry, '"price":7}', '"price":8}') WHERE position = 8`,
      'DELETE FROM audit.checkpoints',
      'DELETE FROM audit.tiles',
      'DELETE FROM audit.heads',
      "UPDATE audit.follower SET position = 0, edge = ''",
    );
    const anchor = new CountingAnchor(log.noteFile, TEST_KEY.verifier);
    const following = follow(anchor);
    await eventually('it has looked again', () => anchor.looks > 3);
    expect(following.halts).toHaveLength(1);
    // Nobody who asks in between is told that it follows.
    const client = new pg.Client({ connectionString: log.url });
    await client.connect();
    const { rows } = await client.query('SELECT error FROM public.noted');
    await client.end();
    expect(rows).toEqual([{ error: following.halts[0]?.message }]);
  });

  it('halts it where the file is deleted as well, since it remembers', async () => {
    const following = follow();
    await log.append(UNTOLD);
    await log.signedTo(UNTOLD);
    await rm(log.noteFile);
    await log.tamper(
      `UPDATE log.events SET entry = replace(entry, '"price":7}', '"price":8}') WHERE position = 8`,
      'DELETE FROM audit.checkpoints',
      'DELETE FROM audit.heads',
      "UPDATE audit.follower SET position = 0, edge = ''",
    );
    await log.append(1);
    await halted(following, new RegExp(`another root at size ${UNTOLD}`));
  });

  it('halts whoever signs on an older state, until an operator accepts it; then every checkpoint says so', async () => {
    const old = follow();
    await log.append(10);
    await log.signedTo(10);
    await backUp();
    await log.append(5);
    await log.signedTo(15);
    const lost = await kept();
    await old.stop();
    await putBack();
    await log.restart();
    const restarted = follow();
    await halted(restarted, /ends at position 10, and the newest .* over 15 entries.*accept-rollback --reason/);
    await log.append(8);
    await halted(restarted, /another root at size 15/);
    expect((await readTreeState(log.pool)).size).toBe(10);

    const acceptance = { size: lost.size, root: lost.root, reason: 'The disk was lost.', acceptedAt: NOW };
    await writeAcceptance(log.noteFile, acceptance);
    await log.signedTo(19);
    const line = `\nrollback-accepted 19 15 ${lost.root}\n`;
    expect((await kept()).note).toContain(line);
    const [entry] = await log.log.readAll(positionOf(18), 1);
    expect(entry).toMatchObject({
      type: 'operation.rollback-accepted',
      stream: 'policy--service',
      body: { reason: 'The disk was lost.', size: 15, root: lost.root, policy: '-service' },
    });
    await eventually('it is taken up', async () => (await readAcceptance(log.noteFile)) === undefined);

    // Those who remember the other tree, and those who start, go on.
    await stopAll();
    const again = follow();
    await log.append(4);
    await log.signedTo(23);
    expect(again.halts).toEqual([]);
    expect((await kept()).note).toContain(line);
    const verification = await exported();
    expect(verification).toMatchObject({ verdict: 'verified', size: 23 });
    expect(verification).toMatchObject({
      unproven: expect.arrayContaining([
        expect.stringMatching(/over 15 entries: at position 19 the operator accepted/),
      ]),
    });
  });

  it('lets a process go on that remembers what another accepted to be lost', async () => {
    const anchor = new Anchor(log.noteFile, TEST_KEY.verifier);
    const first = follow(anchor);
    await log.append(3);
    await log.signedTo(3);
    await backUp();
    await log.append(3);
    await log.signedTo(6);
    const lost = await kept();
    await first.stop();
    await putBack();
    await log.restart();
    await writeAcceptance(log.noteFile, { size: 6, root: lost.root, reason: 'Lost.', acceptedAt: NOW });
    const second = follow();
    await log.signedTo(4);
    await second.stop();
    const remembering = follow(anchor);
    await log.append(1);
    await log.signedTo(5);
    expect(remembering.halts).toEqual([]);
  });

  it('does not show where key and checkpoint were put back with it: only a checkpoint kept elsewhere does', async () => {
    const first = follow();
    await log.append(3);
    await log.signedTo(3);
    await backUp();
    const { note } = await kept();
    await log.append(3);
    await log.signedTo(6);
    const elsewhere = (await kept()).note;
    await first.stop();
    await putBack();
    await writeFile(log.noteFile, note);
    await log.restart();
    const second = follow();
    await log.append(4);
    await log.signedTo(7);
    expect([...second.halts, ...second.warnings]).toEqual([]);
    expect(await exported()).toMatchObject({ verdict: 'verified', size: 7 });
    expect(await exported(elsewhere)).toMatchObject({
      verdict: 'not-verified',
      fault: { reason: 'earlier-root-differs' },
    });
  });

  it('signs a well-formed entry that was slipped in at the end: nothing tells it from one that was recorded', async () => {
    await log.append(3);
    const recordedAt = '2100-01-01T00:00:00.000Z';
    const entry = {
      body: {},
      id: ID,
      key: 'slipped-in',
      recordedAt,
      revision: 0,
      stream: 'new',
      type: 'toll.noted',
      v: 1,
    };
    await log.tamper(
      `INSERT INTO log.events (position, id, key, type, stream, revision, recorded_at, entry)
         VALUES (4, '${ID}', 'slipped-in', 'toll.noted', 'new', 0, '${recordedAt}', '${canonicalJson(entry)}')`,
      `UPDATE log.head SET position = 4, recorded_at = '${recordedAt}'`,
    );
    await log.restart();
    const following = follow();
    await log.signedTo(4);
    expect(following.halts).toEqual([]);
    expect(await exported()).toMatchObject({ verdict: 'verified', size: 4 });
  });

  it('takes no acceptance from the log itself, nor one that names another tree', async () => {
    const following = follow();
    await log.append(6);
    await log.signedTo(6);
    const { root } = await kept();
    await writeAcceptance(log.noteFile, { size: 5, root, reason: 'Another.', acceptedAt: NOW });
    await log.append(1);
    await eventually('it is not needed', () => following.warnings.some((warning) => /there was none/.test(warning)));
    const event = {
      id: ID,
      key: 'slipped-in',
      type: 'operation.rollback-accepted',
      body: `{"root":"${root}","size":6}`,
    };
    await log.log.append({ stream: 'policy--service', expected: 'any', events: [event] });
    await halted(following, /position 8 cannot be signed.*none did where the key is kept/);
    expect((await kept()).size).toBe(7);
  });

  it('halts one of two processes that have one key and two databases', async () => {
    const other = await openFollowedLog(dirname(log.noteFile));
    const both = [follow(), other.follow()];
    await Promise.all([log.append(40), other.append(40)]);
    await eventually('one halts', () => both.some(({ halts }) => halts.length > 0));
    await Promise.all(both.map(({ stop }) => stop()));
    running = [];
    const [mine, theirs] = [await storedNotes(), await storedNotes(other)];
    const roots = new Map(mine.map(({ size, note }) => [size, note]));
    for (const { size, note } of theirs) expect(roots.get(size) ?? note).toBe(note);
    expect(Math.min(mine.at(-1)?.size ?? 0, theirs.at(-1)?.size ?? 0)).toBe(0);
    await other.close();
  });
});

const NOW = '2026-11-29T10:00:00.000Z';
const ID = '00000000-0000-4000-8000-000000000001';

async function exported(checkpoint?: string) {
  const record = new AuditRecord({ pool: log.pool, log: log.log, vkey: TEST_KEY.verifier.text });
  const outcome = await record.export();
  if (outcome.outcome !== 'exported') throw new Error(outcome.outcome);
  const chunks: Buffer[] = [];
  for await (const line of outcome.lines) chunks.push(Buffer.from(line));
  return verifyExport(chunks, { key: TEST_KEY.verifier, ...(checkpoint === undefined ? {} : { checkpoint }) });
}
