import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { List, Read, State } from './answers.js';
import { parseLines, runApplication, type TestApplication } from '../running-application.js';

interface Stretch {
  readonly from: string | null;
  readonly to: string | null;
}

interface HistoryRow {
  readonly policy: string;
  readonly field: string;
  readonly value: unknown;
  readonly event: string;
  readonly recorded: { readonly from: number; readonly to: number | null };
  readonly known: Stretch;
  readonly valid: Stretch;
  readonly certainty: string;
}

interface SeriesRow {
  readonly from: string | null;
  readonly to: string | null;
  readonly fromPosition: number | null;
  readonly toPosition: number | null;
  readonly value: unknown;
  readonly event: string;
}

interface FactRow {
  readonly field: string;
  readonly valueText: string | null;
  readonly valueNumber: number | null;
  readonly unit: string | null;
  readonly event: string;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly isUncertain: boolean;
}

type FigureBounds = Readonly<
  Record<'value' | 'valueLow' | 'valueHigh', number | null> & Record<'periodFrom' | 'periodTo', string | null>
>;

const figure = (value: number | null, comparator: string, period?: string) => ({
  ...{ measure: 'crossings', unit: 'boats', value, comparator },
  ...(period === undefined ? {} : { period }),
});

const COUNTED = {
  key: 'boats-counted',
  type: 'figure.reported',
  policy: 'ferry-pact',
  occurred: '2024-10~',
  publishedAt: '2024-11-05',
  summary: 'Boats were counted.',
  epistemic: 'reported',
  sources: [
    {
      publisher: 'Port',
      title: 'Counts',
      publishedAt: '2024-11-05',
      genre: 'official',
      url: 'https://port.example/counts',
    },
  ],
  figures: [
    figure(40, 'exact', '2024'),
    figure(30, 'at-least', '2024-02'),
    figure(50, 'at-most', '2024/..'),
    figure(60, 'nearly', 'P1M'),
    figure(70, 'approx'),
  ],
};

const ofLorries = (key: string, value: number, more: object = {}) => ({
  ...{ key, type: 'figure.reported', policy: 'harbour-toll', occurred: `2024-11-${String(value)}` },
  ...{ publishedAt: `2024-11-${String(value)}`, summary: 'Lorries were counted.', epistemic: 'reported' },
  sources: [{ publisher: 'Port', title: key, publishedAt: `2024-11-${String(value)}`, genre: 'official' }],
  figures: [{ measure: 'crossings', unit: 'lorries', value, comparator: 'exact', period: '2023' }],
  ...more,
});

const LORRIES = [
  ofLorries('lorries-counted', 11),
  ofLorries('lorries-recounted', 12, {
    type: 'figure.revised',
    links: [{ rel: 'supersedes', to: 'lorries-counted' }],
  }),
  ofLorries('lorries-claimed', 13, {
    epistemic: 'claimed',
    attributedTo: [{ name: 'Port, Office', kind: 'organisation' }],
  }),
  ofLorries('vans-counted', 14, {
    figures: [{ measure: 'crossings', unit: 'vans', value: 14, comparator: 'exact', period: '2023' }],
  }),
];

describe('tables over the worked example', () => {
  let application: TestApplication;
  beforeAll(async () => {
    application = await runApplication();
    await application.importLines([...parseLines('../worked-example/events.ndjson'), COUNTED, ...LORRIES]);
  });
  afterAll(() => application.stop());

  const rowsOf = async <Row>(address: string): Promise<readonly Row[]> => {
    const { status, body } = await application.get<List<Row>>(address);
    expect({ address, status }).toEqual({ address, status: 200 });
    return body.items;
  };

  describe('histories', () => {
    it('say what was believed about a day, as it became known', async () => {
      const rows = await rowsOf<HistoryRow>('/v1/history?field=status&policy=ferry-pact&validAt=2024-06-01');
      const believed = rows
        .filter(({ certainty }) => certainty === 'settled')
        .map(({ known, value, event }) => [known.from, value, event])
        .sort();
      expect(believed).toEqual([
        ['2024-03-01T00:00:00.000Z', 'under-negotiation', 'pact-talks'],
        ['2024-05-11T23:00:00.000Z', 'stalled', 'pact-collapsed-false'],
        ['2024-06-24T23:00:00.000Z', 'stalled', 'pact-collapsed-false'],
        ['2024-06-30T23:00:00.000Z', 'stalled', 'pact-collapsed-false'],
        ['2024-07-31T23:00:00.000Z', 'under-negotiation', 'pact-talks'],
        ['2025-03-03T00:00:00.000Z', 'stalled', 'pact-collapsed-false'],
      ]);
      for (const [knownAt, value] of believed) {
        const at = `knownAt=${String(knownAt)}&validAt=2024-06-01`;
        const { body } = await application.get<State>(`/v1/policies/ferry-pact?${at}`);
        expect(body.state.status).toBe(value);
      }
      expect(await rowsOf('/v1/policies/ferry-pact/history?field=status&validAt=2024-06-01&uncertain=true')).toEqual(
        rows,
      );
    });

    it('say what was known on a day about all days, and where it was not settled', async () => {
      const rows = await rowsOf<HistoryRow>('/v1/history?field=status&knownAt=2024-09-15');
      expect(new Set(rows.map(({ policy }) => policy))).toEqual(new Set(['harbour-toll', 'ferry-pact']));
      const toll = rows.filter(({ policy }) => policy === 'harbour-toll');
      expect(toll.filter(({ certainty, event }) => certainty === 'uncertain' && event === 'toll-paused')).toEqual([
        expect.objectContaining({
          value: 'paused',
          event: 'toll-paused',
          valid: { from: '2024-01-01T00:00:00.000Z', to: '2024-09-01T23:00:00.000Z' },
        }),
      ]);
      const own = await rowsOf<HistoryRow>('/v1/policies/harbour-toll/history?field=status&knownAt=2024-09-15');
      expect(own).toEqual(toll.filter(({ certainty }) => certainty === 'settled'));
    });

    it('are the same in small pages, whose cursor has the slice, and at the permanent address', async () => {
      const address = '/v1/history?validAt=2024-06-01';
      const { body, headers } = await application.get<List<HistoryRow>>(address);
      expect(headers.get('link')).toBeNull();
      expect(body.items.length).toBeGreaterThan(5);
      const rows: HistoryRow[] = [];
      for (let next: string | null = `${address}&limit=3`; next !== null;) {
        const page: { readonly headers: Headers; readonly body: List<HistoryRow> } = await application.get(next);
        rows.push(...page.body.items);
        next = page.body.next === null ? null : `/v1/history?limit=3&cursor=${page.body.next}`;
        if (rows.length === 3) expect(page.headers.get('link')).toContain('slice=validAt');
      }
      expect(rows).toEqual(body.items);
      expect(body.permalink).toContain('slice=validAt');
      expect(await rowsOf(body.permalink)).toEqual(body.items);
    });

    it.each([
      ['/v1/history?slice=sideways', 400],
      ['/v1/history?policy=ferry-pact,,harbour-toll', 400],
      ['/v1/history?policy=ferry-pact,nothing', 404],
    ])('refuse %s', async (address, status) => {
      expect((await application.get(address)).status).toBe(status);
    });
  });

  describe('series', () => {
    it('follow a value along each of the three times', async () => {
      const course = async (query: string) =>
        (await rowsOf<SeriesRow>(`/v1/series?field=status&policy=ferry-pact&${query}`)).map(({ from, to, value }) => [
          from,
          to,
          value,
        ]);
      expect(await course('axis=known&validAt=2024-06-01&knownAt=2026-01-01')).toEqual([
        ['2024-03-01T00:00:00.000Z', '2024-05-11T23:00:00.000Z', 'under-negotiation'],
        ['2024-05-11T23:00:00.000Z', '2024-07-31T23:00:00.000Z', 'stalled'],
        ['2024-07-31T23:00:00.000Z', '2025-03-03T00:00:00.000Z', 'under-negotiation'],
        ['2025-03-03T00:00:00.000Z', null, 'stalled'],
      ]);
      // Nobody knew yet that it would end.
      expect(await course('axis=known&validAt=2024-06-01&knownAt=2024-04-01')).toEqual([
        ['2024-03-01T00:00:00.000Z', null, 'under-negotiation'],
      ]);
      const valid = await course('axis=valid&knownAt=2024-12-31');
      expect(valid.map(([, , value]) => value)).toEqual(['under-negotiation', 'agreed']);
      expect(valid.at(-1)?.[1]).toBeNull();
    });

    it('name position and instant in recorded time', async () => {
      const address =
        '/v1/series?axis=recorded&field=terms.price&policy=harbour-toll&knownAt=2026-01-01&validAt=2024-03-10';
      const rows = await rowsOf<SeriesRow>(address);
      const corrected = rows.at(-1);
      expect(rows.map(({ event, toPosition }) => [event, toPosition])).toEqual([
        ['toll-proposed', rows[1]?.fromPosition],
        ['toll-announced', corrected?.fromPosition],
        ['toll-announced', null],
      ]);
      expect(corrected).toMatchObject({ policy: 'harbour-toll', field: 'terms.price', to: null });
      const { body } = await application.get<Read>(`/v1/policies?recordedAt=@${corrected?.fromPosition}`);
      expect(corrected?.from).toBe(body.coordinate.recordedAt.at);
    });
  });

  describe('facts', () => {
    it('are the state, one row a value, and what is uncertain in it', async () => {
      const at = 'knownAt=2024-09-15&validAt=2024-07-15';
      const rows = await rowsOf<FactRow>(`/v1/facts?policy=harbour-toll&${at}`);
      const { body } = await application.get<State>(`/v1/policies/harbour-toll?${at}`);
      const { status, terms } = body.state;
      const told = rows.map(({ field, valueText, valueNumber, unit }) => [field, valueText ?? valueNumber, unit]);
      expect(status).toBe('in-operation');
      expect(terms).toEqual({ price: { value: 9, unit: 'GBP' } });
      expect(told).toEqual([
        ['status', 'paused', null],
        ['status', 'in-operation', null],
        ['terms.price', 9, 'GBP'],
      ]);
      const [paused] = rows.filter(({ isUncertain }) => isUncertain);
      const [uncertain] = body.uncertain;
      expect(paused).toMatchObject({
        validFrom: uncertain?.from,
        validTo: uncertain?.settled,
        event: uncertain?.event,
      });
      expect(rows.at(-1)).toMatchObject({ group: 'terms', subject: 'price', event: 'toll-summer-price' });
      expect(await rowsOf(`/v1/facts?group=terms&policy=harbour-toll&${at}`)).toEqual(rows.slice(2));
      expect(await rowsOf(`/v1/facts?field=status&policy=harbour-toll&${at}`)).toEqual(rows.slice(0, 2));
    });
  });

  describe('rows of read models', () => {
    it('tell when their event happened, and by which source', async () => {
      const models = ['figures', 'sources', 'negotiations'];
      for (const model of models) {
        const rows = await rowsOf<{ readonly event: string }>(`/v1/${model}?policy=ferry-pact`);
        expect(rows.length).toBeGreaterThan(0);
        for (const row of rows)
          expect(row).toMatchObject({
            policyTitle: 'Ferry pact with Norland',
            occurred: expect.any(String),
            occurredPrecision: expect.stringMatching(/^(day|month|interval)$/),
            publishedAt: expect.any(String),
            source: { publisher: expect.any(String), title: expect.any(String) },
          });
      }
      const [counted] = await rowsOf('/v1/figures?policy=ferry-pact');
      expect(counted).toMatchObject({
        event: 'boats-counted',
        occurred: '2024-10~',
        occurredFrom: '2024-09-30T23:00:00.000Z',
        occurredTo: '2024-10-31T23:59:59.999Z',
        occurredPrecision: 'month',
        publishedAt: '2024-11-05',
        source: { publisher: 'Port', title: 'Counts', url: 'https://port.example/counts' },
      });
    });

    it.each([
      ['unit=vans', [14]],
      ['unit=boats', []],
      ['claimedBy=Port,%20Office', [13]],
      ['epistemic=claimed', [13]],
      ['superseded=true', [11]],
      ['superseded=false', [12, 13, 14]],
      ['conflicting=true', [12, 13]],
      ['conflicting=false', [11, 14]],
      ['conflicting=false&superseded=false', [14]],
    ])('of figures are those with %s', async (filter, values) => {
      const rows = await rowsOf<FigureBounds>(`/v1/figures?policy=harbour-toll&${filter}`);
      expect(rows.map(({ value }) => value)).toEqual(values);
    });

    it.each([
      ['/v1/figures?policy=harbour-toll,ferry-pact', 9],
      ['/v1/figures?measure=crossings,nothing&policy=harbour-toll', 4],
      ['/v1/figures?measure=nothing,none', 0],
      ['/v1/events?type=figure.reported,figure.revised', 5],
      ['/v1/events?type=figure.revised', 1],
      ['/v1/events?policy=harbour-toll,ferry-pact&type=figure.reported', 4],
      ['/v1/actors?actor=Port%20Board,Nobody&policy=harbour-toll,ferry-pact&limit=1', 1],
      ['/v1/policies?status=stalled,agreed,under-negotiation,paused,in-operation', 2],
      ['/v1/policies?status=proposed,announced', 0],
    ])('are those with any of the names in %s', async (address, count) => {
      expect(await rowsOf(address)).toHaveLength(count);
    });

    it.each([
      ['/v1/events?type=figure.reported,figure.revisd', 400],
      ['/v1/figures?policy=harbour-toll,nothing', 404],
    ])('refuse %s', async (address, status) => {
      expect(await application.get(address)).toMatchObject({ status });
    });

    it.each([
      ['recordedAfter=@20', ['lorries-recounted', 'lorries-claimed', 'vans-counted']],
      ['recordedAfter=2000-01-01', LORRIES.map(({ key }) => key)],
      ['recordedAfter=2999-01-01', []],
      ['publishedFrom=2024-11-13', ['lorries-claimed', 'vans-counted']],
      ['publishedTo=2024-11-11', ['lorries-counted']],
      ['publishedFrom=2024-11-12T00:00:00Z&publishedTo=2024-11-12T00:00:00Z', ['lorries-recounted']],
      ['occurredFrom=2024-11-14', ['vans-counted']],
      ['occurredFrom=2024-11-12&occurredTo=2024-11-12', ['lorries-recounted']],
      ['occurredTo=2024-11-10', []],
    ])('and events, and timelines, are those with %s', async (bounds, keys) => {
      const figures = await rowsOf<{ readonly event: string }>(`/v1/figures?policy=harbour-toll&${bounds}`);
      expect(figures.map(({ event }) => event)).toEqual(keys);
      for (const address of ['/v1/events?policy=harbour-toll&', '/v1/policies/harbour-toll/timeline?']) {
        const events = await rowsOf<{ readonly key: string }>(`${address}${bounds}`);
        expect(events.map(({ key }) => key).filter((key) => /^(lorries|vans)/.test(key))).toEqual(keys);
      }
    });

    it.each([
      '/v1/figures?policy=ferry-pact&limit=2',
      '/v1/events?limit=2',
      '/v1/policies/ferry-pact/timeline?limit=2',
      '/v1/policies?limit=1',
      '/v1/facts?limit=2',
      '/v1/history?limit=2',
    ])('are a bare array at %s if that is asked for, and Link leads to the next', async (address) => {
      const page = await application.get<List<unknown>>(`${address}&recordedAt=@20`);
      const { body, headers } = await application.get<readonly object[]>(`${address}&recordedAt=@20&shape=array`);
      const plain = page.body.items.map((item) => ({ ...Object(item), meta: undefined }));
      expect(body.map((item) => ({ ...item, meta: undefined }))).toEqual(plain);
      const [, next = ''] = /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '') ?? [];
      expect(next).toContain('shape=array');
      const second = await application.get<readonly object[]>(next);
      expect(second.body.length).toBeGreaterThan(0);
    });

    it('bound figures by their comparison, and periods by their days', async () => {
      const rows = await rowsOf<FigureBounds>('/v1/figures?policy=ferry-pact');
      expect(
        rows.map(({ value, valueLow, valueHigh, periodFrom, periodTo }) => [
          value,
          valueLow,
          valueHigh,
          periodFrom,
          periodTo,
        ]),
      ).toEqual([
        [40, 40, 40, '2024-01-01', '2024-12-31'],
        [30, 30, null, '2024-02-01', '2024-02-29'],
        [50, null, 50, '2024-01-01', null],
        [60, null, 60, null, null],
        [70, null, null, null, null],
      ]);
    });
  });
});
