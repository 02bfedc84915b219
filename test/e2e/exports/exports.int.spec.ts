import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asyncBufferFromUrl, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import pg from 'pg';
import { verifyAnswer } from '../../../libs/audit/src/index.js';
import { type TidyTable, tables } from '../../../libs/tables/src/index.js';
import { randomLines } from '../../support/events/random-lines.js';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import { cellsOfCsv, cellsOfLines, cellsOfParquet, fromSql, readCsv } from '../../support/tables/read-cells.js';
import { type DuckDbReader, openDuckDb } from '../../support/tables/read-with-duckdb.js';
import { runApplication, type TestApplication } from '../running-application.js';

const SEED = Number(process.env['PROPERTY_SEED'] ?? 20261130);

/** Each with one table; 20 of them are one round. */
const COORDINATES = Number(process.env['TABLE_COORDINATES'] ?? 20);

const LONG_MS = 600_000;

const KEYS = 'knownAt=2025-07-08&validAt=2025-07-08';

const TRICKY = {
  key: 'tricky-figures',
  type: 'figure.reported',
  policy: 'harbour-toll',
  occurred: '2024-06-30',
  publishedAt: '2024-06-30T23:30:00Z',
  summary: '=SUM(A1), "quoted",\nnext line, Zürich',
  epistemic: 'reported',
  actors: [{ name: 'Müller, "Söhne" & Co', kind: 'organisation' }],
  figures: [
    { measure: 'lorries', value: -3, comparator: 'exact', unit: 'per-cent', period: '2024', comparedTo: '2023' },
    { measure: 'lorries', value: null, comparator: 'exact', unit: 'per-cent', purpose: '@here' },
  ],
  sources: [{ publisher: 'Port', title: '-1, a title', publishedAt: '2024-07-01', genre: 'statistics' }],
};

const CLAIM = {
  ...TRICKY,
  key: 'other-figures',
  figures: [
    { measure: 'lorries', value: 5, comparator: 'exact', unit: 'per-cent', period: '2024', comparedTo: '2023' },
  ],
};

const { figures: _figures, ...DESCRIBED } = TRICKY;

/** Addresses elsewhere: none at first, then two, then another. */
const ELSEWHERE = [
  [['http://www.wikidata.org/entity/Q98765432', 'https://toll.example/über?q="a",b#c'], 'harbour-toll'],
  [['https://www.legislation.gov.uk/id/ukpga/2024/8'], 'harbour-toll'],
  [['http://data.europa.eu/eli/reg/2016/679/oj'], 'ferry-pact'],
].map(([sameAs, policy], index) => ({
  ...DESCRIBED,
  type: 'policy.redescribed',
  key: `elsewhere-${index}`,
  policy,
  sameAs,
}));

const exported = tables.filter(({ name }) => name !== 'changes');

const isOwn = ({ path, name }: TidyTable): boolean => tables.find((table) => table.path === path)?.name === name;

/** What of a policy can be proven, but for its state. */
const PROVABLE = ['harbour-toll', 'ferry-pact'].flatMap((policy) => [
  `/v1/policies/${policy}/timeline?records=true&retracted=true&`,
  `/v1/policies/${policy}/timeline?order=published&limit=7&`,
  `/v1/policies/${policy}/diff?`,
  `/v1/figures?policy=${policy}&`,
  `/v1/positions?policy=${policy}&`,
  `/v1/positions?policy=${policy}&all=true&`,
  `/v1/negotiations?policy=${policy}&`,
]);

/** Columns that have another name in a view, or that it has not, or in another form. */
const IN_SQL: Readonly<Record<string, string>> = {
  'events.key': 'event',
  'events.occurred': 'occurred_edtf',
  'events.actors': '',
  'events.is_retracted': '',
  'events.retracted_by': '',
  'series.from_position': '',
  'series.to_position': '',
};

/** Anomalies that follow from more than one event: no view has them. */
const ONLY_IN_LIST = /^(?:tie|order-unknown|source-not-cited|unusual-transition)$/;

const kindOf = ({ columns }: TidyTable): number => columns.findIndex(({ name }) => name === 'kind');

/** A row as text, with the members of objects in one order. */
const inOrder = (row: readonly unknown[]): string =>
  JSON.stringify(row, (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );

describe('exports', () => {
  let application: TestApplication;
  let duckDb: DuckDbReader;
  let head: number;
  const at = (path: string, more = ''): string => `${application.url}${path}?recordedAt=@${head}&${KEYS}${more}`;

  beforeAll(async () => {
    duckDb = await openDuckDb();
    application = await runApplication();
    const worked = readFileSync('test/worked-example/events.ndjson', 'utf8').trimEnd().split('\n');
    const random = randomLines({ count: 120, seed: SEED });
    const answers = await application.importLines([...worked, ...ELSEWHERE, TRICKY, CLAIM, ...random]);
    // A few random lines say what cannot be meant.
    expect(answers.at(-1)?.summary?.rejected).toBeLessThan(30);
    head = await application.head();
    await application.get(`/v1/policies?atLeast=${head}`);
  });

  afterAll(async () => {
    await application.stop();
    await duckDb.close();
  });

  it.each(exported.map((table) => [table.name, table] as const))(
    'of %s hold the same cells in each format',
    async (name, asked) => {
      const { path, columns } = asked;
      const own = isOwn(asked);
      const table = own ? '' : `&table=${name}`;
      const answers = { csv: '', ndjson: '' };
      for (const format of ['csv', 'ndjson'] as const)
        answers[format] = await (await checkedFetch(at(`${path}.${format}`, table))).text();
      const parquet = await (await checkedFetch(at(`${path}.parquet`, table))).arrayBuffer();
      const rows = cellsOfLines(answers.ndjson, asked);
      if (name === 'identifiers') expect(rows.map(([policy]) => policy)).toEqual(['ferry-pact', 'harbour-toll']);
      expect(readCsv(answers.csv)[0]).toEqual(columns.map((column) => column.name));
      expect(cellsOfCsv(answers.csv, asked)).toEqual(rows);
      expect(await cellsOfParquet(parquet, asked)).toEqual(rows);
      expect(await duckDb.cellsOf(parquet, asked)).toEqual(rows);
      if (!own) return;
      const names = columns.map((column) => column.name).join(',');
      const { body } = await application.get<readonly object[]>(
        `${path}?recordedAt=@${head}&${KEYS}&shape=array&limit=1000&columns=${names}`,
      );
      expect(body.map((row) => Object.values(row))).toEqual(rows);
    },
  );

  it(
    'hold the cells of pages in JSON and of SQL views at random coordinates',
    async () => {
      const reader = new pg.Client({
        connectionString: application.databaseUrl,
        options: '-c role=ptl_reader -c timezone=Europe/London',
      });
      await reader.connect();
      const instants = fc.date({ min: new Date('2024-01-01'), max: new Date('2025-12-31'), noInvalidDate: true });
      const points = fc.sample(fc.tuple(fc.integer({ min: 2, max: head }), instants, instants), {
        numRuns: COORDINATES,
        seed: SEED,
      });
      let cells = 0;
      for (const [index, [recorded, known, valid]] of points.entries()) {
        const table = exported[index % exported.length];
        if (!table) throw new Error('There are tables.');
        const times = [known.toISOString(), valid.toISOString(), recorded] as const;
        const more = isOwn(table) ? '' : `&table=${table.name}`;
        const query = `recordedAt=@${recorded}&knownAt=${times[0]}&validAt=${times[1]}`;
        const file = (format: string) => checkedFetch(`${application.url}${table.path}.${format}?${query}${more}`);
        const rows = cellsOfLines(await (await file('ndjson')).text(), table);
        const place = `${table.name} ${query}`;
        expect([place, cellsOfCsv(await (await file('csv')).text(), table)]).toEqual([place, rows]);
        expect([place, await cellsOfParquet(await (await file('parquet')).arrayBuffer(), table)]).toEqual([
          place,
          rows,
        ]);
        if (isOwn(table)) {
          const names = table.columns.map(({ name }) => name).join(',');
          const page = `${table.path}?${query}&shape=array&limit=1000&columns=${names}`;
          const { body } = await application.get<readonly object[]>(page);
          expect([place, body.map((row) => Object.values(row))]).toEqual([place, rows]);
        }
        const asked = {
          text: `SELECT to_jsonb(v) AS row FROM analytics_v1.${table.name}_at($1, $2, $3) v`,
          values: [...times],
        };
        const { rows: shownInSql } = await reader.query<{ readonly row: Readonly<Record<string, unknown>> }>(asked);
        const shown = table.columns.flatMap((column, at) => {
          const name = IN_SQL[`${table.name}.${column.sqlName}`] ?? column.sqlName;
          return name === '' ? [] : [{ name, at, type: column.type }];
        });
        const found = shownInSql.map(({ row }) => inOrder(shown.map(({ name, type }) => fromSql(row[name], type))));
        const wanted = rows
          .filter((row) => table.name !== 'anomalies' || !ONLY_IN_LIST.test(String(row[kindOf(table)])))
          .map((row) => inOrder(shown.map(({ at: column }) => row[column])));
        expect([place, found.sort()]).toEqual([place, [...wanted].sort()]);
        cells += rows.length * table.columns.length;
      }
      await reader.end();
      expect(cells).toBeGreaterThan(COORDINATES * 20);
    },
    LONG_MS,
  );

  it(
    'of one policy carry proofs in JSON that verify, at random coordinates',
    async () => {
      const instants = fc.date({ min: new Date('2024-01-01'), max: new Date('2025-12-31'), noInvalidDate: true });
      const point = fc.tuple(fc.integer({ min: 20, max: head }), instants, instants);
      for (const [index, [recorded, known, valid]] of fc
        .sample(point, { numRuns: COORDINATES, seed: SEED })
        .entries()) {
        const path = PROVABLE[index % PROVABLE.length] ?? '';
        const [from, to] = path.includes('diff') ? ['to.', '&from.recordedAt=@18'] : ['', ''];
        const query = `${from}recordedAt=@${recorded}&${from}knownAt=${known.toISOString()}&${from}validAt=${valid.toISOString()}${to}`;
        const { body } = await application.get<object>(`${path}proof=true&${query}`);
        expect({ path, query, ...verifyAnswer(body) }).toMatchObject({ verdict: 'verified' });
      }
    },
    LONG_MS,
  );

  it('keep what is hard to write, and are safe for Excel when asked to be', async () => {
    const text = await (await checkedFetch(at('/v1/events.csv', '&columns=key,summary,note'))).text();
    expect(readCsv(text)).toContainEqual(['tricky-figures', TRICKY.summary, null]);
    const safe = await (await checkedFetch(at('/v1/events.csv', '&columns=key,summary&excel=1&bom=1'))).arrayBuffer();
    expect([...new Uint8Array(safe.slice(0, 3))]).toEqual([0xef, 0xbb, 0xbf]);
    expect(readCsv(new TextDecoder().decode(safe))).toContainEqual(['tricky-figures', `'${TRICKY.summary}`]);
  });

  it('are one file for ever, of which parts come with the digest of the whole', async () => {
    const whole = await checkedFetch(at('/v1/events.csv'));
    const bytes = Buffer.from(await whole.arrayBuffer());
    const digest = createHash('sha256').update(bytes).digest('base64');
    const { headers } = whole;
    expect(headers.get('repr-digest')).toBe(`sha-256=:${digest}:`);
    expect(headers.get('etag')).toBe(`"${Buffer.from(digest, 'base64').toString('base64url')}"`);
    expect(headers.get('content-disposition')).toBe(`attachment; filename="events-known-2025-07-08-at-${head}.csv"`);
    expect(headers.get('link')).toContain('.csv-metadata.json?');
    const etag = headers.get('etag') ?? '';
    const probe = await checkedFetch(at('/v1/events.csv'), { method: 'HEAD' });
    expect(probe.headers.get('content-length')).toBe(String(bytes.length));
    // A download that was cut goes on where it ended.
    const first = await checkedFetch(at('/v1/events.csv'), { headers: { range: 'bytes=0-99' } });
    const rest = await checkedFetch(at('/v1/events.csv'), { headers: { range: 'bytes=100-', 'if-range': etag } });
    expect([first.status, rest.status, rest.headers.get('content-range')]).toEqual([
      206,
      206,
      `bytes 100-${bytes.length - 1}/${bytes.length}`,
    ]);
    const resumed = Buffer.concat([Buffer.from(await first.arrayBuffer()), Buffer.from(await rest.arrayBuffer())]);
    expect(createHash('sha256').update(resumed).digest('base64')).toBe(digest);
    const other = await checkedFetch(at('/v1/events.csv'), { headers: { range: 'bytes=100-', 'if-range': '"other"' } });
    expect([other.status, (await other.arrayBuffer()).byteLength]).toEqual([200, bytes.length]);
    const beyond = await checkedFetch(at('/v1/events.csv'), { headers: { range: `bytes=${bytes.length}-` } });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${bytes.length}`]);
    expect((await checkedFetch(at('/v1/events.csv'), { headers: { 'if-none-match': etag } })).status).toBe(304);
    const packed = await checkedFetch(at('/v1/events.ndjson'), { headers: { 'accept-encoding': 'gzip' } });
    expect([packed.headers.get('content-encoding'), packed.headers.get('repr-digest')]).toEqual(['gzip', null]);
    expect(packed.headers.has('link')).toBe(false);
  });

  it('lead from the present to what stays', async () => {
    const { url } = application;
    const moved = await checkedFetch(`${url}/v1/figures.parquet?measure=lorries`, { redirect: 'manual' });
    const location = moved.headers.get('location') ?? '';
    expect([moved.status, location.startsWith(`${url}/v1/figures.parquet?recordedAt=@${head}&knownAt=`)]).toEqual([
      302,
      true,
    ]);
    expect(location).toContain('&measure=lorries');
    expect((await checkedFetch(location)).status).toBe(200);
    const now = await checkedFetch(`${url}/v1/figures.csv?limit=1`);
    expect(now.headers.get('content-location')).toMatch(/figures\.csv\?recordedAt=@\d+&knownAt=[^&]+&validAt=[^&]+$/);
    expect(readCsv(await now.text()).length).toBeGreaterThan(3);
  });

  it('let one column of Parquet be read by ranges, and say where they hold', async () => {
    const url = at('/v1/events.parquet');
    let fetched = 0;
    const counting = async (address: string | URL | Request, init?: RequestInit) => {
      const response = await checkedFetch(address instanceof Request ? address.url : address, init);
      if (init?.method !== 'HEAD') fetched += Number(response.headers.get('content-length'));
      return response;
    };
    const file = await asyncBufferFromUrl({ url, fetch: counting });
    const metadata = await parquetMetadataAsync(file, { initialFetchSize: 8 });
    fetched = 0;
    const keys = await parquetReadObjects({ file, metadata, columns: ['key'] });
    expect(keys.map(({ key }) => key)).toContain('tricky-figures');
    expect(fetched).toBeLessThan(file.byteLength / 3);
    const said = new Map(metadata.key_value_metadata?.map(({ key, value }) => [key, value]));
    expect(said.get('recordedAt')).toBe(`@${head}`);
    expect(said.get('root')).toMatch(/^[\w+/]{43}=$/);
    expect(said.get('licence')).toBe('no licence stated');
  });

  it('describe themselves', async () => {
    const answer = await checkedFetch(`${application.url}/v1/figures.csv-metadata.json?columns=knownOn`);
    expect(answer.headers.get('content-type')).toBe('application/csvm+json');
    expect(await answer.json()).toMatchObject({
      url: `${application.url}/v1/figures.csv?columns=knownOn`,
      tableSchema: { columns: [{ name: 'knownOn', datatype: 'date', required: true }] },
    });
  });

  it('are listed in a package, with what they hold, their lengths and their digests', async () => {
    interface Package {
      readonly permalink: string;
      readonly coordinate: { readonly recordedAt: { readonly position: number } };
      readonly licenses?: unknown;
      readonly resources: readonly {
        readonly name: string;
        readonly path: string;
        readonly bytes: number;
        readonly hash: string;
        readonly schema: { readonly fields: readonly { readonly name: string }[] };
      }[];
    }
    const { body, headers } = await application.get<Package>('/v1/datapackage.json?knownAt=2025-07-08');
    expect(body.resources.map(({ name }) => name)).toEqual(
      tables.flatMap(({ name }) => (name === 'changes' ? [] : [name])),
    );
    expect([body.licenses, body.coordinate.recordedAt.position]).toEqual([undefined, head]);
    for (const { name, path, bytes, hash, schema } of body.resources) {
      const content = Buffer.from(await (await checkedFetch(path)).arrayBuffer());
      const sha256 = createHash('sha256').update(content).digest('hex');
      const [header] = readCsv(content.toString());
      expect({ name, bytes, hash, header }).toEqual({
        name,
        bytes: content.length,
        hash: `sha256:${sha256}`,
        header: schema.fields.map((field) => field.name),
      });
    }
    const again = await application.get<Package>(body.permalink.replace(application.url, ''));
    expect(again.body).toEqual(body);
    const tag = headers.get('etag') ?? '';
    expect((await application.get(body.permalink.replace(application.url, ''), { 'if-none-match': tag })).status).toBe(
      304,
    );
    const { body: lines } = await application.get<Package>('/v1/datapackage.json?format=ndjson');
    expect(lines.resources[0]?.path).toMatch(/[/]v1[/]policies[.]ndjson[?]recordedAt=@/);
  });

  it('of changes have a row for each', async () => {
    const url = `${application.url}/v1/policies/harbour-toll/diff.csv?from=2024-01-01&to=2025-07-08`;
    const [header, ...rows] = readCsv(await (await checkedFetch(url)).text());
    expect(header?.slice(0, 3)).toEqual(['policy', 'field', 'beforeText']);
    expect(rows.some(([policy, field]) => policy === 'harbour-toll' && field === 'status')).toBe(true);
  });

  describe('of many events', () => {
    let many: number;
    const url = (format: string): string =>
      `${application.url}/v1/events.${format}?recordedAt=@${many}&knownAt=2026-01-01&validAt=2026-01-01`;

    beforeAll(async () => {
      const { figures: _figures, ...event } = TRICKY;
      const lines = Array.from({ length: 1_500 }, (_, index) => ({
        ...event,
        key: `many-${index}`,
        type: 'claim.made',
        summary: `Claim ${index}: ${createHash('sha256').update(String(index)).digest('hex')}`,
      }));
      expect((await application.importLines(lines)).at(-1)?.summary?.recorded).toBe(lines.length);
      many = await application.head();
    }, LONG_MS);

    it('let one column of Parquet be read by ranges: under a third of the file, all requests counted', async () => {
      let fetched = 0;
      const counting = async (address: string | URL | Request, init?: RequestInit) => {
        const response = await checkedFetch(address instanceof Request ? address.url : address, init);
        if (init?.method !== 'HEAD') fetched += Number(response.headers.get('content-length'));
        return response;
      };
      const file = await asyncBufferFromUrl({ url: url('parquet'), fetch: counting });
      const rows = await parquetReadObjects({
        file,
        metadata: await parquetMetadataAsync(file, { initialFetchSize: 16_384 }),
        columns: ['key'],
      });
      expect(rows.length).toBeGreaterThan(1_500);
      expect({ fetched, of: file.byteLength, isFew: fetched < file.byteLength / 3 }).toMatchObject({ isFew: true });
    });

    it.each(['csv', 'parquet'])(
      'have their announced digest in %s though the download was cut and resumed',
      async (format) => {
        const cut = new AbortController();
        const begun = await checkedFetch(url(format), { signal: cut.signal });
        const [digest, etag, length] = ['repr-digest', 'etag', 'content-length'].map(
          (name) => begun.headers.get(name) ?? '',
        );
        const reader = begun.body?.getReader();
        const first = Buffer.from((await reader?.read())?.value ?? []);
        cut.abort();
        expect(first.length).toBeGreaterThan(0);
        expect(first.length).toBeLessThan(Number(length));
        const rest = await checkedFetch(url(format), {
          headers: { range: `bytes=${first.length}-`, 'if-range': etag ?? '' },
        });
        expect(rest.status).toBe(206);
        const whole = Buffer.concat([first, Buffer.from(await rest.arrayBuffer())]);
        expect(`sha-256=:${createHash('sha256').update(whole).digest('base64')}:`).toBe(digest);
      },
    );
  });

  it.each([
    ['/v1/figures.xlsx', 406, '.parquet'],
    ['/v1/policies/harbour-toll.csv', 406, '.json'],
    ['/v1/nothing.csv', 404, ''],
    ['/v1/figures.csv?columns=measure,valeu', 400, 'Did you mean'],
    ['/v1/figures.csv?cursor=abc', 400, 'cursor'],
    ['/v1/figures?table=figure_claimants', 400, 'table'],
    ['/v1/figures?bom=1', 400, 'bom'],
    ['/v1/events.csv?shape=index', 400, 'shape'],
  ])('refuse %s', async (path, status, detail) => {
    const answer = await application.get<{ detail: string }>(path);
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringContaining(detail)]);
  });

  it.each([
    ['text/csv', 'text/csv; charset=utf-8'],
    ['application/x-ndjson', 'application/x-ndjson; charset=utf-8'],
    ['application/vnd.apache.parquet', 'application/vnd.apache.parquet'],
    ['text/html, */*;q=0.8', 'application/json; charset=utf-8'],
  ])('are also found by Accept: %s', async (accept, type) => {
    const answer = await checkedFetch(at('/v1/figures'), { headers: { accept } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
  });
});
