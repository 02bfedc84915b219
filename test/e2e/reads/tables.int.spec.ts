import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { List, State } from './answers.js';
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

describe('tables over the worked example', () => {
  let application: TestApplication;
  beforeAll(async () => {
    application = await runApplication();
    await application.importLines(parseLines('../worked-example/events.ndjson'));
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
});
