import { registrationKey } from '#domain';
import type { Candidate } from './candidates.js';

/** File order, but that a policy's registration and an event's target come before it. */
export function recordingOrder(accepted: readonly Candidate[]): readonly Candidate[] {
  const byKey = new Map(accepted.map((candidate) => [candidate.key, candidate]));
  const ordered = new Set<Candidate>();
  for (const candidate of accepted) {
    const chain: Candidate[] = [];
    for (
      let next: Candidate | undefined = candidate;
      next && !ordered.has(next) && !chain.includes(next);
      next = next.target === undefined ? undefined : byKey.get(next.target)
    )
      chain.push(next);
    for (const each of chain.reverse()) {
      const registration = each.type === undefined ? undefined : byKey.get(registrationKey(each.policy));
      if (registration) ordered.add(registration);
      ordered.add(each);
    }
  }
  return [...ordered];
}

/** The keys that lie on a cycle of a directed graph: every edge among them leads back to where it began. */
export function keysOnCycles(edges: Edges): ReadonlySet<string> {
  const onCycle = new Set<string>();
  for (const component of componentsOf(edges)) {
    const [only] = component;
    const isCycle = component.length > 1 || (only !== undefined && edges.get(only)?.includes(only) === true);
    if (isCycle) for (const key of component) onCycle.add(key);
  }
  return onCycle;
}

type Edges = ReadonlyMap<string, readonly string[]>;

/**
 * The strongly connected components of a directed graph: keys that lead to each other stand together, and what they lead
 * to comes before them; otherwise in the order of the map.
 *
 * Source: Tarjan 1972, Depth-first search and linear graph algorithms, with a stack of our own: paths may be long.
 */
export function* componentsOf(edges: Edges): Generator<readonly string[]> {
  const state: SearchState = { edges, index: new Map(), low: new Map(), open: [], isOpen: new Set() };
  for (const start of edges.keys()) if (!state.index.has(start)) yield* search(start, state);
}

interface SearchState {
  readonly edges: Edges;
  readonly index: Map<string, number>;
  readonly low: Map<string, number>;
  readonly open: string[];
  readonly isOpen: Set<string>;
}

function* search(start: string, state: SearchState): Generator<readonly string[]> {
  const path: { key: string; next: number }[] = [enter(start, state)];
  for (let step = path.at(-1); step; step = path.at(-1)) {
    const to = state.edges.get(step.key)?.[step.next];
    step.next += 1;
    if (to === undefined) {
      path.pop();
      const component = leave(step.key, state);
      if (component) yield component;
      const above = path.at(-1)?.key;
      if (above !== undefined) lower(above, state.low.get(step.key), state);
    } else if (!state.index.has(to)) path.push(enter(to, state));
    else if (state.isOpen.has(to)) lower(step.key, state.index.get(to), state);
  }
}

function enter(key: string, { index, low, open, isOpen }: SearchState): { key: string; next: number } {
  low.set(key, index.size);
  index.set(key, index.size);
  open.push(key);
  isOpen.add(key);
  return { key, next: 0 };
}

function lower(key: string, to: number | undefined, { low }: SearchState): void {
  low.set(key, Math.min(low.get(key) ?? Infinity, to ?? Infinity));
}

function leave(key: string, { index, low, open, isOpen }: SearchState): readonly string[] | undefined {
  if (low.get(key) !== index.get(key)) return undefined;
  const component = open.splice(open.lastIndexOf(key));
  for (const member of component) isOpen.delete(member);
  return component;
}
