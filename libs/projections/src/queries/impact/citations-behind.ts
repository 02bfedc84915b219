import type { Pool } from 'pg';
import { z } from 'zod';
import type { Coordinate } from '#temporal';
import { standsAt, storedInstant } from '../../rows/table.js';
import { type Sides, changedFields, heldOnSides } from './fields-behind.js';

/** A cited answer, as far as it is asked whether it rests on something. */
export interface CitedPlace {
  readonly id: string;
  readonly title: string;
  /** Path and query of what was cited. */
  readonly address: string;
  /** The policy whose state was cited; undefined for any other answer. */
  readonly stateOf: string | undefined;
  /** One point, or both sides of a comparison. */
  readonly points: readonly Coordinate[];
}

/** Finds the citations of answers about these policies or events: not all there may be, and the newest first. */
export type FindCited = (names: readonly string[]) => Promise<readonly CitedPlace[]>;

export const shownCitation = z.object({
  id: z.string().meta({ description: 'The citation is at `/c/{id}`.' }),
  title: z.string(),
  address: z.string().meta({ description: 'Path and query of what was cited.' }),
  why: z.enum(['changed', 'evidence']).meta({
    description:
      '`changed`: a field of the cited state would read otherwise; `evidence`: an event that falls was in force at the cited times, so the answer may say or count it.',
  }),
});

interface Fallen {
  readonly falls: ReadonlySet<string>;
  /** Up to here the side without the events answers. */
  readonly recorded: number;
}

/** Of some citations those that rest on events that fall, at their own times. */
export async function citationsBehind(
  sides: Sides,
  cited: readonly CitedPlace[],
  { falls, recorded }: Fallen,
): Promise<readonly z.output<typeof shownCitation>[]> {
  const found: z.output<typeof shownCitation>[] = [];
  for (const { id, title, address, stateOf, points } of cited) {
    if (points.some((point) => point.recorded > recorded)) continue;
    const standing = await pointsWith(sides.with.pool, points, falls);
    if (standing.length === 0) continue;
    const isChanged = stateOf !== undefined && (await readsOtherwise(sides, standing, { stateOf, falls }));
    found.push({ id, title, address, why: isChanged ? 'changed' : 'evidence' });
  }
  return found;
}

/** The points at which one of these events is in force. */
async function pointsWith(
  pool: Pool,
  points: readonly Coordinate[],
  keys: ReadonlySet<string>,
): Promise<readonly Coordinate[]> {
  const found: Coordinate[] = [];
  for (const point of points) {
    const { rows } = await pool.query({
      name: 'citations-behind',
      text: `SELECT FROM read.timeline t WHERE t.event = ANY ($3) AND NOT t.retracted AND ${standsAt('t', '$1', '$2')} LIMIT 1`,
      values: [point.recorded, storedInstant(point.knownAt), [...keys]],
    });
    if (rows.length > 0) found.push(point);
  }
  return found;
}

interface CitedState {
  readonly stateOf: string;
  readonly falls: ReadonlySet<string>;
}

async function readsOtherwise(
  sides: Sides,
  points: readonly Coordinate[],
  { stateOf, falls }: CitedState,
): Promise<boolean> {
  for (const point of points) {
    const held = await heldOnSides(sides, { ...point, recordedAt: null }, [stateOf]);
    if (changedFields(held, falls).length > 0) return true;
  }
  return false;
}
