import {
  type GraphEvent,
  REGISTERED,
  RecordGraph,
  type Revision,
  fromStored,
  graphEventOf,
  policyStream,
} from '#domain';
import { DISREGARDED, type EventLog, type LogEntry, readStreamWhole } from '#event-log';

/** The number of events that are kept in graphs, over all policies; a graph in use is kept whatever its size. */
const KEPT_EVENTS = 200_000;

/** A policy's graph, and the last revision that is in it. */
export interface GraphAt {
  readonly graph: RecordGraph;
  readonly revision: Revision | undefined;
}

/**
 * The graphs of the policies that were asked for last: how the events of each refer to each other.
 *
 * A policy's stream is read whole the first time; from then on what is new in it.
 */
export class PolicyGraphs {
  readonly #kept = new Map<string, Following>();

  constructor(
    private readonly log: Pick<EventLog, 'readStream'>,
    private readonly keptEvents = KEPT_EVENTS,
  ) {}

  /** The graph with at least everything that was recorded before the call. It goes on growing; it is not to be added to. */
  async of(policy: string): Promise<GraphAt> {
    const following = this.#kept.get(policy) ?? new Following(this.log, policyStream(policy));
    this.#kept.delete(policy);
    this.#kept.set(policy, following);
    await following.catchUp();
    this.#dropOldest();
    return following.at;
  }

  #dropOldest(): void {
    let events = [...this.#kept.values()].reduce((sum, { at }) => sum + at.graph.size, 0);
    for (const [policy, { at }] of this.#kept) {
      if (events <= this.keptEvents || this.#kept.size === 1) return;
      this.#kept.delete(policy);
      events -= at.graph.size;
    }
  }
}

/** A graph that follows a stream. */
class Following {
  readonly #graph = new RecordGraph();
  #revision: Revision | undefined;
  #reading: Promise<void> = Promise.resolve();
  /** The next reading, which has not begun: whoever comes now can share it. */
  #next: Promise<void> | undefined;

  constructor(
    private readonly log: Pick<EventLog, 'readStream'>,
    private readonly stream: string,
  ) {}

  get at(): GraphAt {
    return { graph: this.#graph, revision: this.#revision };
  }

  catchUp(): Promise<void> {
    this.#next ??= this.#reading
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#read();
      });
    this.#reading = this.#next;
    return this.#next;
  }

  async #read(): Promise<void> {
    for await (const page of readStreamWhole(this.log, this.stream, { after: this.#revision }))
      for (const entry of page) {
        if (entry.type !== DISREGARDED) this.#graph.add(inGraph(entry));
        this.#revision = entry.revision;
      }
  }
}

const inGraph = (entry: LogEntry): GraphEvent =>
  entry.type === REGISTERED ? { key: entry.key, type: entry.type, parts: [] } : graphEventOf(fromStored(entry).body);
