import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningApplication, runApplication } from './running-application.js';

const run = promisify(execFile);

/** The command line from the sources: `npx ptl` runs what was built from them. */
const PTL = 'node --import ./test/support/typescript.mjs apps/cli/src/main.ts';

interface Step {
  readonly command: string;
  readonly answer: object;
}

/** Each command of the README with the answer that follows it. */
const steps: readonly Step[] = [
  ...readFileSync(new URL('../../README.md', import.meta.url), 'utf8').matchAll(
    /```sh\n(.*?)```\s+```json\n(.*?)```/gs,
  ),
].map(([, command = '', answer = '']) => ({ command, answer: JSON.parse(answer) as object }));

describe('the tour of the README', () => {
  let application: RunningApplication;
  beforeAll(async () => {
    application = await runApplication({ SEEDS: 'seeds' });
  });
  afterAll(() => application.stop());

  it('has steps', () => {
    expect(steps.length).toBeGreaterThan(7);
  });

  it.each(steps.map((step) => [step.command.replaceAll(/\s+/g, ' ').slice(0, 110), step] as const))(
    '%s',
    async (_about, { command, answer }) => {
      const { stdout } = await run('sh', [
        '-c',
        command.replaceAll('http://localhost:3000', application.url).replaceAll('npx ptl', PTL),
      ]);
      expect(JSON.parse(stdout)).toMatchObject(answer);
    },
  );
});
