import type { Pool } from 'pg';
import { actorName } from '#domain';
import type { Page, Paged, ResolvedCoordinate } from '../answers.js';
import type { Projection } from '../projection.js';
import { type ReadRow, type ShownEventRow, grouped, pageOf, rowsAt, shownRow } from '../rows-at.js';
import type { Table } from '../table.js';
import { EVENT_COLUMNS, versionRows } from '../version-rows.js';

/** One row an actor of an event. */
const table: Table = {
  name: 'actors',
  columns: { ...EVENT_COLUMNS, actor: 'text NOT NULL', kind: 'text NOT NULL', role: 'text' },
  indexes: ['(recorded_to, known_from, known_to)'],
};

const rows = versionRows(table, {
  things: ({ body }) => body.actors ?? [],
  columns: (actor) => ({ actor: actorName(actor), kind: actor.kind, role: actor.role ?? null }),
});

export const actors: Projection = {
  name: 'actors',
  version: 1,
  tables: [table],
  changesOf: (change) => [rows(change)],
};

/** Who acts in a policy, as answers show it. `event` and its kin are those of the first event. */
export interface ActorAnswer extends ShownEventRow {
  readonly actor: string;
  readonly kind: string;
  /** The roles in which the actor acted, each with the first event that names it, in order of occurrence. */
  readonly roles: readonly { readonly role: string; readonly event: string }[];
  /** How many events name the actor. */
  readonly events: number;
}

type OwnColumns = { readonly actor: string; readonly kind: string; readonly role: string | null };

interface Listing {
  readonly filter: { readonly policy?: string | undefined; readonly actor?: string | undefined };
  readonly page: Page;
}

/** The actors of each policy at a coordinate, in order of the first event that names them. */
export async function actorsAt(
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, page }: Listing,
): Promise<Paged<ActorAnswer>> {
  const found = await rowsAt<OwnColumns>(pool, at, {
    table: 'actors',
    own: 't.actor, t.kind, t.role',
    policy: filter.policy,
    equal: { actor: filter.actor },
  });
  const same = ({ policy_slug, actor, kind }: ReadRow<OwnColumns>): string =>
    JSON.stringify([policy_slug, actor, kind]);
  return pageOf([...grouped(found, same).values()].flatMap(actorAnswer), page);
}

function actorAnswer(acting: readonly ReadRow<OwnColumns>[]): readonly ActorAnswer[] {
  const [first] = acting;
  if (!first) return [];
  const roles = new Map<string, string>();
  for (const { role, event } of acting) if (role !== null && !roles.has(role)) roles.set(role, event);
  return [
    {
      ...shownRow(first),
      actor: first.actor,
      kind: first.kind,
      roles: [...roles].map(([role, event]) => ({ role, event })),
      events: new Set(acting.map(({ event }) => event)).size,
    },
  ];
}
