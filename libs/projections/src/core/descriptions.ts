import type { Pool, QueryConfig } from 'pg';
import { type PolicyKind, type Position, nearestWord, policyStream, position } from '#domain';
import { errorCodeOf } from '#postgres';
import type { Unanswered } from '../rows/answers.js';
import type { Described, PolicyChange } from '../rows/projection.js';
import { WITHOUT_END } from '../rows/table.js';

/** A policy as it was called at a position. */
export interface PolicyRow {
  readonly policy: number;
  readonly slug: string;
  readonly title: string;
  readonly kind: PolicyKind;
  readonly jurisdiction: string;
  readonly aliases: readonly string[];
  /** Addresses that stand for the policy elsewhere. */
  readonly sameAs: readonly string[];
}

interface DescribedRow extends PolicyRow {
  readonly withdrawnBy: string | null;
  readonly recordedFrom: number;
  recordedTo: number;
}

/** What every policy was ever called, in memory: names are looked up for every read, and there are few. */
export class Descriptions {
  readonly #bySlug = new Map<string, DescribedRow[]>();
  readonly #byAlias = new Map<string, DescribedRow[]>();
  readonly #slugs = new Map<string, string>();

  /** Loads what is in the table. */
  async load(pool: Pool): Promise<void> {
    const rows = await describedAfter(pool, position(0));
    this.#bySlug.clear();
    this.#byAlias.clear();
    for (const row of rows) this.#take(row);
  }

  /** Loads what came into the table after a position, some of which may be known. */
  async loadAfter(pool: Pool, after: Position): Promise<void> {
    for (const row of await describedAfter(pool, after)) this.#take(row);
  }

  /** Takes in what was committed. */
  apply(changes: readonly PolicyChange[]): void {
    for (const { policy, described } of changes) if (described) this.#take(rowOf(policy, described.opened));
  }

  /** What all policies but some were ever called. */
  without(policies: readonly number[]): Descriptions {
    const leftOut = new Set(policies);
    const others = new Descriptions();
    for (const rows of this.#bySlug.values())
      for (const row of rows) if (!leftOut.has(row.policy)) others.#take({ ...row, recordedTo: WITHOUT_END });
    return others;
  }

  /** Finds a policy by its slug, or the slug of the policy that has or had an alias; a slug goes before an alias. */
  find(name: string, recorded: Position): PolicyRow | Unanswered {
    const named = this.#bySlug.get(name);
    const row = named?.find((each) => standsAt(each, recorded));
    if (row?.withdrawnBy) return { outcome: 'withdrawn', since: position(row.recordedFrom), by: row.withdrawnBy };
    if (row) return row;
    if (named?.[0]) return { outcome: 'not-recorded-yet', since: position(named[0].policy) };
    const aliases = this.#byAlias.get(name)?.filter(({ withdrawnBy }) => withdrawnBy === null);
    const aliased = aliases?.find((each) => standsAt(each, recorded)) ?? aliases?.at(-1);
    if (aliased) return { outcome: 'alias', slug: aliased.slug };
    return { outcome: 'unknown-policy', name, near: nearestWord(name, this.#names()) };
  }

  /** Finds a policy by any name that it has or had. */
  named(name: string, recorded: Position): PolicyRow | Exclude<Unanswered, { outcome: 'alias' }> {
    const found = this.find(name, recorded);
    if (!('outcome' in found) || found.outcome !== 'alias') return found;
    const policy = this.find(found.slug, recorded);
    if ('outcome' in policy && policy.outcome === 'alias') return { outcome: 'unknown-policy', name };
    return policy;
  }

  /** The policy whose events stand in a stream, as it is called now. */
  ofStream(stream: string): PolicyRow | undefined {
    return this.#bySlug.get(this.#slugs.get(stream) ?? '')?.at(-1);
  }

  /** Every policy as it is called now. */
  current(): readonly PolicyRow[] {
    return [...this.#bySlug.values()].flatMap((rows) =>
      rows.filter(({ recordedTo, withdrawnBy }) => recordedTo === WITHOUT_END && withdrawnBy === null),
    );
  }

  *#names(): Generator<string> {
    yield* this.#bySlug.keys();
    yield* this.#byAlias.keys();
  }

  /** Descriptions of a policy come in order; each ends the one before. */
  #take(row: DescribedRow): void {
    const before = this.#bySlug.get(row.slug)?.at(-1);
    if (before && before.recordedFrom >= row.recordedFrom) return;
    if (before) before.recordedTo = row.recordedFrom;
    else this.#slugs.set(policyStream(row.slug), row.slug);
    addTo(this.#bySlug, row.slug, row);
    for (const alias of row.aliases) addTo(this.#byAlias, alias, row);
  }
}

async function describedAfter(pool: Pool, after: Position): Promise<readonly DescribedRow[]> {
  const { rows } = await queryUnlessOlder(pool, {
    name: 'described-after',
    text: `SELECT policy, slug, title, kind, jurisdiction, aliases, same_as AS "sameAs", withdrawn_by AS "withdrawnBy", recorded_from::float8 AS "recordedFrom", ${WITHOUT_END}::float8 AS "recordedTo"
      FROM read.policies WHERE recorded_from > $1 ORDER BY policy, id`,
    values: [after],
  });
  return rows;
}

const UNDEFINED_COLUMN = '42703';

/**
 * The rows, or none while the table is that of an older version: until its rebuild, whose switch has all loaded, what needs
 * a description is refused anyway.
 */
async function queryUnlessOlder(pool: Pool, query: QueryConfig): Promise<{ readonly rows: readonly DescribedRow[] }> {
  try {
    return await pool.query<DescribedRow>(query);
  } catch (error) {
    if (errorCodeOf(error) === UNDEFINED_COLUMN) return { rows: [] };
    throw error;
  }
}

const standsAt = ({ recordedFrom, recordedTo }: DescribedRow, recorded: Position): boolean =>
  recordedFrom <= recorded && recordedTo > recorded;

function addTo(rows: Map<string, DescribedRow[]>, name: string, row: DescribedRow): void {
  const known = rows.get(name);
  if (known) known.push(row);
  else rows.set(name, [row]);
}

const rowOf = (policy: number, { since, registration, withdrawnBy }: Described): DescribedRow => ({
  policy,
  slug: registration.slug,
  title: registration.title,
  kind: registration.kind,
  jurisdiction: registration.jurisdiction,
  aliases: registration.aliases ?? [],
  sameAs: registration.sameAs ?? [],
  withdrawnBy: withdrawnBy ?? null,
  recordedFrom: since,
  recordedTo: WITHOUT_END,
});
