import type { Pool } from 'pg';
import { BEGINNING, FOREVER, type Position, position } from '#domain';
import type { ReadRefusal } from '../answers.js';
import type { Described, PolicyChange, Projection } from '../projection.js';
import type { Row, Table, TableChange } from '../table.js';

/** What each policy is called and is, by what was recorded; known time plays no part in it. */
const table: Table = {
  name: 'policies',
  columns: { slug: 'text NOT NULL', title: 'text NOT NULL', kind: 'text NOT NULL', jurisdiction: 'text NOT NULL', aliases: 'text[] NOT NULL' },
  indexes: ['(slug, recorded_from)', 'USING gin (aliases)'],
};

export const policies: Projection = {
  name: 'policies',
  version: 1,
  tables: [table],
  changesOf: ({ policy, position: at, described }): readonly TableChange[] =>
    described
      ? [{ table, inserts: [rowOf(policy, described.opened)], closes: described.closed ? [{ policy, id: described.closed.id, at }] : [] }]
      : [],
};

const rowOf = (policy: PolicyChange['policy'], { id, since, registration }: Described): Row => ({
  policy,
  id,
  part: 0,
  recordedFrom: since,
  known: { from: BEGINNING, to: FOREVER },
  columns: { ...registration, aliases: registration.aliases ?? [] },
});

/** A policy as it was called at a position. */
export interface PolicyRow {
  readonly policy: number;
  readonly slug: string;
  readonly title: string;
  readonly kind: string;
  readonly jurisdiction: string;
  readonly aliases: readonly string[];
}

const FIND = `SELECT policy, slug, title, kind, jurisdiction, aliases, slug = $1 AS by_slug, recorded_from <= $2 AND recorded_to > $2 AS stands
  FROM read.policies WHERE slug = $1 OR aliases @> ARRAY[$1] ORDER BY by_slug DESC, policy, recorded_from`;

/** Finds a policy by its slug, or the slug that an alias stands for; a slug goes before an alias. */
export async function findPolicy(pool: Pool, slug: string, recorded: Position): Promise<PolicyRow | ReadRefusal | { readonly outcome: 'alias'; readonly slug: string }> {
  const { rows } = await pool.query<PolicyRow & { by_slug: boolean; stands: boolean }>({ name: 'find-policy', text: FIND, values: [slug, recorded] });
  const named = rows.find(({ by_slug, stands }) => by_slug && stands);
  if (named) return named;
  const [first] = rows.filter(({ by_slug }) => by_slug);
  if (first) return { outcome: 'not-recorded-yet', since: position(first.policy) };
  const aliased = rows.find(({ stands }) => stands);
  return aliased ? { outcome: 'alias', slug: aliased.slug } : { outcome: 'unknown-policy' };
}
