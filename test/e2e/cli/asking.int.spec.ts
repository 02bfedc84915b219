import { createHash } from 'node:crypto';
import { appendFile, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { eventTypes } from '../../../libs/domain/src/index.js';
import type { TestApplication } from '../running-application.js';
import { linesIn, parseCsv } from './outputs.js';
import { type PtlWorld, openPtlWorld } from './ptl-world.js';
import { inProcess, spawnPtl } from './running-ptl.js';
import { type Verb, verbs } from './verbs.js';

/** Where others are at work. */
const LIMIT_MS = 90_000;

let world: PtlWorld;
let application: TestApplication;
let folder: string;
const at = (name: string): string => world.at(name);

beforeAll(async () => {
  world = await openPtlWorld();
  ({ application, folder } = world);
  const { save } = world;
  await save('/v1/audit/checkpoint', 'checkpoint');
  await save('/v1/audit/public-key', 'key');
  await world.endToll();
  await save('/v1/policies/harbour-toll', 'answer.json');
  const exported = await readFile(await save('/v1/audit/export', 'export.ndjson'));
  await writeFile(at('cut.ndjson'), exported.subarray(0, 4_000));
}, LIMIT_MS);

afterAll(() => world.close());

describe('ptl over HTTP', () => {
  const ask = (command: string, ...more: readonly string[]) =>
    inProcess([...command.split(' '), ...more], { PTL_URL: application.url });

  const table: string[] = [];

  it.each(verbs.map((verb) => [verb.good, verb] as const))('%s: the same rows in every format', async (_, verb) => {
    const { good, code = 0, empty, input = ['', ''], bad } = verb;
    const answer = await inEveryFormat(verb, [good, input[0]], code);
    const isEmpty = empty !== undefined && (await inEveryFormat(verb, [empty, input[1]], 0)).rows === 0;
    expect(answer.rows > 0 && isEmpty === (empty !== undefined)).toBe(true);
    expect(answer.text).toMatch(/\S/);
    const codes = [...new Set(bad.map(([, each]) => each))].sort();
    const nothing = empty === undefined ? '' : 'no rows';
    const cells = [code, 'lines', 'a value', 'rows', 'as many', nothing, codes.join(', ')];
    table.push(`| \`${good.replaceAll('FILE.', '')}\` | ${cells.join(' | ')} |`);
  });

  /** Asks for each format; the rows of NDJSON and CSV must be as many, and JSON one value. */
  async function inEveryFormat(
    { good, said = /^http:.*validAt=/ }: Verb,
    [command, input]: readonly [string, string],
    code: number,
  ) {
    const isTail = good.startsWith('tail');
    const formats = [isTail ? '--text' : '', '--json', '--ndjson', '--csv'];
    const answers = await Promise.all(
      formats.map((format) =>
        inProcess([...inFolder(command), ...(format === '' ? [] : [format])], { PTL_URL: application.url }, { input }),
      ),
    );
    for (const answer of answers)
      // Whether the self-check has run by now is not what is tested.
      expect({ command, ...answer }).toMatchObject({
        code: good === 'doctor' ? expect.any(Number) : code,
        said: expect.stringMatching(said),
      });
    const [plain, json, ndjson, csv] = answers;
    expect(typeof JSON.parse(json?.out ?? '')).toBe('object');
    const rows = linesIn(ndjson?.out ?? '');
    const [header = [], ...records] = parseCsv(csv?.out ?? '');
    expect(records).toHaveLength(rows.length);
    for (const record of records) expect(record).toHaveLength(header.length);
    expect(header.every((name) => /^[a-z]+(?:\.?[A-Za-z0-9]+)*$/.test(name))).toBe(true);
    return { text: plain?.out ?? '', rows: rows.length };
  }

  const inFolder = (command: string): readonly string[] =>
    command.split(' ').map((word) => (word.startsWith('FILE.') ? at(word.slice('FILE.'.length)) : word));

  it('is the table in the README of the command line', async () => {
    const readme = await readFile(new URL('../../../apps/cli/README.md', import.meta.url), 'utf8');
    const [, shown = ''] = /\| Command asked +\|.*\n\|[-| ]+\|\n((?:\|.*\n)+)/.exec(readme) ?? [];
    const cellsOf = (line: string): readonly string[] => line.split('|').map((cell) => cell.trim());
    expect(table.map(cellsOf)).toEqual(shown.trimEnd().split('\n').map(cellsOf));
  });

  it('says in a sentence what is wrong, with the code for it', async () => {
    for (const [command, code, said] of verbs.flatMap(({ bad }) => bad)) {
      const answer = await inProcess(inFolder(command), { PTL_URL: application.url });
      expect({ command, ...answer }).toEqual({ command, code, out: '', said: expect.stringMatching(said) });
      expect(answer.said).not.toMatch(/^\s+at /m);
    }
    const away = await inProcess(['policies'], { PTL_URL: 'http://127.0.0.1:9' });
    expect(away).toMatchObject({ code: 5, said: expect.stringMatching(/cannot be reached/) });
    expect((await inProcess(['policies'], { PTL_URL: 'here' })).code).toBe(2);
  });

  it('follows all pages, at the coordinate of the first', async () => {
    const { out } = await ask('facts', '--ndjson');
    const { body } = await application.get<{ readonly items: readonly object[] }>('/v1/facts?limit=1000');
    expect(linesIn(out)).toEqual(body.items);
  });

  it('writes a file when it is complete, and none otherwise', async () => {
    const file = at('figures.csv');
    const written = await ask('figures', '--csv', '-o', file);
    expect(written).toMatchObject({ code: 0, out: '' });
    expect(await readFile(file, 'utf8')).toBe((await ask('figures', '--csv')).out);
    expect((await ask('figures nope', '-o', at('none.csv'))).code).toBe(3);
    expect(await readdir(folder)).not.toEqual(expect.arrayContaining([expect.stringContaining('none')]));
    expect((await ask('figures', '-o', join(folder, 'missing', 'x'))).code).toBe(5);
  });

  it('colours what a terminal shows, unless NO_COLOR says otherwise', async () => {
    const given = ['diff', 'harbour-toll', '2024-01-01..now'];
    const shown = await inProcess(given, { PTL_URL: application.url }, { isTTY: true });
    expect(shown.out).toContain('\u001b[32m');
    const plain = await inProcess(given, { PTL_URL: application.url, NO_COLOR: '1' }, { isTTY: true });
    expect(plain.out).not.toContain('\u001b');
  });

  it('saves an answer with its proof, which verifies', async () => {
    const file = at('proven.json');
    expect((await ask('as-of harbour-toll 2024-07-15', '--proof', file)).code).toBe(0);
    expect(await inProcess(['verify', file])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^verified harbour-toll/),
    });
  });
});

describe('ptl import', () => {
  const variables = () => ({ PTL_URL: application.url });
  const line = (key: string, more: object = {}) =>
    JSON.stringify({ ...eventTypes.get('policy.resumed')?.example, key, ...more });

  it('records files and standard input, keeps what was rejected, and repeats nothing', async () => {
    await writeFile(at('one.ndjson'), `${line('import-one')}\n\n${line('import-bad', { occurred: '2025-02-30' })}`);
    const lines = `{ broken\n${line('import-two')}\n`;
    const given = ['import', at('one.ndjson'), '-', '--rejected', at('rejected.ndjson')];
    const rehearsed = await inProcess([...given, '--dry-run'], variables(), { input: lines });
    expect(rehearsed).toMatchObject({ code: 4, out: expect.stringMatching(/4 lines: 2 would be recorded/) });
    const { code, out } = await inProcess(given, variables(), { input: lines });
    expect(code).toBe(4);
    expect(out).toMatch(
      /one\.ndjson:3: rejected import-bad: \/occurred: .*\n-:1: rejected .*\n4 lines: 2 recorded, 0 repeated, 2 rejected\n$/s,
    );
    expect(await readFile(at('rejected.ndjson'), 'utf8')).toBe(
      `${line('import-bad', { occurred: '2025-02-30' })}\n{ broken\n`,
    );
    const again = await inProcess(['import', '-', '--json'], variables(), { input: line('import-two') });
    expect(again.code).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject({
      items: [{ file: '-', line: 1, result: 'repeated', key: 'import-two' }],
      summary: { lines: 1, repeated: 1 },
    });
  });

  it('records all or nothing, and says the same in every format', async () => {
    const input = `${line('import-three')}\n${line('import-four', { policy: 'nowhere' })}\n`;
    const atomic = (...format: readonly string[]) =>
      inProcess(['import', '-', '--atomic', ...format], variables(), { input });
    const [ndjson, csv] = [await atomic('--ndjson'), await atomic('--csv')];
    expect(linesIn(ndjson.out)).toMatchObject([{ result: 'not-recorded' }, { result: 'rejected', line: 2 }]);
    expect(parseCsv(csv.out)).toHaveLength(3);
    expect([ndjson.code, csv.code]).toEqual([4, 4]);
    expect((await inProcess(['import', '-'], variables())).code).toBe(0);
    expect((await inProcess(['import', at('nothing')], variables())).code).toBe(3);
    expect((await inProcess(['import'], variables())).code).toBe(2);
    expect((await inProcess(['import', '-'], { PTL_URL: 'http://127.0.0.1:9' }, { input })).code).toBe(5);
  });
});

describe('ptl tail', () => {
  const variables = () => ({ PTL_URL: application.url });
  const tail = (...given: readonly string[]) => inProcess(['tail', '--no-follow', ...given], variables());

  it('sends all from a point on, in every format', async () => {
    const head = await application.head();
    const events = linesIn((await tail('--after', '0')).out);
    expect(events.map((message) => 'event' in message && message.event)).toEqual([
      ...Array.from({ length: head }, () => 'event'),
      'caught-up',
    ]);
    const since = await tail(
      '--since',
      'toll-paused',
      '--csv',
      '--policy',
      'harbour-toll',
      '--type',
      'policy.commenced',
    );
    // The first row has the names of the columns.
    expect(parseCsv(since.out).map(([, event]) => event)).toEqual(['event', 'event', 'caught-up']);
    expect(JSON.parse((await tail('--after', String(head), '--json')).out)).toMatchObject([{ event: 'caught-up' }]);
    expect((await tail('--after', '0', '--text')).out).toMatch(/^@1 harbour-toll {2}policy\.registered/);
    const patches = linesIn((await tail('--view', 'patches', '--policy', 'harbour-toll')).out);
    expect(patches).toMatchObject([{ event: 'patch', data: { policy: 'harbour-toll' } }, { event: 'caught-up' }]);
    for (const [given, code] of [
      [['--after', 'x'], 2],
      [['--after', '9999'], 2],
      [['--since', 'nope'], 3],
      [['--policy', 'nowhere'], 3],
      [['--view', 'sideways'], 2],
      [['--state', folder], 5],
    ] as const)
      expect({ given, ...(await tail(...given)) }).toMatchObject({ given, code, out: '' });
  });

  it(
    'goes on after it was killed, with nothing lost and nothing twice',
    async () => {
      const given = ['tail', '--after', '0', '--state', at('state'), '-o', at('tail.ndjson')];
      const lengthAbove = async (lines: number): Promise<boolean> =>
        linesIn(await readFile(at('tail.ndjson'), 'utf8').catch(() => '')).length > lines;
      for (const lines of [3, (await application.head()) - 1]) {
        const { child, ended } = spawnPtl(given, { variables: variables() });
        await eventually(`more than ${lines} lines are written`, () => lengthAbove(lines)).finally(() =>
          child.kill('SIGKILL'),
        );
        await ended;
      }
      // As if it had been killed between the line and the state.
      await appendFile(at('tail.ndjson'), '{"id":"half');
      await inProcess(['import', '-'], variables(), {
        input: JSON.stringify({ ...eventTypes.get('policy.resumed')?.example, key: 'after-the-kill' }),
      });
      expect((await tail(...given.slice(1))).code).toBe(0);
      const events = linesIn(await readFile(at('tail.ndjson'), 'utf8')).filter(
        (message) => 'event' in message && message.event === 'event',
      );
      const head = await application.head();
      expect(events.map((message) => 'id' in message && message.id)).toEqual(
        Array.from({ length: head }, (_, index) => String(index + 1)),
      );
      expect(await tail('--state', at('state'), '--policy', 'harbour-toll')).toMatchObject({
        code: 2,
        said: expect.stringMatching(/the state of a tail with other options/),
      });
    },
    LIMIT_MS,
  );
});

describe('ptl export, cite, projections, doctor and completion', () => {
  const ask = (...given: readonly string[]) => inProcess(given, { PTL_URL: application.url });

  it('exports tables at one coordinate, with a description that has their digests', async () => {
    const tables = ['facts', 'figure_claimants', 'events'];
    for (const format of ['csv', 'ndjson', 'parquet']) {
      const target = at(`export-${format}`);
      expect((await ask('export', ...tables, '--format', format, '-o', target)).code).toBe(0);
      const { resources } = JSON.parse(await readFile(join(target, 'datapackage.json'), 'utf8')) as {
        readonly resources: readonly { readonly path: string; readonly bytes: number; readonly hash: string }[];
      };
      expect(resources.map(({ path }) => path)).toEqual(tables.map((name) => `${name}.${format}`));
      for (const { path, bytes, hash } of resources) {
        const file = await readFile(join(target, path));
        expect([bytes, hash]).toEqual([file.length, `sha256:${createHash('sha256').update(file).digest('hex')}`]);
      }
      expect(await readdir(target)).toHaveLength(tables.length + 1);
    }
    const facts = await ask('facts', '--csv');
    expect(parseCsv(await readFile(join(at('export-csv'), 'facts.csv'), 'utf8'))).toEqual(parseCsv(facts.out));
    const refused = [['export'], ['export', 'nothing'], ['export', 'changes'], ['export', 'facts', '--log']];
    for (const given of refused) expect({ given, ...(await ask(...given)) }).toMatchObject({ given, code: 2, out: '' });
  });

  it('goes on with an export that was interrupted, at the coordinate of its beginning', async () => {
    const target = at('interrupted');
    await ask('export', 'facts', 'sources', '-o', target);
    const { coordinate } = JSON.parse(await readFile(join(target, 'datapackage.json'), 'utf8')) as {
      readonly coordinate: object;
    };
    const asked = JSON.stringify([application.url, 'csv', 'now', undefined, undefined, undefined]);
    const earlier = { ...coordinate, recordedAt: '@9' };
    await writeFile(join(target, '.ptl-export.json'), JSON.stringify({ asked, coordinate: earlier, done: {} }));
    const again = await ask('export', 'facts', 'sources', '-o', target);
    expect(again).toMatchObject({ code: 0, said: expect.stringMatching(/^going on with .* begun at @9, known /) });
    const described = JSON.parse(await readFile(join(target, 'datapackage.json'), 'utf8')) as object;
    expect(described).toMatchObject({ coordinate: earlier });
    expect((await readdir(target)).sort()).toEqual(['datapackage.json', 'facts.csv', 'sources.csv']);
  });

  it('exports the log, which verifies', async () => {
    expect((await ask('export', '--log', '--to', '5', '-o', at('log.ndjson'))).code).toBe(0);
    expect(await ask('verify', at('log.ndjson'))).toMatchObject({ code: 0, out: expect.stringMatching(/: 5 entries/) });
    expect((await ask('export', '--log', '--to', 'x')).code).toBe(2);
  });

  it('cites an answer, and says later whether it holds', async () => {
    const given = ['cite', 'harbour-toll', '2024-07-15'];
    const made = JSON.parse((await ask(...given, '--json')).out) as {
      readonly id: string;
      readonly answerSha256: string;
    };
    expect(made.answerSha256).toMatch(/^[0-9a-f]{64}$/);
    expect((await ask(...given, '--recorded', '@20', '--as', 'bibtex')).out).toMatch(/^@/);
    expect((await ask(...given, '--csv')).out).toMatch(/^id,citationUrl,url,/);
    expect(await ask('cite', 'verify', made.id)).toMatchObject({ code: 0, out: expect.stringMatching(/^holds: /) });
    await ask('as-of', 'harbour-toll', '2024-07-15', '--json', '-o', at('saved.json'));
    expect(await ask('cite', 'verify', at('saved.json'), '--json')).toMatchObject({ code: 0 });
    const saved = await readFile(at('saved.json'), 'utf8');
    await writeFile(at('saved.json'), saved.replace('"in-operation"', '"paused"'));
    expect(await readFile(at('saved.json'), 'utf8')).not.toBe(saved);
    expect(await ask('cite', 'verify', at('saved.json'))).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^does not hold.*saved-differs/s),
    });
    expect((await ask('cite', 'verify', '0123456789abcdef')).code).toBe(3);
    expect((await ask('cite', 'verify', at('log.ndjson'))).code).toBe(2);
    expect((await ask('cite', 'nowhere')).code).toBe(3);
  });

  it('lists read models, and rebuilds one', async () => {
    const list = await ask('projections', 'list', '--ndjson');
    expect(linesIn(list.out)).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'figures' })]));
    expect((await ask('projections', 'list', '--csv')).code).toBe(0);
    expect((await ask('projections', 'list')).out).toMatch(/^name .*\npolicies +running/);
    expect(await ask('projections', 'rebuild', 'figures')).toMatchObject({ code: 0, out: 'figures: done\n' });
    expect((await ask('projections', 'rebuild', 'nothing')).code).toBe(3);
    expect((await ask('projections')).code).toBe(2);
  });

  it('examines the service, one line a check', async () => {
    const examined = await ask('doctor', '--json');
    const { checks } = JSON.parse(examined.out) as { readonly checks: readonly { readonly check: string }[] };
    expect(checks.map(({ check }) => check)).toEqual([
      'reach',
      'clock',
      'version',
      'key',
      'limits',
      'metrics',
      'health',
      'lag',
      'set-aside',
      'checkpoint',
      'audit',
      'disk',
      'spool',
      'sql',
    ]);
    expect((await ask('doctor')).out).toMatch(/^(ok|warning) +reach +Policy Timeline at http/);
    const metricsAt = async (port: string) =>
      (await inProcess(['doctor'], { PTL_URL: application.url, ADMIN_PORT: port })).out;
    expect(await metricsAt(new URL(application.url).port)).toMatch(
      /^ok +metrics +the port of operators, \d+, answers$/m,
    );
    expect(await metricsAt('9')).toMatch(/^warning +metrics +the port of operators, 9, does not answer$/m);
    expect((await inProcess(['doctor'], { PTL_URL: 'http://127.0.0.1:9' })).code).toBe(5);
  });

  it('completes in shells', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { code, out } = await ask('completion', shell);
      expect({ shell, code, out }).toMatchObject({ code: 0, out: expect.stringContaining('--name-only') });
    }
    expect((await ask('completion', 'ksh')).code).toBe(2);
  });
});
