import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { TEST_KEY } from '../../../../test/support/databases/followed-log.js';
import { eventually } from '../../../../test/support/eventually.js';
import {
  IN_ONE_PASS,
  SIGNED,
  type SignedLog,
  TAMPERINGS,
  openSignedLog,
} from '../../../../test/support/databases/signed-log.js';
import { Anchor } from '../anchor/anchor.js';
import { readTree } from '../store/tree-state.js';
import { checkLog } from './log-pass.js';
import type { LogFinding } from '../log-check/findings.js';

let signed: SignedLog;
beforeAll(async () => {
  signed = await openSignedLog();
});
afterAll(() => signed.log.close());
afterEach(() => signed.restore());

async function found(): Promise<readonly LogFinding[]> {
  const { pool, noteFile } = signed.log;
  const findings: LogFinding[] = [];
  const anchored = await new Anchor(noteFile, TEST_KEY.verifier).newest();
  const { treeState, heads } = await readTree(pool);
  for await (const step of checkLog({ pool, treeState, heads, key: TEST_KEY.verifier, anchored }))
    findings.push(...step.found);
  return findings;
}

describe('a pass over the stored log', () => {
  it('finds nothing where all is as it was signed', async () => {
    expect(await found()).toEqual([]);
    expect((await readFile(signed.log.noteFile, 'utf8')).split('\n')[1]).toBe(String(SIGNED));
  });

  it.each(IN_ONE_PASS)('finds $what', async ({ statements, reason, position }) => {
    await signed.log.tamper(...statements);
    expect(await found()).toContainEqual({ reason, position, message: expect.any(String) });
  });

  it('is one of those whose time the README says, of which there are as many as docs/audit.md says', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const [, table = ''] = /\n## Tamperings\n.*?\n\| ---[^\n]*\n(.*?)\n\n/s.exec(readme) ?? [];
    const timed = table.split('\n').map((line) => line.split('|')[1]?.trim());
    expect(timed).toEqual(TAMPERINGS.map(({ what }) => what));
    expect(timed).toHaveLength(25);
  });
});

describe('what signs', () => {
  // The newest checkpoint alone is read at a start; the others are the self-check's.
  it.each([
    ['the newest checkpoint was deleted', `DELETE FROM audit.checkpoints WHERE size = ${SIGNED}`],
    ['the newest checkpoint was edited', `UPDATE audit.checkpoints SET note = note || ' ' WHERE size = ${SIGNED}`],
    ['the edge of the tree was edited', 'UPDATE audit.follower SET edge = set_byte(edge, 0, 1)'],
    ['an end of a stream was edited', `UPDATE audit.heads SET revision = revision + 1 WHERE stream = 'noted'`],
    ['an end of a stream was deleted', `DELETE FROM audit.heads WHERE stream = 'noted'`],
    ['an end of a stream was put in', `INSERT INTO audit.heads VALUES ('forged', 3, 0)`],
  ])('halts at its start where %s', async (_what, statement) => {
    await signed.log.tamper(statement);
    const { halts, stop } = signed.log.follow();
    await eventually('it halts', () => halts.length > 0);
    await stop();
  });

  // The last one: it signs.
  it('signs the tree that it has in memory where what is stored of it was edited while it runs', async () => {
    const { halts, stop } = signed.log.follow();
    await signed.log.append(1);
    await signed.log.signedTo(SIGNED + 1);
    await signed.log.tamper(
      'UPDATE audit.follower SET edge = set_byte(edge, 0, 1)',
      `UPDATE audit.heads SET revision = revision + 1 WHERE stream = 'toll-1'`,
      `UPDATE audit.checkpoints SET note = note || ' ' WHERE size = ${SIGNED + 1}`,
    );
    await signed.log.append(5);
    await signed.log.signedTo(SIGNED + 6);
    await stop();
    expect(halts).toEqual([]);
    // The checkpoint that was edited stays so; edge and ends are stored again, as they are in memory.
    expect(await found()).toEqual([expect.objectContaining({ position: SIGNED + 1, reason: 'checkpoint-unreadable' })]);
  });
});
