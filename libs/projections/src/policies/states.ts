import type { Pool } from 'pg';
import type { Page, Paged, ResolvedCoordinate } from '../answers.js';
import type { StateAnswer } from '../policy-facts/state.js';
import { tableSteps } from '../rows-at.js';
import { searchWords } from '../search-text.js';
import type { StatesOf } from '../states-of.js';
import { type Bind, pageInSteps, shownAs } from '../steps.js';
import { standsAt, storedInstant } from '../table.js';
import type { PolicyRow } from './descriptions.js';

/** Which policies a list shows; what is undefined does not filter. */
export interface PolicyFilter {
  readonly status?: string | undefined;
  readonly jurisdiction?: string | undefined;
  /** Words that the title, slug or an alias contains, as a part of a word or as another form of one. */
  readonly q?: string | undefined;
}

interface Listing {
  readonly filter: PolicyFilter;
  readonly page: Page;
  readonly statesOf: StatesOf;
}

/** The states of the policies at a coordinate, by slug. */
export async function statesAt(
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, page, statesOf }: Listing,
): Promise<Paged<StateAnswer>> {
  const { items: policies, ...next } = await policiesAt(pool, at, { filter, page });
  const stateOf = await statesOf(policies);
  return { items: policies.map(stateOf), ...next };
}

const policiesAt = (
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, page }: Pick<Listing, 'filter' | 'page'>,
): Promise<Paged<PolicyRow>> =>
  pageInSteps(
    tableSteps<PolicyRow>(pool, {
      table: 'policies',
      order: [
        ['slug', 'text'],
        ['id', 'integer'],
      ],
      select: 't.policy, t.slug, t.title, t.kind, t.jurisdiction, t.aliases',
      within: () => [],
      shown: (bind) => conditionsOf(filter, at, bind),
    }),
    page,
    shownAs((row) => row),
  );

function conditionsOf(
  { status, jurisdiction, q }: PolicyFilter,
  { recorded, knownAt, validAt }: ResolvedCoordinate,
  bind: Bind,
): readonly string[] {
  const at = bind(recorded);
  return [
    `t.recorded_from <= ${at} AND t.recorded_to > ${at} AND t.withdrawn_by IS NULL`,
    ...(jurisdiction === undefined ? [] : [`t.jurisdiction = ${bind(jurisdiction)}`]),
    ...(q === undefined ? [] : [holdsWords(bind(searchWords(q)))]),
    ...(status === undefined
      ? []
      : [hasStatus(bind(status), [at, bind(storedInstant(knownAt)), bind(storedInstant(validAt))])]),
  ];
}

const holdsWords = (words: string): string =>
  `${words}::text[] <> '{}' AND NOT EXISTS (SELECT FROM unnest(${words}::text[]) asked (word)
    WHERE strpos(t.words, word) = 0 AND NOT to_tsvector('english', t.words) @@ phraseto_tsquery('english', word))`;

const hasStatus = (status: string, [recorded, known, valid]: readonly [string, string, string]): string =>
  `EXISTS (SELECT FROM read.boxes b WHERE b.policy = t.policy AND b.field = 'status' AND b.value = to_jsonb(${status}::text)
    AND ${standsAt('b', recorded, known)} AND b.valid_from <= ${valid} AND b.valid_to > ${valid})`;
