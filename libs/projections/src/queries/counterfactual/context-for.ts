import { position } from '#domain';
import type { CoordinateRequest, ResolvedCoordinate } from '../../rows/answers.js';
import { type ReadContext, resolveCoordinate } from '../read-context.js';
import { contextWithout } from './context-without.js';
import { type LeftOut, findLeftOut } from './left-out.js';

/** What any question may ask for: an answer as if some things had never been recorded. */
export interface Hypothetical {
  readonly without?: readonly LeftOut[] | undefined;
}

interface Coordinates {
  readonly at?: CoordinateRequest;
  readonly from?: CoordinateRequest;
  readonly to?: CoordinateRequest;
}

/**
 * What a question is answered from: all that is on record, or that without what it leaves out.
 *
 * What rests on a source is looked for at the coordinate; of a comparison, at the later of its two in recorded and known
 * time. Where a coordinate cannot be resolved the answer says so, whatever it rests on.
 */
export async function contextFor(asked: Hypothetical & Coordinates, context: ReadContext): Promise<ReadContext> {
  const { without = [], at, from, to } = asked;
  if (without.length === 0) return context;
  const sides: ResolvedCoordinate[] = [];
  for (const side of [at, from, to]) {
    const resolved = side && (await resolveCoordinate(side, context));
    if (resolved?.outcome === 'resolved') sides.push(resolved.coordinate);
  }
  const [first, ...others] = sides;
  if (!first) return context;
  const latest = others.reduce(
    (one, other) => ({
      ...one,
      recorded: position(Math.max(one.recorded, other.recorded)),
      knownAt: one.knownAt < other.knownAt ? other.knownAt : one.knownAt,
    }),
    first,
  );
  return contextWithout(context, latest, await findLeftOut(context.pool, latest, without));
}
