import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));

const SEED = process.env['CRASH_SEED'] ?? '20261124';
const KILLS = 20;
const EVENTS = 6000;
const LIMIT_MS = 240_000;
const SHOWN_CHARACTERS = 4000;

describe('a campaign of crashes', () => {
  let campaign: ChildProcess | undefined;
  afterAll(() => {
    campaign?.kill('SIGTERM');
  });

  it(
    'neither loses, skips nor doubles anything',
    async () => {
      const size = ['--events', String(EVENTS), '--kills', String(KILLS), '--projectors', '2', '--apis', '1'];
      const child = spawn(
        process.execPath,
        ['--import', './test/support/typescript.mjs', 'test/crash/crash.ts', ...size, '--seed', SEED],
        { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
      );
      campaign = child;
      const [printed, told] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
      const lines = printed.trimEnd().split('\n');
      const summary: { kills?: number; events?: number } = printed === '' ? {} : JSON.parse(lines.at(-1) ?? '{}');
      const refuted = lines.filter((line) => line.startsWith('REFUTED'));
      expect({ refuted, told: printed === '' ? told.slice(-SHOWN_CHARACTERS) : '' }).toEqual({ refuted: [], told: '' });
      expect(summary).toMatchObject({ proven: true, kills: KILLS });
      // A registration that two writers share is one event.
      expect(summary.events).toBeGreaterThan(EVENTS * 0.95);
    },
    LIMIT_MS,
  );
});
