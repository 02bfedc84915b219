import type { Pool } from 'pg';
import { z } from 'zod';
import { ACTOR_KINDS, actorName } from '#domain';
import { type Undescribed, describeRows, describedRow } from '../core/described-rows.js';
import type { Page, Paged, ResolvedCoordinate } from '../rows/answers.js';
import type { Projection } from '../rows/projection.js';
import { type RowGroup, groupIndexes, groupSteps, groupValues } from '../rows/groups-at.js';
import { type ReadRow, shownRow, rowFields } from '../rows/rows-at.js';
import { type Shown, pageInSteps } from '../rows/steps.js';
import { type Table, standsAt, storedInstant } from '../rows/table.js';
import { EVENT_COLUMNS, versionRows } from '../rows/version-rows.js';

/** What is one actor of a policy. */
const GROUP = ['actor', 'kind'];

/** One row an actor of an event. */
const table: Table = {
  name: 'actors',
  columns: {
    ...EVENT_COLUMNS,
    actor: 'text COLLATE "C" NOT NULL',
    kind: 'text COLLATE "C" NOT NULL',
    role: 'text',
  },
  indexes: groupIndexes(GROUP),
};

const rows = versionRows(table, {
  things: ({ body }) => body.actors ?? [],
  columns: (actor) => ({ actor: actorName(actor), kind: actor.kind, role: actor.role ?? null }),
});

export const actors: Projection = {
  name: 'actors',
  version: 2,
  tables: [table],
  changesOf: (change) => [rows(change)],
};

/** Who acts in a policy, as answers show it. `event` and its kin are those of the first event. */
export const shownActor = describedRow
  .extend({
    actor: z.string().meta({ description: 'Name.' }),
    kind: z.enum(ACTOR_KINDS),
    roles: z
      .array(z.object({ role: z.string(), event: z.string() }))
      .readonly()
      .meta({
        description:
          'The roles in which the actor acted, each with the first event that names it, in order of occurrence.',
      }),
    events: z.int().meta({ description: 'How many events name the actor.' }),
  })
  .meta({
    id: 'Actor',
    description: 'One actor of one policy; `event`, `position` and `knownFrom` are of the first event.',
  });

/** See the schema. */
export type ActorAnswer = Readonly<z.output<typeof shownActor>>;

interface Listing {
  readonly filter: { readonly policy?: string | undefined; readonly actor?: string | undefined };
  readonly page: Page;
}

/** The actors of each policy at a coordinate: by policy in the order of registration, then by name and kind. */
export const actorsAt = (pool: Pool, at: ResolvedCoordinate, { filter, page }: Listing): Promise<Paged<ActorAnswer>> =>
  pageInSteps(
    groupSteps(pool, { table: 'actors', by: GROUP, policy: filter.policy, first: filter.actor }),
    page,
    describeRows(pool, at, (groups: readonly RowGroup[]) => actorAnswers(pool, at, groups)),
  );

const OF_GROUP = `t.policy = g.policy AND t.actor = g.actor AND t.kind = g.kind AND ${standsAt('t', '$1', '$2')}`;

/** Of each group the first event, how many there are, and the first of each role; a group of which no row stands has none. */
const ACTING = `SELECT g.number::integer, f.*, c.events, c.rows, r.roles
  FROM unnest($3::integer[], $4::text[], $5::text[]) WITH ORDINALITY g(policy, actor, kind, number)
  CROSS JOIN LATERAL (SELECT ${rowFields('t')}, t.actor, t.kind FROM read.actors t WHERE ${OF_GROUP} ORDER BY t.occurred_order, t.part LIMIT 1) f
  CROSS JOIN LATERAL (SELECT count(DISTINCT t.position)::integer AS events, count(*)::integer AS rows FROM read.actors t WHERE ${OF_GROUP}) c
  CROSS JOIN LATERAL (SELECT json_agg(json_build_object('role', r.role, 'event', r.event) ORDER BY r.occurred_order, r.part) AS roles
    FROM (SELECT DISTINCT ON (t.role) t.role, t.event, t.occurred_order, t.part FROM read.actors t
      WHERE ${OF_GROUP} AND t.role IS NOT NULL ORDER BY t.role, t.occurred_order, t.part) r) r`;

interface ActingColumns {
  readonly number: number;
  readonly actor: string;
  readonly kind: ActorAnswer['kind'];
  readonly events: number;
  readonly rows: number;
  readonly roles: ActorAnswer['roles'] | null;
}

async function actorAnswers(
  pool: Pool,
  { recorded, knownAt }: ResolvedCoordinate,
  groups: readonly RowGroup[],
): Promise<Shown<Undescribed<ActorAnswer>>> {
  const { rows } = await pool.query<ReadRow<ActingColumns>>({
    name: 'actors-acting',
    text: ACTING,
    values: [recorded, storedInstant(knownAt), ...groupValues(groups, GROUP.length)],
  });
  const found = new Map(rows.map((row) => [row.number, row]));
  return {
    items: groups.map((_, index) => actorAnswer(found.get(index + 1))),
    read: rows.reduce((sum, row) => sum + row.rows, 0),
  };
}

const actorAnswer = (row: ReadRow<ActingColumns> | undefined): Undescribed<ActorAnswer> | undefined =>
  row && { ...shownRow(row), actor: row.actor, kind: row.kind, roles: row.roles ?? [], events: row.events };
