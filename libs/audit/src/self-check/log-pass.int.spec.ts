import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { TEST_KEY } from '../../../../test/support/databases/followed-log.js';
import { IN_ONE_PASS, SIGNED, type SignedLog, openSignedLog } from '../../../../test/support/databases/signed-log.js';
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
});
