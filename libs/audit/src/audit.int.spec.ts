import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type FollowedLog, TEST_KEY, openFollowedLog } from '../../../test/support/databases/followed-log.js';
import { Audit } from './audit.js';
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
