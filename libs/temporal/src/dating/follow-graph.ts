/** The acting `follows` links: for each event, in order of position, the keys of the events that it follows. */
export type Follows = ReadonlyMap<string, readonly string[]>;

/**
 * A graph of the acting `follows` links of a policy, in which one pass along the links computes a property of all events.
 *
 * Linear in events and links, and without recursion: a chain of followers may be longer than the call stack is deep. On
 * a cycle, which is refused at recording, it still ends, with the same result for the same input.
 */
export interface FollowGraph {
  /** Computes a value for each event from the results of its followers, in order of position. */
  down<From, To>(values: ByKey<From>, next: Next<From, To>): ByKey<To>;
  /** Computes a value for each event from the results of the events that it follows, in the order of its links. */
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

/** The keys that have a value, each with its value. */
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

/** Sorts all keys, each after those that it follows. */
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
