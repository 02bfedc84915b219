import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run as runCommand } from '../../../apps/cli/src/run.js';
import { eventually } from '../../support/eventually.js';
import type { List } from '../reads/answers.js';
import { type TestApplication, runApplication } from '../running-application.js';

const run = promisify(execFile);

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The command line from the sources: `npx ptl` runs what was built from them. */
const PTL = 'node --import ./test/support/typescript.mjs apps/cli/src/main.ts';

interface Step {
  readonly command: string;
  readonly answer: object;
}

/** Each command of a page with the answer that follows it, under the words that the test has for it. */
const stepsOf = (page: string): readonly (readonly [string, Step])[] =>
  [
    ...readFileSync(new URL(`../../../${page}`, import.meta.url), 'utf8').matchAll(
      /```sh\n(.*?)```\s+```json\n(.*?)```/gs,
    ),
  ].map(([, command = '', answer = '']) => [
    command.replaceAll(/\s+/g, ' ').slice(0, 110),
    { command, answer: JSON.parse(answer) as object },
  ]);

const tour = stepsOf('README.md');
const story = stepsOf('docs/recording.md');

/** The commands of `ptl` that the README shows, each with the parts of its output between the ellipses. */
const commandLine = (
  /```console\n\$ npx ptl (as-of .*?)```/s.exec(
    readFileSync(new URL('../../../README.md', import.meta.url), 'utf8'),
  )?.[1] ?? ''
)
  .split('$ npx ptl ')
  .map((text): readonly [string, readonly string[]] => {
    const [command = '', ...shown] = text.trimEnd().split('\n');
    return [command, shown.join('\n').split(/\s*…\s*/)];
  });

const [, client = ''] =
  /```js\n(.*?)```/s.exec(readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')) ?? [];

describe('the commands that the pages show', () => {
  let application: TestApplication;
  let folder: string;
  beforeAll(async () => {
    application = await runApplication({ SEEDS: 'seeds' });
    folder = await mkdtemp(join(tmpdir(), 'ptl-readme-'));
  });
  afterAll(async () => {
    await application.stop();
    await rm(folder, { recursive: true });
  });

  it('are found', () => {
    expect(tour.length).toBeGreaterThan(7);
    expect(story.length).toBeGreaterThan(10);
    expect(commandLine.length).toBeGreaterThan(7);
  });

  const answersAsShown = async (_about: string, { command, answer }: Step): Promise<void> => {
    const { stdout } = await run('sh', [
      '-c',
      command.replaceAll('http://localhost:3000', application.url).replaceAll('npx ptl', PTL),
    ]);
    expect(JSON.parse(stdout)).toMatchObject(answer);
  };
  it.each(tour)('in the tour of the README: %s', answersAsShown);
  it.each(story)('in the story of a recorder: %s', answersAsShown);

  it.each(commandLine)('on the command line, in the README: ptl %s', async (command, shown) => {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const output = text(stdout.setEncoding('utf8'));
    const words = command
      .split(' ')
      .map((word) => (/^\w+[.](csv|json|ndjson)$/.test(word) ? join(folder, word) : word));
    const code = await runCommand(words, { stdin, stdout, stderr, env: { PTL_URL: application.url } });
    stdout.end();
    // What differs ends with 1, as everywhere.
    expect(code).toBe(words[0] === 'diff' ? 1 : 0);
    let rest = await output;
    for (const part of shown) {
      expect(rest).toContain(part);
      rest = rest.slice(rest.indexOf(part) + part.length);
    }
  });

  it('in the README: a client that is told', async () => {
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
