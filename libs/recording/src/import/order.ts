import { registrationKey } from '#domain';
import type { Turns } from '#runtime/turns';
import type { Candidate } from './candidates.js';

/** File order, but that a policy's registration and an event's target come before it. */
export async function recordingOrder(accepted: readonly Candidate[], turns: Turns): Promise<readonly Candidate[]> {
  const byKey = new Map<string, Candidate>();
  await turns.forEach(accepted, (candidate) => byKey.set(candidate.key, candidate));
  const ordered = new Set<Candidate>();
  for (const candidate of accepted) {
    const chain = new Set<Candidate>();
    for (
      let next: Candidate | undefined = candidate;
      next && !ordered.has(next) && !chain.has(next);
      next = next.target === undefined ? undefined : byKey.get(next.target)
    ) {
      chain.add(next);
      if (turns.isOver) await turns.next();
    }
    for (const each of [...chain].reverse()) {
      const registration = each.type === undefined ? undefined : byKey.get(registrationKey(each.policy));
      if (registration) ordered.add(registration);
      ordered.add(each);
    }
  }
  return [...ordered];
}

/** Keys that lead on to others. */
export type Edges = ReadonlyMap<string, readonly string[]>;

/** The keys that lie on a cycle of a directed graph: every edge among them leads back to where it began. */
export async function keysOnCycles(edges: Edges, turns: Turns): Promise<ReadonlySet<string>> {
  const onCycle = new Set<string>();
  for await (const component of componentsOf(edges, turns)) {
    const [only] = component;
    const isCycle = component.length > 1 || (only !== undefined && edges.get(only)?.includes(only) === true);
    if (isCycle) for (const key of component) onCycle.add(key);
  }
  return onCycle;
}

/**
 * The strongly connected components of a directed graph: keys that lead to each other stand together, and what they lead
 * to comes before them; otherwise in the order of the map.
 *
 * Source: Tarjan 1972, Depth-first search and linear graph algorithms, with a stack of our own: paths may be long.
 */
export async function* componentsOf(edges: Edges, turns: Turns): AsyncGenerator<readonly string[]> {
  const search = new Search(edges);
  for (const start of edges.keys()) {
    if (search.hasSeen(start)) continue;
    search.enter(start);
    while (!search.isDone) {
      const component = search.step();
      if (component) yield component;
      if (turns.isOver) await turns.next();
    }
  }
}

/** A depth-first search that goes on one edge at a time. */
class Search {
  readonly #index = new Map<string, number>();
  readonly #low = new Map<string, number>();
  readonly #open: string[] = [];
  readonly #isOpen = new Set<string>();
  readonly #path: { readonly key: string; next: number }[] = [];

  constructor(private readonly edges: Edges) {}

  get isDone(): boolean {
    return this.#path.length === 0;
  }

  hasSeen(key: string): boolean {
    return this.#index.has(key);
  }

  enter(key: string): void {
    this.#low.set(key, this.#index.size);
    this.#index.set(key, this.#index.size);
    this.#open.push(key);
    this.#isOpen.add(key);
    this.#path.push({ key, next: 0 });
  }

  /** Follows one edge, or goes back where there is none left; answers the component that is complete then. */
  step(): readonly string[] | undefined {
    const at = this.#path.at(-1);
    if (!at) return undefined;
    const to = this.edges.get(at.key)?.[at.next];
    at.next += 1;
    if (to === undefined) return this.#leave(at.key);
    if (!this.hasSeen(to)) this.enter(to);
    else if (this.#isOpen.has(to)) this.#lower(at.key, this.#index.get(to));
    return undefined;
  }

  #leave(key: string): readonly string[] | undefined {
    this.#path.pop();
    const above = this.#path.at(-1)?.key;
    if (above !== undefined) this.#lower(above, this.#low.get(key));
    if (this.#low.get(key) !== this.#index.get(key)) return undefined;
    const component = this.#open.splice(this.#open.lastIndexOf(key));
    for (const member of component) this.#isOpen.delete(member);
    return component;
  }

  #lower(key: string, to: number | undefined): void {
    this.#low.set(key, Math.min(this.#low.get(key) ?? Infinity, to ?? Infinity));
  }
}
