import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventTypes } from '../../../libs/domain/src/index.js';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import { type TestApplication, auditKeyOf } from '../running-application.js';
import { type PtlWorld, openPtlWorld } from './ptl-world.js';
import { linesIn, parseCsv } from './outputs.js';
import { inProcess, ptl } from './running-ptl.js';

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
  await application.post('/v1/policies/harbour-toll/events', {
    ...eventTypes.get('policy.resumed')?.example,
    policy: 'harbour-toll',
    key: 'with-a-note',
    note: 'Seen in the archive.',
  });
  await world.endToll();
  await save('/v1/audit/export', 'export.ndjson');
  await save('/v1/policies/harbour-toll?proof=true', 'answer.json');
  await save('/v1/policies/harbour-toll/timeline?proof=true&limit=3', 'events.json');
  await save('/v1/policies/harbour-toll/diff?proof=true&from=2024-03-31&to=2024-07-15', 'difference.json');
  await save('/v1/audit/public-key', 'key');
}, LIMIT_MS);

afterAll(() => world.close());

describe('ptl verify', () => {
  it(
    'verifies an export and an answer, with no network, no database and no Nest',
    async () => {
      const exported = await ptl(['verify', at('export.ndjson')], { isOffline: true });
      expect(exported).toMatchObject({ code: 0, out: expect.stringMatching(/^verified policy-timeline\//), said: '' });
      expect(exported.out).toMatch(/not proven:\n {2}Whose log this is/);
      const answer = await ptl(['verify', at('answer.json')], { isOffline: true });
      expect(answer).toMatchObject({ code: 0, out: expect.stringMatching(/^verified harbour-toll at position/) });
      const listed = await inProcess(['verify', at('events.json')]);
      expect(listed).toMatchObject({
        code: 0,
        out: expect.stringMatching(
          /^verified harbour-toll, its events with order "occurred", at position.*rows: 1 to 3 of/s,
        ),
      });
      const compared = await inProcess(['verify', at('difference.json')]);
      expect(compared).toMatchObject({ code: 0, out: expect.stringMatching(/^verified harbour-toll, its difference/) });
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
    const { save } = world;
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
    const alone = await save('/v1/audit/proof/inclusion.tlog-proof?event=toll-paused', 'toll-paused.tlog-proof');
    expect(await verify(alone)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^verified toll-paused at position \d+ of \S+, among \d+ entries\n/),
    });
    expect(await inProcess(['verify', alone, '--key', await otherKey()])).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^not verified: checkpoint-unreadable/),
    });
    expect((await inProcess(['verify', alone])).code).toBe(2);
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

describe('ptl ask', () => {
  const ask = (...given: readonly string[]) => inProcess(['ask', at('export.ndjson'), ...given]);

  it(
    'answers as the service does, from an export alone, and finds what a saved answer says otherwise',
    async () => {
      const paths = [
        '/v1/policies/harbour-toll?knownAt=2024-07-15&explain=true',
        '/v1/policies/harbour-toll?knownAt=2024-07-15&engine=replay&proof=true',
        '/v1/policies/harbour-toll/timeline?limit=3&proof=true',
        '/v1/policies/harbour-toll/diff?from=2024-03-31&to=2024-07-15&proof=true',
        '/v1/policies/harbour-toll/history?field=status',
        '/v1/policies',
        '/v1/events/with-a-note',
        '/v1/figures',
        '/v1/facts',
        '/v1/series?field=status&axis=known&policy=harbour-toll',
        '/v1/promises',
        '/v1/turns',
        '/v1/impact?event=toll-paused',
      ];
      const saved = await Promise.all(paths.map((path, index) => world.save(path, `saved-${index}.json`)));
      await inProcess(['sources', '--json', '-o', at('listed.json')], { PTL_URL: application.url });
      const [first = ''] = saved;
      const text = await readFile(first, 'utf8');
      await writeFile(at('other.json'), text.replace('"in-operation"', '"ended"'));
      await writeFile(
        at('later.json'),
        text.replace(/"permalink":"[^"]*"/, '"permalink":"/v1/policies?recordedAt=@9999"'),
      );
      const given = [...saved, ...['listed.json', 'other.json', 'later.json'].map(at)];
      const { code, out } = await ask('--json', '--compare', ...given);
      const { answers } = JSON.parse(out) as { readonly answers: readonly ComparedFile[] };
      expect(answers.map(({ file }) => file)).toEqual(given);
      expect(answers.filter(({ outcome }) => outcome !== 'equal')).toMatchObject([
        {
          file: at('other.json'),
          outcome: 'differs',
          differences: [{ pointer: '/state/status', saved: 'ended', made: 'in-operation' }],
        },
        {
          file: at('later.json'),
          outcome: 'no-answer',
          message: expect.stringMatching(/the last position in the log is/),
        },
      ]);
      expect(answers.filter(({ erasable }) => erasable > 0).map(({ file }) => file)).toEqual([at('saved-6.json')]);
      expect(code).toBe(1);
    },
    LIMIT_MS,
  );

  it(
    'writes the answer of an address, in any of its formats',
    async () => {
      const csv = await (await checkedFetch(`${application.url}/v1/figures.csv`)).text();
      expect(await ask('/v1/figures', '--csv')).toEqual({ code: 0, out: csv, said: '' });
    },
    LIMIT_MS,
  );

  it('asks nothing of an export that does not verify, and nothing that no export answers', async () => {
    await writeFile(at('short.ndjson'), (await readFile(at('export.ndjson'))).subarray(0, 4_000));
    const used: readonly (readonly [readonly string[], number, RegExp])[] = [
      [[at('export.ndjson')], 2, /Give the address of a read/],
      [[at('export.ndjson'), 'figures'], 2, /is no address of a read/],
      [[at('export.ndjson'), '/v1/audit/checkpoint'], 2, /is about the service itself/],
      [[at('export.ndjson'), '/v1/policies/harbour-toll?proof=true'], 2, /no proofs of answers/],
      [[at('export.ndjson'), '--compare', at('key')], 2, /does not say what it answers/],
      [[at('export.ndjson'), '/v1/figures', '--key', 'mistyped'], 2, /^--key: /],
      [
        [at('export.ndjson'), '/v1/figures', '--key', await otherKey()],
        1,
        /could not be verified, so nothing was asked/,
      ],
      [[at('short.ndjson'), '/v1/figures'], 1, /could not be verified at position \d+, so nothing was asked/],
      [[at('nothing'), '/v1/figures'], 3, /There is no file/],
      [['-', '/v1/figures'], 2, /read twice/],
    ];
    for (const [given, code, said] of used)
      expect({ given, ...(await inProcess(['ask', ...given])) }).toEqual({
        given,
        code,
        out: '',
        said: expect.stringMatching(said),
      });
  });
});

interface ComparedFile {
  readonly file: string;
  readonly outcome: string;
  readonly erasable: number;
  readonly message: string | null;
}

interface ReplayedTable {
  readonly table: string;
  readonly other: { readonly rows: number; readonly digest: string };
}

describe('ptl replay', () => {
  const onDatabase = () => ptl(['replay', '--json'], { variables: { DATABASE_URL: application.databaseUrl } });

  /** A line a table of what follows from the log, as `ptl replay` writes it where that is also what is in use. */
  const digestsIn = (document: string): readonly string[] => {
    const { tables } = JSON.parse(document) as { readonly tables: readonly ReplayedTable[] };
    return tables.map(({ table, other }) => `  ${table}: ${other.rows} rows, digest ${other.digest}`);
  };

  it(
    'says that the read models follow from the log, and shows the first difference when they do not',
    async () => {
      const equal = await onDatabase();
      expect({ code: equal.code, said: equal.said }).toEqual({ code: 0, said: '' });
      expect(JSON.parse(equal.out)).toMatchObject({ isEqual: true, position: await application.head() });
      const asCsv = ['replay', '--csv', '-o', at('replay.csv')];
      expect(await inProcess(asCsv, { DATABASE_URL: application.databaseUrl })).toMatchObject({ code: 0, out: '' });
      const [header = [], ...rows] = parseCsv(await readFile(at('replay.csv'), 'utf8'));
      expect(header.slice(0, 2)).toEqual(['table', 'isEqual']);
      expect(new Set(rows.map(([, isEqual]) => isEqual))).toEqual(new Set(['true']));
      const asLines = await inProcess(['replay', '--ndjson'], { DATABASE_URL: application.databaseUrl });
      expect(linesIn(asLines.out).map((line) => Object.keys(line))).toEqual(rows.map(() => header));
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
    'replays an export alone, to the same rows as a log of which the texts were erased',
    async () => {
      const { code, out } = await ptl(['replay', at('export.ndjson')]);
      expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^equal: \d+ rows in \d+ tables/) });
      const [, ...lines] = out.trimEnd().split('\n');
      const owner = new pg.Client({ connectionString: application.databaseUrl });
      await owner.connect();
      await owner.query("SET session_replication_role = 'replica'");
      await owner.query('DELETE FROM log.erasable');
      await owner.end();
      const { out: erased } = await inProcess(['replay', '--json'], { DATABASE_URL: application.databaseUrl });
      expect(digestsIn(erased)).toEqual(lines);
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
      const formats = await Promise.all(
        ['--json', '--ndjson', '--csv'].map((format) => accept('--reason', '"Lost", so it was.', format)),
      );
      const size = Number(/over (\d+) entries/.exec(accepted.out)?.[1]);
      const outcome = { accepted: true, size, reason: '"Lost", so it was.' };
      const [json, ndjson, csv] = formats.map(({ out }) => out);
      expect([JSON.parse(json ?? ''), linesIn(ndjson ?? ''), parseCsv(csv ?? '')]).toEqual([
        outcome,
        [outcome],
        [Object.keys(outcome), ['true', String(size), '"""Lost"", so it was."']],
      ]);
      expect(await accept('--reason', ' ')).toMatchObject({ code: 2, out: '', said: expect.stringContaining('write') });
      const elsewhere = { DATA_DIR: at('no-data') };
      expect(await inProcess(['audit', 'accept-rollback', '--reason', 'None.'], elsewhere)).toMatchObject({
        code: 3,
        said: expect.stringMatching(/There is no key file .*no-data/),
      });
    },
    LIMIT_MS,
  );
});
