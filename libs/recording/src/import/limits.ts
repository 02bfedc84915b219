import { RecordGraph, type Rejection, limitFaults } from '#domain';
import { type Candidate, needsOf } from './candidates.js';
import { componentsOf, recordingOrder } from './order.js';
import type { CheckNeeds } from './pieces.js';

/** A line that would pass a limit, and why. */
type Beyond = readonly [Candidate, readonly Rejection[]];

/** Graphs of policies, by slug. */
type Graphs = ReadonlyMap<string, RecordGraph>;

/** Lines to judge; `isOpen` is asked again after each refusal, which may take others with it. */
interface Judging extends Pick<CheckNeeds, 'graphs'> {
  readonly isOpen: (line: Candidate) => boolean;
  readonly refuse: (line: Candidate, rejections: readonly Rejection[]) => void;
}

/**
 * Refuses the lines that would pass a limit, given what is on record and the lines before them.
 *
 * A line is judged after all that it needs, whatever the order of the file, and counts only where all of that was
 * accepted: so no line is refused because of one that falls itself. Lines that need each other stand or fall together.
 */
export async function refuseBeyondLimits(lines: readonly Candidate[], judging: Judging): Promise<void> {
  const graphs = await graphsFor(lines, judging);
  if (graphs.size === 0) return;
  const byKey = new Map(lines.map((line) => [line.key, line]));
  const edges = new Map(lines.map((line) => [line.key, needsOf(line).filter((key) => byKey.has(key))]));
  for (const keys of componentsOf(edges)) {
    const together = recordingOrder(keys.flatMap((key) => byKey.get(key) ?? []));
    if (!together.every(judging.isOpen)) continue;
    const beyond = beyondIn(together, graphs);
    if (beyond) judging.refuse(...beyond);
    else for (const line of together) graphs.get(line.policy)?.add(asGraphEvent(line));
  }
}

/** What is on record of each policy of which a line speaks of another event; what is added to it stays here. */
async function graphsFor(lines: readonly Candidate[], { graphs }: Judging): Promise<Graphs> {
  const found = new Map<string, RecordGraph>();
  for (const { policy, target } of lines)
    if (target !== undefined && !found.has(policy)) found.set(policy, new RecordGraph((await graphs.of(policy)).graph));
  return found;
}

/** The first of lines to be recorded together that would pass a limit. */
function beyondIn(together: readonly Candidate[], graphs: Graphs): Beyond | undefined {
  const trials = new Map<string, RecordGraph>();
  for (const line of together) {
    const graph = trials.get(line.policy) ?? graphs.get(line.policy);
    if (!graph) continue;
    const rejections = limitFaults(asGraphEvent(line), graph);
    if (rejections.length > 0) return [line, rejections];
    if (together.length === 1) return undefined;
    const trial = trials.get(line.policy) ?? new RecordGraph(graph);
    trial.add(asGraphEvent(line));
    trials.set(line.policy, trial);
  }
  return undefined;
}

const asGraphEvent = ({ key, type = '', target }: Candidate) => ({ key, type, target });
