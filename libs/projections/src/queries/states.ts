import type { Pool } from 'pg';
import { identityOfAddress } from '#tables';
import type { Page, Paged, ResolvedCoordinate } from '../rows/answers.js';
import { tableSteps } from '../rows/rows-at.js';
import { searchWords } from '../core/search-text.js';
import type { ExplainedState, StatesOf } from './states-of.js';
import { PageLength } from '../rows/page-length.js';
import { type Bind, type OrderColumn, markOf, pageInSteps, showAs } from '../rows/steps.js';
import { namesAsked, standsAt, standsInRecord, storedInstant } from '../rows/table.js';
import type { PolicyRow } from '../core/descriptions.js';

/** Which policies a list shows; what is undefined does not filter. */
export interface PolicyFilter {
  readonly status?: string | undefined;
  readonly jurisdiction?: string | undefined;
  /** Words that the title, slug or an alias contains, as a part of a word or as another form of one. */
  readonly q?: string | undefined;
  /** An address of the web that stands for the policy elsewhere, or another one of the same thing. */
  readonly sameAs?: string | undefined;
}

interface Listing {
  readonly filter: PolicyFilter;
  readonly page: Page;
  readonly statesOf: StatesOf;
}

/** So many states are read first; then as many as there is room for on the page. */
const FIRST_STEP = 50;

/** The states of the policies at a coordinate, by slug. A page ends early where its states are long. */
export async function statesAt(
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, page, statesOf }: Listing,
): Promise<Paged<ExplainedState>> {
  const { items: policies, ...next } = await policiesAt(pool, at, { filter, page });
  const items: ExplainedState[] = [];
  const length = new PageLength(page.length);
  for (let most = FIRST_STEP; items.length < policies.length; most = length.roomFor(policies.length)) {
    const some = policies.slice(items.length, items.length + most);
    const stateOf = await statesOf(some);
    for (const policy of some) {
      const state = stateOf(policy);
      const before = policies[items.length - 1];
      if (!length.takes(state) && before) return { items, after: markOf(ORDER, before) };
      items.push(state);
    }
  }
  return { items, ...next };
}

const ORDER = [
  ['slug', 'text'],
  ['id', 'integer'],
] as const satisfies readonly OrderColumn[];

const policiesAt = (
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, page: { length: _ofStates, ...page } }: Pick<Listing, 'filter' | 'page'>,
): Promise<Paged<PolicyRow>> =>
  pageInSteps(
    tableSteps<PolicyRow>(pool, {
      table: 'policies',
      order: ORDER,
      select: 't.policy, t.slug, t.title, t.kind, t.jurisdiction, t.aliases, t.same_as AS "sameAs"',
      within: () => [],
      shown: (bind) => conditionsOf(filter, at, bind),
    }),
    page,
    showAs((row) => row),
  );

function conditionsOf(
  { status, jurisdiction, q, sameAs }: PolicyFilter,
  { recorded, knownAt, validAt }: ResolvedCoordinate,
  bind: Bind,
): readonly string[] {
  const at = bind(recorded);
  return [
    `${standsInRecord('t', at)} AND t.withdrawn_by IS NULL`,
    ...(jurisdiction === undefined ? [] : [`t.jurisdiction = ${bind(jurisdiction)}`]),
    ...(q === undefined ? [] : [holdsWords(bind(searchWords(q)))]),
    ...(sameAs === undefined ? [] : [isAlso(sameAs, bind)]),
    ...(status === undefined
      ? []
      : [hasStatus(bind(namesAsked(status)), [at, bind(storedInstant(knownAt)), bind(storedInstant(validAt))])]),
  ];
}

const holdsWords = (words: string): string =>
  `${words}::text[] <> '{}' AND NOT EXISTS (SELECT FROM unnest(${words}::text[]) asked (word)
    WHERE strpos(t.words, word) = 0 AND NOT to_tsvector('english', t.words) @@ phraseto_tsquery('english', word))`;

/** Rows of identifiers have the number of the description that lists them, so they are of the same time. */
function isAlso(address: string, bind: Bind): string {
  const given = `i.address = ${bind(address)}`;
  const { authority, identifier } = identityOfAddress(address);
  const same =
    identifier === null
      ? given
      : `(${given} OR i.authority = ${bind(authority)} AND i.identifier = ${bind(identifier)})`;
  return `EXISTS (SELECT FROM read.identifiers i WHERE i.policy = t.policy AND i.id = t.id AND ${same})`;
}

const hasStatus = (status: string, [recorded, known, valid]: readonly [string, string, string]): string =>
  `EXISTS (SELECT FROM read.boxes b WHERE b.policy = t.policy AND b.field = 'status' AND b.value = ANY (ARRAY(SELECT to_jsonb(asked) FROM unnest(${status}::text[]) asked))
    AND ${standsAt('b', recorded, known)} AND b.valid_from <= ${valid} AND b.valid_to > ${valid})`;
