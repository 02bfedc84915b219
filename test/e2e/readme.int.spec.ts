import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import type { List } from './answers.js';
import { type RunningApplication, runApplication } from './running-application.js';

const run = promisify(execFile);

const root = fileURLToPath(new URL('../..', import.meta.url));

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

const [, client = ''] =
  /```js\n(.*?)```/s.exec(readFileSync(new URL('../../README.md', import.meta.url), 'utf8')) ?? [];

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

  it('shows a client that is told', async () => {
    const program = client.replaceAll('http://localhost:3000', application.url);
    expect(program).not.toBe(client);
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { cwd: root, stdio: 'pipe' });
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    await eventually('it is live', () => lines.includes('now live'));
    expect(lines.slice(0, 2)).toEqual([
      expect.stringMatching(/^\d+ policy\.registered /),
      expect.stringMatching(/^\d+ [a-z-]+\.[a-z-]+ /),
    ]);
    const { body } = await application.get<List<object>>('/v1/policies/rwanda-scheme/timeline?records=true');
    expect(lines.filter((line) => /^\d/.test(line))).toHaveLength(body.items.length + 1);
    child.kill();
  });
});
