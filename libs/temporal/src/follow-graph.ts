import type { RecordedEvent } from '#domain';

/** A link from one event of a policy to another. */
export interface Link {
  readonly from: RecordedEvent;
  readonly to: RecordedEvent;
}

/** One acting `follows`, by keys. */
export interface Follow {
  readonly follower: string;
  readonly followed: string;
}

/**
 * The acting `follows` of a policy's events, in an order in which one pass along the links settles everything.
 *
 * Linear in events and links, with no recursion: a chain of followers may be longer than the call stack is deep. On a
 * cycle, which recording refuses, it still ends, and answers the same for the same input.
 */
export interface FollowGraph {
  /** Every link, those of the last followers first: what reaches an event from above has arrived before it goes on. */
  linksDown(): readonly Follow[];
  /** Every link, those to the first events first. */
  linksUp(): readonly Follow[];
  /** The longest way down from the event: 0 for one that follows none. */
  rankOf(key: string): number;
  /** Keys of the events that the event follows. */
  followedBy(key: string): readonly string[];
  /** Keys of all events that it follows, or that follow it, through any number of others; of very many only the nearest. */
  relativesOf(key: string): readonly string[];
}

const RELATIVES = 500;

export function followGraphOf(links: readonly Link[]): FollowGraph {
  const followed = grouped(links.map(({ from, to }) => [from.key, to.key]));
  const followers = grouped(links.map(({ from, to }) => [to.key, from.key]));
  const upwards = fromTheFirst(followed);
  const ranks = new Map<string, number>();
  for (const key of upwards)
    ranks.set(
      key,
      (followed.get(key) ?? []).reduce((rank, below) => Math.max(rank, 1 + (ranks.get(below) ?? 0)), 0),
    );
  const linksUp = upwards.flatMap((follower) =>
    (followed.get(follower) ?? []).map((below) => ({ follower, followed: below })),
  );
  return {
    linksUp: () => linksUp,
    linksDown: () => linksUp.toReversed(),
    rankOf: (key) => ranks.get(key) ?? 0,
    followedBy: (key) => followed.get(key) ?? [],
    relativesOf: (key) => [...reachable(key, followed), ...reachable(key, followers)],
  };
}

type Neighbours = ReadonlyMap<string, readonly string[]>;

function grouped(pairs: readonly (readonly [string, string])[]): Neighbours {
  const groups = new Map<string, string[]>();
  for (const [key, neighbour] of pairs) {
    const group = groups.get(key);
    if (group) group.push(neighbour);
    else groups.set(key, [neighbour]);
  }
  return groups;
}

function reachable(start: string, neighbours: Neighbours): readonly string[] {
  const reached = new Set([start]);
  for (const key of reached)
    for (const next of neighbours.get(key) ?? []) if (reached.size <= RELATIVES) reached.add(next);
  return [...reached].slice(1);
}

/** Keys of all events of the links, each after those that it follows. */
function fromTheFirst(followed: Neighbours): readonly string[] {
  const done = new Set<string>();
  const open = new Set<string>();
  for (const start of followed.keys()) {
    const stack = [start];
    for (let key = stack.at(-1); key !== undefined; key = stack.at(-1)) {
      const waiting = open.has(key) ? [] : (followed.get(key) ?? []).filter((below) => !done.has(below));
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
