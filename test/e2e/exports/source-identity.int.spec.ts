import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import type { List } from '../reads/answers.js';
import { type TestApplication, runApplication } from '../running-application.js';

const LONG_MS = 120_000;

interface CitedSource {
  readonly publisher: string;
  readonly title: string;
  readonly publishedAt: string;
  readonly genre: string;
  readonly url?: string;
}

interface SourceRow {
  readonly event: string;
  readonly sourceId: string;
  readonly publisher: string;
  readonly title: string;
  readonly url: string | null;
  readonly publishedAt: string;
}

const source = (publisher: string, title: string, publishedAt: string, url?: string): CitedSource => ({
  publisher,
  title,
  publishedAt,
  genre: 'news',
  ...(url === undefined ? {} : { url }),
});

const LIVE_PAGE = 'https://gazette.example/toll';

/** Sources by the events that cite them: many have no address, and one address has had several texts. */
const CITED: Readonly<Record<string, CitedSource>> = {
  'on-paper': source('Gazette', 'A toll', '2024-03-06'),
  'on-paper-again': source('Gazette', 'A toll', '2024-03-06'),
  'other-paper': source('Courier', 'A toll', '2024-03-06'),
  'live-page': source('Gazette', 'Toll: latest', '2024-03-06', LIVE_PAGE),
  'live-page-later': source('Gazette', 'Toll: latest', '2024-04-01', LIVE_PAGE),
  'live-page-renamed': source('Gazette', 'The toll in brief', '2024-04-01', LIVE_PAGE),
  'found-online': source('Gazette', 'Toll: latest', '2024-03-06', `${LIVE_PAGE}?print`),
  // The names could be cut elsewhere and read alike.
  'cut-here': source('Gazette A', 'toll', '2024-03-06'),
  'cut-there': source('Gazette', 'A toll 2024-03-06', '2024-03-06'),
};

/** The definition, in the words of the documents. */
const idOf = ({ publisher, title, publishedAt }: Pick<CitedSource, 'publisher' | 'title' | 'publishedAt'>): string =>
  createHash('sha256').update(`${publisher}\u001f${title}\u001f${publishedAt}`).digest('hex');

const PLACES = ['/v1/events.ndjson?table=event_sources', '/v1/sources.ndjson?'];

describe('the identity of a source', () => {
  let application: TestApplication;

  const rowsAt = async (path: string): Promise<readonly SourceRow[]> =>
    (await (await checkedFetch(`${application.url}${path}`)).text())
      .split('\n')
      .flatMap((line): readonly SourceRow[] => (line === '' ? [] : [JSON.parse(line)]));

  beforeAll(async () => {
    application = await runApplication();
    const lines = Object.entries(CITED).map(([key, cited]) => ({
      key,
      type: 'policy.announced',
      policy: 'toll',
      occurred: '2024-03-05',
      publishedAt: '2024-03-06',
      summary: 'A toll was announced.',
      epistemic: 'confirmed',
      sources: [cited],
    }));
    const policy = { slug: 'toll', title: 'Toll', kind: 'scheme', jurisdiction: 'GB' };
    const answers = await application.importLines([{ policy }, ...lines]);
    expect(answers.at(-1)?.summary).toMatchObject({ recorded: lines.length + 1, rejected: 0 });
    await application.get(`/v1/policies?atLeast=${await application.head()}`);
  }, LONG_MS);

  afterAll(() => application.stop());

  it.each(PLACES)('follows from publisher, title and date, not from the address, in %s', async (place) => {
    const rows = await rowsAt(place);
    for (const row of rows) expect([row.event, row.sourceId]).toEqual([row.event, idOf(row)]);
    const ids = new Map(rows.map((row) => [row.event, row.sourceId]));
    expect(ids.get('live-page')).not.toBe(ids.get('live-page-later'));
    expect(new Set(rows.filter(({ url }) => url === LIVE_PAGE).map(({ sourceId }) => sourceId)).size).toBe(3);
    expect(new Set(rows.map(({ sourceId }) => sourceId))).toEqual(new Set(Object.values(CITED).map(idOf)));
  });

  it('joins the events that cite one source with its row, and is the same in SQL', async () => {
    const [cited, listed] = await Promise.all(PLACES.map(rowsAt));
    const of = (key: string) => cited?.find(({ event }) => event === key)?.sourceId;
    expect(of('on-paper')).toBe(of('on-paper-again'));
    expect(new Set(cited?.map(({ sourceId }) => sourceId))).toEqual(new Set(listed?.map(({ sourceId }) => sourceId)));
    const reader = new pg.Client({ connectionString: application.databaseUrl, options: '-c role=ptl_reader' });
    await reader.connect();
    for (const [view, rows] of [
      ['event_sources', cited],
      ['sources', listed],
    ] as const) {
      const { rows: found } = await reader.query<{ source_id: string }>(`SELECT source_id FROM analytics_v1.${view}`);
      expect([view, found.map((row) => row.source_id).sort()]).toEqual([
        view,
        rows?.map(({ sourceId }) => sourceId).sort(),
      ]);
    }
    await reader.end();
  });

  it('never makes one of two sources because they have one address, nor loses one that has none', async () => {
    const { body } =
      await application.get<List<{ title: string; url: string | null; events: readonly string[] }>>(
        '/v1/sources?policy=toll',
      );
    const citing = body.items.map(({ events }) => [...events].sort().join());
    expect(citing.sort()).toEqual(
      [
        'cut-here',
        'cut-there',
        'found-online',
        'live-page',
        'live-page-later',
        'live-page-renamed',
        'on-paper,on-paper-again',
        'other-paper',
      ].sort(),
    );
  });
});
