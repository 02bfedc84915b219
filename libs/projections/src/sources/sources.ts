import type { Pool } from 'pg';
import type { Page, Paged, ResolvedCoordinate } from '../answers.js';
import type { Projection } from '../projection.js';
import { type ReadRow, type ShownEventRow, grouped, pageOf, rowsAt, shownRow } from '../rows-at.js';
import type { Table } from '../table.js';
import { EVENT_COLUMNS, versionRows } from '../version-rows.js';

/** One row a source that an event rests on, the attached ones included. */
const table: Table = {
  name: 'sources',
  columns: {
    ...EVENT_COLUMNS,
    publisher: 'text NOT NULL',
    title: 'text NOT NULL',
    url: 'text',
    published_at: 'text NOT NULL',
    genre: 'text NOT NULL',
    sha256: 'text',
    retracted_by: 'text',
  },
  indexes: ['(recorded_to, known_from, known_to)'],
};

const rows = versionRows(table, {
  things: ({ sources: standing }) => standing,
  columns: ({ source, retractedBy }) => ({
    publisher: source.publisher,
    title: source.title,
    url: source.url ?? null,
    published_at: source.publishedAt,
    genre: source.genre,
    sha256: source.sha256 ?? null,
    retracted_by: retractedBy ?? null,
  }),
});

export const sources: Projection = {
  name: 'sources',
  version: 1,
  tables: [table],
  changesOf: (change) => [rows(change)],
};

/** One source and what rests on it, as answers show it. `event` and its kin are those of the first event. */
export interface SourceAnswer extends ShownEventRow {
  readonly publisher: string;
  readonly title: string;
  readonly url: string | null;
  readonly publishedAt: string;
  readonly genre: string;
  readonly sha256: string | null;
  /** Keys of the events that cite it, in order of occurrence. */
  readonly events: readonly string[];
  /** Keys of the events by which its publisher withdrew it. */
  readonly retractedBy: readonly string[];
}

type OwnColumns = Pick<SourceAnswer, 'publisher' | 'title' | 'url' | 'genre' | 'sha256'> & {
  readonly published_at: string;
  readonly retracted_by: string | null;
};

interface Listing {
  readonly filter: {
    readonly policy?: string | undefined;
    readonly publisher?: string | undefined;
    readonly genre?: string | undefined;
  };
  readonly page: Page;
}

const OWN = 't.publisher, t.title, t.url, t.published_at, t.genre, t.sha256, t.retracted_by';

/** The sources of each policy at a coordinate, each once, in order of the first event that cites it. */
export async function sourcesAt(
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, page }: Listing,
): Promise<Paged<SourceAnswer>> {
  const found = await rowsAt<OwnColumns>(pool, at, {
    table: 'sources',
    own: OWN,
    policy: filter.policy,
    equal: { publisher: filter.publisher, genre: filter.genre },
  });
  const same = ({ policy_slug, publisher, title, url, published_at }: ReadRow<OwnColumns>): string =>
    JSON.stringify([policy_slug, publisher, title, url, published_at]);
  return pageOf([...grouped(found, same).values()].flatMap(sourceAnswer), page);
}

function sourceAnswer(citing: readonly ReadRow<OwnColumns>[]): readonly SourceAnswer[] {
  const [first] = citing;
  if (!first) return [];
  const { publisher, title, url, published_at, genre, sha256 } = first;
  return [
    {
      ...shownRow(first),
      publisher,
      title,
      url,
      publishedAt: published_at,
      genre,
      sha256,
      events: [...new Set(citing.map(({ event }) => event))],
      retractedBy: [...new Set(citing.flatMap(({ retracted_by }) => retracted_by ?? []))],
    },
  ];
}
