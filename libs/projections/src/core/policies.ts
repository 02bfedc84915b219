import type { Pool } from 'pg';
import { BEGINNING, FOREVER, type Registration } from '#domain';
import type { Described, PolicyChange, Projection } from '../rows/projection.js';
import { searchText } from './search-text.js';
import type { Row, Table, TableChange } from '../rows/table.js';

/** What each policy is called and is, by what was recorded; known time plays no part in it. */
const table: Table = {
  name: 'policies',
  columns: {
    slug: 'text COLLATE "C" NOT NULL',
    title: 'text NOT NULL',
    kind: 'text NOT NULL',
    jurisdiction: 'text NOT NULL',
    aliases: 'text[] NOT NULL',
    words: 'text NOT NULL',
    withdrawn_by: 'text',
  },
  indexes: ['(slug, recorded_from)', '(slug, id)', '(recorded_from)', 'USING gin (aliases)'],
};

export const policies: Projection = {
  name: 'policies',
  version: 4,
  tables: [table],
  changesOf: ({ policy, position: at, described }): readonly TableChange[] =>
    described
      ? [
          {
            table,
            inserts: [rowOf(policy, described.opened)],
            closes: described.closed ? [{ policy, id: described.closed.id, at }] : [],
          },
        ]
      : [],
};

const rowOf = (policy: PolicyChange['policy'], { id, since, registration, withdrawnBy }: Described): Row => ({
  policy,
  id,
  part: 0,
  recordedFrom: since,
  known: { from: BEGINNING, to: FOREVER },
  columns: {
    ...registration,
    aliases: registration.aliases ?? [],
    words: wordsOf(registration),
    withdrawn_by: withdrawnBy ?? null,
  },
});

const wordsOf = ({ slug, title, aliases = [] }: Registration): string =>
  searchText([slug, title, ...aliases].join('\n'));

/** The slugs of policies by their numbers; a slug is a policy's for ever. */
export async function slugsOf(pool: Pool, policies: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const { rows } = await pool.query<{ readonly policy: number; readonly slug: string }>({
    name: 'slugs-of-policies',
    text: 'SELECT DISTINCT policy, slug FROM read.policies WHERE policy = ANY ($1)',
    values: [policies],
  });
  return new Map(rows.map(({ policy, slug }) => [policy, slug]));
}
