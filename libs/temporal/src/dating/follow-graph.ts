/** Keys of the events that each event follows, where the link acts; in order of position. */
export type Follows = ReadonlyMap<string, readonly string[]>;

/**
 * The acting `follows` of a policy's events, in an order in which one pass along the links settles everything.
 *
 * Linear in events and links, with no recursion: a chain of followers may be longer than the call stack is deep. On a
 * cycle, which recording refuses, it still ends, and answers the same for the same input.
 */
export interface FollowGraph {
  /** Goes on from a value of each event to another, given what its followers came to; those in order of position. */
  down<From, To>(values: ByKey<From>, next: Next<From, To>): ByKey<To>;
  /** Goes on from a value of each event to another, given what those came to that it follows; in order of its links. */
  up<From, To>(values: ByKey<From>, next: Next<From, To>): ByKey<To>;
}

type ByKey<Value> = ReadonlyMap<string, Value>;

type Next<From, To> = (value: From, neighbours: readonly Neighbour<To>[]) => To;

/** The value of an event at the other end of a link. */
export interface Neighbour<Value> {
  readonly key: string;
  readonly value: Value;
}

export function followGraphOf(follows: Follows): FollowGraph {
  const followers = reverseLinks(follows);
  const upwards = sortUpwards(follows);
  const downwards = upwards.toReversed();
  return {
    down: (values, next) => computeInOrder(values, next, { keys: downwards, links: followers }),
    up: (values, next) => computeInOrder(values, next, { keys: upwards, links: follows }),
  };
}

function computeInOrder<From, To>(
  values: ByKey<From>,
  next: Next<From, To>,
  { keys, links }: { readonly keys: readonly string[]; readonly links: Follows },
): ByKey<To> {
  const found = new Map<string, To>();
  for (const key of keys) {
    const value = values.get(key);
    if (value !== undefined) found.set(key, next(value, neighboursAmong(found, links.get(key) ?? [])));
  }
  return found;
}

/** Those of the keys that have a value, with it. */
export const neighboursAmong = <Value>(values: ByKey<Value>, keys: readonly string[]): readonly Neighbour<Value>[] =>
  keys.flatMap((key) => {
    const value = values.get(key);
    return value === undefined ? [] : [{ key, value }];
  });

function reverseLinks(follows: Follows): Follows {
  const followers = new Map<string, string[]>();
  for (const [follower, followed] of follows)
    for (const key of followed) {
      const there = followers.get(key);
      if (there) there.push(follower);
      else followers.set(key, [follower]);
    }
  return followers;
}

/** All keys, each after those that it follows. */
function sortUpwards(follows: Follows): readonly string[] {
  const done = new Set<string>();
  const open = new Set<string>();
  for (const start of follows.keys()) {
    const stack = [start];
    for (let key = stack.at(-1); key !== undefined; key = stack.at(-1)) {
      const waiting = open.has(key) ? [] : (follows.get(key) ?? []).filter((below) => !done.has(below));
      open.add(key);
      if (waiting.length > 0) stack.push(...waiting);
      else {
        done.add(key);
        stack.pop();
      }
    }
  }
  return [...done];
}
