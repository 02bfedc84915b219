import type { Pool } from 'pg';
import type { Page, Paged, ResolvedCoordinate } from '../answers.js';
import type { StateAnswer } from '../policy-facts/state.js';
import { searchWords } from '../search-text.js';
import type { StatesOf } from '../states-of.js';
import type { PolicyRow } from './descriptions.js';

/** Which policies a list shows; what is undefined does not filter. */
export interface PolicyFilter {
  readonly status?: string | undefined;
  readonly jurisdiction?: string | undefined;
  /** Words that the title, slug or an alias contains, as a part of a word or as another form of one. */
  readonly q?: string | undefined;
}

const POLICIES = `SELECT policy, slug, title, kind, jurisdiction, aliases FROM read.policies
  WHERE recorded_from <= $1 AND recorded_to > $1 AND withdrawn_by IS NULL AND ($2::text IS NULL OR jurisdiction = $2)
    AND ($3::text[] IS NULL OR $3 <> '{}' AND NOT EXISTS (SELECT FROM unnest($3) asked (word)
      WHERE strpos(words, word) = 0 AND NOT to_tsvector('english', words) @@ phraseto_tsquery('english', word)))
    AND ($4::text IS NULL OR slug > $4 COLLATE "C")
    AND ($5::text IS NULL OR policy IN (SELECT b.policy FROM read.boxes b WHERE b.field = 'status' AND b.value = to_jsonb($5::text)
      AND b.recorded_from <= $1 AND b.recorded_to > $1 AND b.known_from <= $6 AND b.known_to > $6 AND b.valid_from <= $7 AND b.valid_to > $7))
  ORDER BY slug COLLATE "C" LIMIT $8`;

interface Listing {
  readonly filter: PolicyFilter;
  readonly page: Page;
}

/** The states of the policies at a coordinate, by slug. */
export async function statesAt(
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, page, statesOf }: Listing & { readonly statesOf: StatesOf },
): Promise<Paged<StateAnswer>> {
  const { status, jurisdiction, q } = filter;
  const { rows } = await pool.query<PolicyRow>({
    name: 'policies-at',
    text: POLICIES,
    values: [
      at.recorded,
      jurisdiction ?? null,
      q === undefined ? null : searchWords(q),
      page.after ?? null,
      status ?? null,
      at.knownAt,
      at.validAt,
      page.limit + 1,
    ],
  });
  const shown = rows.slice(0, page.limit);
  const stateOf = await statesOf(shown);
  const last = rows.length > page.limit ? shown.at(-1) : undefined;
  return { items: shown.map(stateOf), ...(last ? { after: last.slug } : {}) };
}
