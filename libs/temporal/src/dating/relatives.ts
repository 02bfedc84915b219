import { BEGINNING, FOREVER } from '#domain';
import { type Interval, intersection, isEmpty } from '../time/coordinate.js';
import { subtractAll } from '../time/rectangle.js';

/** The `follows` links of a policy's events, with the known times at which each acts. */
export interface FollowsOver {
  readonly followersOf: (key: string) => readonly string[];
  readonly followedBy: (key: string) => readonly string[];
  readonly actsOver: (follower: string, followed: string) => readonly Interval[];
}

/** The events that an event follows, or that follow it, directly or indirectly, with the known times at which they do. */
export function relativesOf(
  key: string,
  { followersOf, followedBy, actsOver }: FollowsOver,
): ReadonlyMap<string, readonly Interval[]> {
  const below = reach(key, followedBy, (from, to) => actsOver(from, to));
  const above = reach(key, followersOf, (from, to) => actsOver(to, from));
  return new Map([...below, ...above]);
}

/** Keys of the events themselves and of all that they were ever recorded to follow, or that were to follow them. */
export const addEverRelated = (
  keys: readonly string[],
  { followersOf, followedBy }: Pick<FollowsOver, 'followersOf' | 'followedBy'>,
): ReadonlySet<string> => new Set([...reachEver(keys, followersOf), ...reachEver(keys, followedBy)]);

function reachEver(keys: readonly string[], neighboursOf: (key: string) => readonly string[]): ReadonlySet<string> {
  const found = new Set(keys);
  for (const key of found) for (const next of neighboursOf(key)) found.add(next);
  return found;
}

/** The events reachable from an event along links, each with the known times at which all links of some path act. */
function reach(
  start: string,
  neighboursOf: (key: string) => readonly string[],
  overOf: (from: string, to: string) => readonly Interval[],
): ReadonlyMap<string, readonly Interval[]> {
  const found = new Map<string, readonly Interval[]>([[start, [{ from: BEGINNING, to: FOREVER }]]]);
  const waiting = new Set([start]);
  for (const key of waiting) {
    waiting.delete(key);
    for (const next of neighboursOf(key)) {
      const known = found.get(next) ?? [];
      const gained = subtractAll(intersectAll(found.get(key) ?? [], overOf(key, next)), known);
      if (gained.length === 0) continue;
      found.set(next, [...known, ...gained]);
      waiting.add(next);
    }
  }
  found.delete(start);
  return found;
}

const intersectAll = (one: readonly Interval[], other: readonly Interval[]): readonly Interval[] =>
  one.flatMap((left) => other.map((right) => intersection(left, right)).filter((part) => !isEmpty(part)));
