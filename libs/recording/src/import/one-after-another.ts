import { RecordGraph, type Rejection, limitFaults, registrationKey } from '#domain';
import type { Turns } from '#runtime/turns';
import { type Candidate, needsOf } from './candidates.js';
import { componentsOf, recordingOrder } from './order.js';
import type { CheckNeeds } from './line-contents.js';

/** A line that cannot be recorded after those before it, and why. */
type Refused = readonly [Candidate, readonly Rejection[]];

/** Graphs of policies, by slug. */
type Graphs = ReadonlyMap<string, RecordGraph>;

/** The dependencies of judging lines one after another. */
interface Judging extends Pick<CheckNeeds, 'graphs' | 'turns'> {
  /** Asked again after each refusal, which may take others with it. */
  readonly isOpen: (line: Candidate) => boolean;
  /** The rejections of a line that is judged by what it leaves behind of the events in the graph. */
  readonly judge: (line: Candidate, graph: RecordGraph) => Promise<readonly Rejection[]>;
  readonly refuse: (line: Candidate, rejections: readonly Rejection[]) => Promise<void>;
}

/**
 * Refuses the lines that cannot be recorded because of what is on record together with the lines before them: they would
 * pass a limit, or correct an event into what does not fit together.
 *
 * A line is judged after all that it needs, whatever the order of the file, and counts only where all of that was
 * accepted: so no line is refused because of one that falls itself. Lines that need each other stand or fall together.
 */
export async function refuseOneAfterAnother(lines: readonly Candidate[], judging: Judging): Promise<void> {
  const graphs = await graphsFor(lines, judging);
  if (graphs.size === 0) return;
  const byKey = new Map<string, Candidate>();
  for (const line of lines) {
    if (standsAlone(line)) graphs.get(line.policy)?.add(asGraphEvent(line));
    else byKey.set(line.key, line);
    if (judging.turns.isOver) await judging.turns.next();
  }
  for await (const keys of componentsOf(await edgesAmong(byKey, judging.turns), judging.turns)) {
    const together = await inOrder(keys, byKey, judging.turns);
    if (!together.every(judging.isOpen)) continue;
    const refused = await refusedOf(together, graphs, judging);
    if (refused) await judging.refuse(...refused);
    else for (const line of together) graphs.get(line.policy)?.add(asGraphEvent(line));
  }
}

/** True of most lines: they pass no limit and need nothing that could fall here, so they count from the start. */
const standsAlone = ({ target, parts, needs }: Candidate): boolean =>
  target === undefined && parts.length === 0 && needs.every((key) => key.startsWith(REGISTRATION));

const REGISTRATION = registrationKey('');

/** The graphs of the policies of which a line is about another event; additions to them stay here. */
async function graphsFor(lines: readonly Candidate[], { graphs, turns }: Judging): Promise<Graphs> {
  const found = new Map<string, RecordGraph>();
  for (const { policy, target, parts } of lines) {
    if ((target !== undefined || parts.length > 0) && !found.has(policy))
      found.set(policy, new RecordGraph((await graphs.of(policy)).graph));
    if (turns.isOver) await turns.next();
  }
  return found;
}

async function edgesAmong(byKey: ReadonlyMap<string, Candidate>, turns: Turns) {
  const edges = new Map<string, readonly string[]>();
  for (const [key, line] of byKey) {
    // Copied, since a list that grew has room for many more, and there may be very many lines.
    edges.set(key, [...needsOf(line).filter((need) => byKey.has(need))]);
    if (turns.isOver) await turns.next();
  }
  return edges;
}

async function inOrder(
  keys: readonly string[],
  byKey: ReadonlyMap<string, Candidate>,
  turns: Turns,
): Promise<readonly Candidate[]> {
  const lines = keys.flatMap((key) => byKey.get(key) ?? []);
  if (lines.length < 2) return lines;
  return recordingOrder(
    lines.sort((one, other) => one.line - other.line),
    turns,
  );
}

/** The first of lines to be recorded together that cannot be. */
async function refusedOf(
  together: readonly Candidate[],
  graphs: Graphs,
  { judge, turns }: Judging,
): Promise<Refused | undefined> {
  const trials = new Map<string, RecordGraph>();
  for (const line of together) {
    const graph = trials.get(line.policy) ?? graphs.get(line.policy);
    if (!graph) continue;
    const event = asGraphEvent(line);
    const limits = limitFaults(event, graph);
    const rejections = limits.length === 0 && line.isJudgedByWhole ? await judge(line, graph) : limits;
    if (rejections.length > 0) return [line, rejections];
    if (together.length === 1) return undefined;
    const trial = trials.get(line.policy) ?? new RecordGraph(graph);
    trial.add(event);
    trials.set(line.policy, trial);
    if (turns.isOver) await turns.next();
  }
  return undefined;
}

const asGraphEvent = ({ key, type = '', target, occurred, parts }: Candidate) => ({
  key,
  type,
  target,
  occurred,
  parts,
});
