import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pino } from 'pino';
import {
  type FollowedLog,
  TEST_KEY,
  TEST_SECRET,
  openFollowedLog,
} from '../../../test/support/databases/followed-log.js';
import { eventually } from '../../../test/support/eventually.js';
import { Audit } from './audit.js';
import { openAudit } from './open-audit.js';
import { NOTHING_CHECKED } from './self-check/report.js';

let log: FollowedLog;
beforeAll(async () => {
  log = await openFollowedLog();
});
afterAll(() => log.close());

it('shows, in a process that makes no self-check, what the table says of it', async () => {
  const ignore = (): void => undefined;
  const audit = new Audit({
    pool: log.pool,
    log: log.log,
    key: { vkey: TEST_KEY.verifier.text, signer: TEST_KEY },
    noteFile: log.noteFile,
    follows: false,
    selfCheckPauseMs: 5_000,
    onWarning: ignore,
    onHalted: ignore,
    onFound: ignore,
    onTrouble: ignore,
    now: Date.now,
  });
  expect(await audit.selfCheck()).toEqual(NOTHING_CHECKED);
  const edited = { ...NOTHING_CHECKED, trouble: { message: 'Edited.', at: '2026-11-24T12:00:00.000Z' } };
  await log.tamper(`UPDATE audit.self_check SET report = '${JSON.stringify(edited)}'`);
  expect(await audit.selfCheck()).toEqual(edited);
});

it("says in the process's log that nothing more is signed, and why", async () => {
  await log.append(4);
  const file = log.noteFile.replace(/\.checkpoint$/, '');
  await writeFile(file, `${TEST_SECRET}\n`, { mode: 0o600 });
  const lines: string[] = [];
  const audit = await openAudit({
    pool: log.pool,
    log: log.log,
    logger: pino({ level: 'fatal' }, { write: (line: string) => lines.push(line) }),
    key: { file, isNamed: true, noteFile: log.noteFile },
    selfCheckPauseMs: 5_000,
    follows: true,
  });
  audit.start();
  await log.signedTo(4);
  expect(lines).toEqual([]);
  await log.tamper('DELETE FROM log.events WHERE position = 5', 'UPDATE log.head SET position = 5');
  await log.append(1);
  await eventually('it says so', () => lines.length > 0);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    msg: 'the audit has halted: nothing more is signed',
    err: { message: expect.stringMatching(/position 5/) },
  });
  await audit.stop();
});
