import type { Pool } from 'pg';
import { BEGINNING, FOREVER, type Registration } from '#domain';
import { identityOfAddress } from '#tables';
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
    same_as: 'text[] NOT NULL',
    words: 'text NOT NULL',
    withdrawn_by: 'text',
  },
  indexes: ['(slug, recorded_from)', '(slug, id)', '(recorded_from)', 'USING gin (aliases)'],
};

/** The addresses that stand for each policy elsewhere, a row each, as long as the description that lists them. */
const identifiers: Table = {
  name: 'identifiers',
  columns: { address: 'text NOT NULL', authority: 'text NOT NULL', identifier: 'text' },
  indexes: ['(address)', '(authority, identifier)'],
};

export const policies: Projection = {
  name: 'policies',
  version: 5,
  tables: [table, identifiers],
  changesOf: ({ policy, position: at, described }): readonly TableChange[] => {
    if (!described) return [];
    const { opened, closed } = described;
    const closesOf = (before: Described | undefined): TableChange['closes'] =>
      before ? [{ policy, id: before.id, at }] : [];
    return [
      { table, inserts: [rowOf(policy, opened)], closes: closesOf(closed) },
      {
        table: identifiers,
        inserts: identifierRowsOf(policy, opened),
        closes: closesOf(closed?.registration.sameAs?.length ? closed : undefined),
      },
    ];
  },
};

const placeOf = (policy: PolicyChange['policy'], { id, since }: Described): Omit<Row, 'part' | 'columns'> => ({
  policy,
  id,
  recordedFrom: since,
  known: { from: BEGINNING, to: FOREVER },
});

const rowOf = (policy: PolicyChange['policy'], described: Described): Row => {
  const { registration, withdrawnBy } = described;
  const { slug, title, kind, jurisdiction, aliases = [], sameAs = [] } = registration;
  const words = wordsOf(registration);
  return {
    ...placeOf(policy, described),
    part: 0,
    columns: { slug, title, kind, jurisdiction, aliases, same_as: sameAs, words, withdrawn_by: withdrawnBy ?? null },
  };
};

const identifierRowsOf = (policy: PolicyChange['policy'], described: Described): readonly Row[] =>
  (described.registration.sameAs ?? []).map((address, part) => ({
    ...placeOf(policy, described),
    part,
    columns: { address, ...identityOfAddress(address) },
  }));

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
