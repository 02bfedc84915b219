import type { Pool } from 'pg';
import { type Position, position } from '#domain';
import type { Unanswered } from '../answers.js';
import type { Described, PolicyChange } from '../projection.js';
import { WITHOUT_END } from '../table.js';

/** A policy as it was called at a position. */
export interface PolicyRow {
  readonly policy: number;
  readonly slug: string;
  readonly title: string;
  readonly kind: string;
  readonly jurisdiction: string;
  readonly aliases: readonly string[];
}

interface DescribedRow extends PolicyRow {
  readonly recordedFrom: number;
  recordedTo: number;
}

/** What every policy was ever called, in memory: names are looked up for every read, and there are few. */
export class Descriptions {
  readonly #bySlug = new Map<string, DescribedRow[]>();
  readonly #byAlias = new Map<string, DescribedRow[]>();

  /** Loads what is in the table; call before changes are applied. */
  async load(pool: Pool): Promise<void> {
    const { rows } = await pool.query<DescribedRow>(
      'SELECT policy, slug, title, kind, jurisdiction, aliases, recorded_from::float8 AS "recordedFrom", recorded_to::float8 AS "recordedTo" FROM read.policies ORDER BY policy, id',
    );
    this.#bySlug.clear();
    this.#byAlias.clear();
    for (const row of rows) this.#add(row);
  }

  /** Takes in what was committed. */
  apply(changes: readonly PolicyChange[]): void {
    for (const { policy, slug, described } of changes) {
      if (!described) continue;
      const standing = (this.#bySlug.get(slug) ?? []).find(({ recordedTo }) => recordedTo === WITHOUT_END);
      if (standing) standing.recordedTo = described.opened.since;
      this.#add(rowOf(policy, described.opened));
    }
  }

  /** Finds a policy by its slug, or the slug that an alias stands for; a slug goes before an alias. */
  find(name: string, recorded: Position): PolicyRow | Unanswered {
    const named = this.#bySlug.get(name);
    const row = named?.find((each) => standsAt(each, recorded));
    if (row) return row;
    if (named?.[0]) return { outcome: 'not-recorded-yet', since: position(named[0].policy) };
    const aliased = this.#byAlias.get(name)?.find((each) => standsAt(each, recorded));
    return aliased ? { outcome: 'alias', slug: aliased.slug } : { outcome: 'unknown-policy' };
  }

  /** Every policy as it is called now. */
  current(): readonly PolicyRow[] {
    return [...this.#bySlug.values()].flatMap((rows) => rows.filter(({ recordedTo }) => recordedTo === WITHOUT_END));
  }

  #add(row: DescribedRow): void {
    addTo(this.#bySlug, row.slug, row);
    for (const alias of row.aliases) addTo(this.#byAlias, alias, row);
  }
}

const standsAt = ({ recordedFrom, recordedTo }: DescribedRow, recorded: Position): boolean =>
  recordedFrom <= recorded && recordedTo > recorded;

function addTo(rows: Map<string, DescribedRow[]>, name: string, row: DescribedRow): void {
  const known = rows.get(name);
  if (known) known.push(row);
  else rows.set(name, [row]);
}

const rowOf = (policy: number, { since, registration }: Described): DescribedRow => ({
  policy,
  slug: registration.slug,
  title: registration.title,
  kind: registration.kind,
  jurisdiction: registration.jurisdiction,
  aliases: registration.aliases ?? [],
  recordedFrom: since,
  recordedTo: WITHOUT_END,
});
