import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../../support/eventually.js';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import { run } from '../../../apps/cli/src/run.js';
import { eventTypes } from '../../../libs/domain/src/index.js';
import { type TestApplication, auditKeyOf, parseLines, runApplication } from '../running-application.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Where others are at work. */
const LIMIT_MS = 90_000;

/** Refuses whatever reaches for a database, the network or Nest. */
const OFFLINE = `export async function resolve(specifier, context, next) {
  if (/^(pg|typeorm|fastify|@nestjs|(node:)?(net|tls|http|https|http2|dgram|dns)$)/.test(specifier))
    throw new Error('reached for ' + specifier);
  return next(specifier, context);
}`;

const asUrl = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;

const offline = asUrl(`import { register } from 'node:module'; register(${JSON.stringify(asUrl(OFFLINE))});`);

interface Run {
  readonly stdin?: Uint8Array;
  readonly variables?: Readonly<Record<string, string>>;
  readonly isOffline?: boolean;
}

const children: ChildProcess[] = [];

async function ptl(given: readonly string[], { stdin, variables = {}, isOffline = false }: Run = {}) {
  const loaders = ['./test/support/typescript.mjs', ...(isOffline ? [offline] : [])];
  const child = spawn(
    process.execPath,
    [...loaders.flatMap((each) => ['--import', each]), 'apps/cli/src/main.ts', ...given],
    { cwd: root, env: { PATH: process.env['PATH'], ...variables }, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  children.push(child);
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const [out, said, [code]] = await Promise.all([buffer(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: Number(code), out: out.toString(), said };
}

/** As {@link ptl}, without a process of its own. */
async function inProcess(
  given: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  { isTTY = false, input = '' } = {},
) {
  const [stdin, stdout, stderr] = [new PassThrough(), Object.assign(new PassThrough(), { isTTY }), new PassThrough()];
  stdin.end(input);
  const texts = Promise.all([text(stdout), text(stderr)]);
  const code = await run(given, { stdin, stdout, stderr, env: variables });
  for (const stream of [stdout, stderr]) stream.end();
  const [out, said] = await texts;
  return { code, out, said };
}

/** Types of events that fill the read models. */
const TYPES = [
  'figure.reported',
  'figure.revised',
  'position.stated',
  'negotiation.opened',
  'claim.made',
  'policy.resumed',
];

let application: TestApplication;
let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  application = await runApplication();
  await application.importLines(parseLines('../worked-example/events.ndjson'));
  await application.importLines(TYPES.map((type) => eventTypes.get(type)?.example));
  folder = await mkdtemp(join(tmpdir(), 'ptl-cli-'));
  const save = async (path: string, name: string): Promise<void> =>
    writeFile(at(name), Buffer.from(await (await checkedFetch(`${application.url}${path}`)).arrayBuffer()));
  await save('/v1/audit/checkpoint', 'checkpoint');
  await application.post('/v1/policies/harbour-toll/events', {
    key: 'one-more',
    type: 'policy.ended',
    policy: 'harbour-toll',
    occurred: '2025-01-01',
    publishedAt: '2025-01-02',
    summary: 'It ended.',
    epistemic: 'confirmed',
    sources: [{ publisher: 'Ministry', title: 'Notice', publishedAt: '2025-01-02', genre: 'official' }],
  });
  await save('/v1/audit/export', 'export.ndjson');
  await save('/v1/policies/harbour-toll?proof=true', 'answer.json');
  await save('/v1/audit/public-key', 'key');
}, LIMIT_MS);

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await application.stop();
  await rm(folder, { recursive: true });
});

describe('ptl verify', () => {
  it(
    'verifies an export and an answer, with no network, no database and no Nest',
    async () => {
      const exported = await ptl(['verify', at('export.ndjson')], { isOffline: true });
      expect(exported).toMatchObject({ code: 0, out: expect.stringMatching(/^verified policy-timeline\//), said: '' });
      expect(exported.out).toMatch(/not proven:\n {2}Whose log this is/);
      const answer = await ptl(['verify', at('answer.json')], { isOffline: true });
      expect(answer).toMatchObject({ code: 0, out: expect.stringMatching(/^verified harbour-toll at position/) });
    },
    LIMIT_MS,
  );

  it(
    'verifies against a key and an earlier checkpoint, from standard input, as JSON',
    async () => {
      const key = (await readFile(at('key'), 'utf8')).trim();
      const stdin = await readFile(at('export.ndjson'));
      const { code, out } = await ptl(['verify', '-', '--json', '--key', key, '--checkpoint', at('checkpoint')], {
        stdin,
      });
      expect(code).toBe(0);
      const verdict = JSON.parse(out) as { readonly proven: readonly string[] };
      expect(verdict).toMatchObject({ verdict: 'verified', vkey: key });
      expect(verdict.proven.join()).toMatch(/the key you gave.*nothing was rewritten since/);
    },
    LIMIT_MS,
  );

  it(
    'names the first bad position, and ends with 1',
    async () => {
      const lines = (await readFile(at('export.ndjson'), 'utf8')).split('\n');
      const tampered = lines.map((line) => line.replace('"one-more"', '"one-less"')).join('\n');
      const bad = await ptl(['verify', '-'], { stdin: Buffer.from(tampered) });
      expect(bad).toMatchObject({
        code: 1,
        out: expect.stringMatching(new RegExp(`^not verified at position ${lines.length - 4}, line`)),
      });
      const answer = (await readFile(at('answer.json'), 'utf8')).replace('"status":"ended"', '"status":"paused"');
      const other = await ptl(['verify', '-'], { stdin: Buffer.from(answer) });
      expect(other).toMatchObject({ code: 1, out: expect.stringMatching(/^not verified: answer-differs/) });
      const older = await ptl(['verify', at('export.ndjson'), '--key', `${await otherKey()}`]);
      expect(older).toMatchObject({ code: 1, out: expect.stringMatching(/key-differs/) });
    },
    LIMIT_MS,
  );

  it('verifies checkpoints and proofs as the service sends them', async () => {
    const save = async (path: string, name: string): Promise<string> => {
      await writeFile(at(name), await (await checkedFetch(`${application.url}${path}`)).text());
      return at(name);
    };
    const key = (await readFile(at('key'), 'utf8')).trim();
    const later = await save('/v1/audit/checkpoint', 'later');
    const [size, earlierSize] = await Promise.all(
      [later, at('checkpoint')].map(async (file) => Number((await readFile(file, 'utf8')).split('\n')[1])),
    );
    const inclusion = await save(`/v1/audit/proof/inclusion?event=toll-paused&size=${size}`, 'inclusion.json');
    const growth = await save(`/v1/audit/proof/consistency?from=${earlierSize}&to=${size}`, 'growth.json');
    const sides = ['--checkpoint', at('checkpoint'), '--later', later];
    const verify = (...given: readonly string[]) => inProcess(['verify', ...given, '--key', key]);
    expect(await verify(later)).toMatchObject({ code: 0, out: expect.stringMatching(/^verified the checkpoint of/) });
    expect(await verify(inclusion, '--checkpoint', later)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^verified toll-paused at position \d+\n/),
    });
    expect(await verify(growth, ...sides)).toMatchObject({ code: 0, out: expect.stringMatching(/only grew from/) });
    const other = (await readFile(inclusion, 'utf8')).replace('toll-paused', 'toll-passed');
    await writeFile(inclusion, other);
    expect(await verify(inclusion, '--checkpoint', later)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^not verified at position \d+: not-included/),
    });
    expect((await verify(growth, '--checkpoint', later, '--later', at('checkpoint'))).code).toBe(1);
    expect((await inProcess(['verify', later])).code).toBe(2);
    expect((await verify(growth)).code).toBe(2);
  });

  it(
    'says how it is used with 2, and what is not there with 3',
    async () => {
      const used: readonly (readonly [readonly string[], number, RegExp])[] = [
        [['verify'], 2, /missing required argument 'file'/],
        [['verify', at('export.ndjson'), '--key', 'mistyped'], 2, /^--key: /],
        [['verify', at('answer.json'), '--checkpoint', at('checkpoint')], 2, /applies to exports only/],
        [['verify', folder], 2, /is a directory/],
        [['verify', at('export.ndjson'), '--colour'], 2, /unknown option/],
        [['verfy'], 2, /unknown command/],
        [['verify', at('nothing')], 3, /There is no file/],
        [['verify', at('export.ndjson'), '--checkpoint', at('nothing')], 3, /There is no file/],
      ];
      for (const [given, code, said] of used) {
        expect({ given, ...(await inProcess(given)) }).toEqual({
          given,
          code,
          out: '',
          said: expect.stringMatching(said),
        });
      }
      // The process ends with that code.
      expect((await ptl(['verfy'])).code).toBe(2);
    },
    LIMIT_MS * 2,
  );
});

async function otherKey(): Promise<string> {
  const { parseSecretKey, secretKeyText } = await import('#audit');
  const key = parseSecretKey(secretKeyText('log.example', new Uint8Array(32).fill(1)));
  if (!key.ok) throw new Error(key.message);
  return key.value.verifier.text;
}

/** What each command that asks the service answers: with rows, without any, and to what nobody can answer. */
interface Verb {
  readonly good: string;
  /** The exit code of the good question; 0 unless said. */
  readonly code?: number;
  /** A question with no rows. */
  readonly empty?: string;
  readonly bad: readonly (readonly [string, number, RegExp])[];
}

const UNKNOWN_POINT = [/No event in force has the key "nope"/, 3] as const;

const verbs: readonly Verb[] = [
  {
    good: 'policies',
    empty: 'policies --status scrapped',
    bad: [['policies --status scraped', 2, /Did you mean scrapped/]],
  },
  {
    good: 'as-of harbour-toll 2024-07-15 --explain',
    empty: 'as-of harbour-toll 2020-01-01',
    bad: [
      ['as-of nowhere', 3, /No policy has the slug or alias "nowhere"/],
      ['as-of harbour-toll 2024-02-30', 2, /February 2024 has 29 days/],
      ['as-of harbour-toll nope', UNKNOWN_POINT[1], UNKNOWN_POINT[0]],
      ['as-of harbour-toll @99999', 2, /the last position in the log is/],
      ['as-of harbour-toll 2024-01-01..2024-02-01', 2, /is a range, and one point is needed/],
      ['as-of harbour-toll --known @4', 2, /which only --recorded takes/],
      ['as-of', 2, /missing required argument 'policy'/],
    ],
  },
  {
    good: 'timeline harbour-toll 2024-07-15',
    empty: 'timeline harbour-toll --type policy.revived',
    bad: [
      ['timeline nowhere', 3, /No policy/],
      ['timeline harbour-toll --type policy.revive', 2, /Did you mean policy.revived/],
    ],
  },
  { good: 'timeline harbour-toll --oneline', empty: 'timeline harbour-toll --oneline -q zeppelin', bad: [] },
  {
    good: 'diff harbour-toll toll-commenced^..toll-commenced',
    code: 1,
    empty: 'diff harbour-toll 2020-01-01..2020-01-02',
    bad: [
      ['diff nowhere 2024-01-01..now', 3, /No policy/],
      ['diff harbour-toll', 2, /The from side has no time/],
      ['diff harbour-toll ..2024-01-01', 2, /is not a range/],
      ['diff 2024-01-01..now', 2, /Name the policy/],
      ['diff harbour-toll 2024-01-01..now --stat --patch', 2, /cannot be used with/],
    ],
  },
  { good: 'diff --all 2024-01-01..now --stat', code: 1, empty: 'diff --all 2020-01-01..2020-01-02 --stat', bad: [] },
  {
    good: 'diff --alone toll-announced --name-only',
    code: 1,
    empty: 'diff --alone toll-announced --known 2020-01-01 --valid 2020-01-01 --name-only',
    bad: [['diff --alone nope', 3, UNKNOWN_POINT[0]]],
  },
  {
    good: 'diff harbour-toll --known 2024-11-30..2024-12-31 --valid 2024-05-01 --patch',
    code: 1,
    empty: 'diff harbour-toll @9..@9 --patch',
    bad: [],
  },
  {
    good: 'blame harbour-toll terms --at 2024-07-15',
    empty: 'blame harbour-toll --at 2020-01-01',
    bad: [['blame harbour-toll colour', 3, /has no field "colour" at this point. It has status/]],
  },
  {
    good: 'history harbour-toll status',
    empty: 'history harbour-toll colour',
    bad: [['history nowhere status', 3, /No policy/]],
  },
  {
    good: 'history harbour-toll status --axis known',
    empty: 'history harbour-toll colour --axis known',
    bad: [
      ['history nowhere status --axis known', 3, /No policy/],
      ['history harbour-toll status --axis sideways', 2, /Allowed choices are known, valid, recorded/],
    ],
  },
  { good: 'facts --policy harbour-toll', empty: 'facts --field colour', bad: [['facts nope', 3, UNKNOWN_POINT[0]]] },
  { good: 'figures', empty: 'figures --measure none', bad: [['figures --colour', 2, /unknown option/]] },
  { good: 'positions --every', empty: 'positions 2020-01-01', bad: [['positions 2020', 2, /add the day/]] },
  { good: 'negotiations', empty: 'negotiations 2020-01-01', bad: [['negotiations a b', 2, /too many arguments/]] },
  { good: 'claims', empty: 'claims 2020-01-01', bad: [['claims --policy nowhere', 3, /No policy/]] },
  { good: 'sources', empty: 'sources --publisher Nobody', bad: [['sources @0x', 2, /is not a point in time/]] },
  { good: 'actors', empty: 'actors --actor Nobody', bad: [['actors --known', 2, /argument missing/]] },
  { good: 'anomalies', empty: 'anomalies 2020-01-01', bad: [['anomalies --json --csv', 2, /cannot be used with/]] },
];

/** The cells of a file of RFC 4180. */
function parseCsv(file: string): readonly (readonly string[])[] {
  expect(file).toMatch(/\r\n$/);
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, cell = '', end] of file.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy)) {
    row.push(cell);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

const linesIn = (output: string): readonly object[] =>
  output
    .split('\n')
    .filter((line) => line !== '')
    .map((line): object => JSON.parse(line));

describe('ptl over HTTP', () => {
  const ask = (command: string, ...more: readonly string[]) =>
    inProcess([...command.split(' '), ...more], { PTL_URL: application.url });

  it.each(verbs.map((verb) => [verb.good, verb] as const))(
    '%s: the same rows in every format',
    async (_, { good, code = 0, empty }) => {
      for (const [command, expected] of [
        [good, code],
        ...(empty === undefined ? [] : [[empty, 0] as const]),
      ] as const) {
        const [plain, json, ndjson, csv] = await Promise.all([
          ask(command),
          ask(command, '--json'),
          ask(command, '--ndjson'),
          ask(command, '--csv'),
        ]);
        for (const answer of [plain, json, ndjson, csv])
          expect({ command, ...answer }).toMatchObject({
            code: expected,
            said: expect.stringMatching(/^http:.*validAt=/),
          });
        expect(typeof JSON.parse(json.out)).toBe('object');
        const rows = linesIn(ndjson.out);
        const [header = [], ...records] = parseCsv(csv.out);
        expect({ command, isEmpty: rows.length === 0 }).toEqual({ command, isEmpty: command === empty });
        expect(records).toHaveLength(rows.length);
        for (const record of records) expect(record).toHaveLength(header.length);
        expect(header.every((name) => /^[a-z]+(?:\.?[A-Za-z0-9]+)*$/.test(name))).toBe(true);
        if (command === good) expect(plain.out).toMatch(/\S/);
      }
    },
  );

  it('says in a sentence what is wrong, with the code for it', async () => {
    for (const [command, code, said] of verbs.flatMap(({ bad }) => bad)) {
      const answer = await ask(command);
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
        const killed = ptl(given, { variables: variables() });
        const child = children.at(-1);
        await eventually(`more than ${lines} lines are written`, () => lengthAbove(lines));
        child?.kill('SIGKILL');
        await killed;
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
    expect((await ask('cite', 'verify', at('key'))).code).toBe(2);
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
      'health',
      'lag',
      'set-aside',
      'checkpoint',
      'audit',
    ]);
    expect((await ask('doctor')).out).toMatch(/^(ok|warning) +reach +Policy Timeline at http/);
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

describe('ptl replay', () => {
  const onDatabase = () => ptl(['replay', '--json'], { variables: { DATABASE_URL: application.databaseUrl } });

  it(
    'says that the read models follow from the log, and shows the first difference when they do not',
    async () => {
      const equal = await onDatabase();
      expect({ code: equal.code, said: equal.said }).toEqual({ code: 0, said: '' });
      expect(JSON.parse(equal.out)).toMatchObject({ isEqual: true, position: await application.head() });
      const owner = new pg.Client({ connectionString: application.databaseUrl });
      await owner.connect();
      await owner.query(`UPDATE read.boxes SET value = '"paused"' WHERE value = '"ended"'`);
      await owner.end();
      const { code, out } = await ptl(['replay'], { variables: { DATABASE_URL: application.databaseUrl } });
      expect(code).toBe(1);
      expect(out).toMatch(/^differs at position \d+/);
      expect(out).toMatch(/only in use: .*paused.*\n\s+only replayed: .*ended/s);
    },
    LIMIT_MS,
  );

  it(
    'replays an export alone, to the same rows',
    async () => {
      const { code, out } = await ptl(['replay', at('export.ndjson')]);
      expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^equal: \d+ rows in \d+ tables/) });
    },
    LIMIT_MS,
  );

  it(
    'refuses an export that does not verify, and tells what it cannot use',
    async () => {
      await writeFile(at('cut.ndjson'), (await readFile(at('export.ndjson'))).subarray(0, 4_000));
      expect(await ptl(['replay', at('cut.ndjson')])).toMatchObject({
        code: 1,
        said: expect.stringMatching(/could not be verified at position \d+, so it was not replayed/),
      });
      expect((await inProcess(['replay'])).code).toBe(2);
      expect((await inProcess(['replay', at('nothing')])).code).toBe(3);
      const away = { DATABASE_URL: 'postgresql://127.0.0.1:1/nowhere' };
      expect((await inProcess(['replay'], away)).code).toBe(5);
    },
    LIMIT_MS,
  );
});

describe('ptl audit accept-rollback', () => {
  it(
    'accepts for the log whose key is there, with a reason, and for no other',
    async () => {
      const accept = (...given: readonly string[]) =>
        inProcess(['audit', 'accept-rollback', ...given], { AUDIT_KEY_FILE: auditKeyOf(application.databaseUrl) });
      expect(await accept()).toMatchObject({ code: 2, said: expect.stringContaining('--reason') });
      const accepted = await accept('--reason', 'The disk was lost.');
      expect(accepted).toMatchObject({
        code: 0,
        out: expect.stringMatching(
          /^accepted: the log no longer has to be consistent with the checkpoint over \d+ entries\n$/,
        ),
      });
      const elsewhere = { DATA_DIR: at('no-data') };
      expect(await inProcess(['audit', 'accept-rollback', '--reason', 'None.'], elsewhere)).toMatchObject({
        code: 3,
        said: expect.stringMatching(/There is no key file .*no-data/),
      });
    },
    LIMIT_MS,
  );
});
