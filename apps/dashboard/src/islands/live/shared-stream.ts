import { type StreamMessage, keepConnected } from './connection.js';
import { type Signal, changesTold } from './signals.js';

/** What the tab with the connection tells the other tabs of the browser. */
interface Told {
  readonly signal: Signal;
  /** Where a tab that takes over goes on. */
  readonly after: ResumePoint;
}

/** Where both streams go on. */
interface ResumePoint {
  /** An `id` of a stream of states. */
  readonly states: string;
  /** A position. */
  readonly events: string;
}

/** A tab that came later asks how things stand. */
type Spoken = Told | 'how do things stand';

interface Joining {
  /** An `id` of a stream of states, or where an answer goes on. */
  readonly after: string;
  readonly hear: (signal: Signal) => void;
}

/** Names both the lock of the tab that has the connection and the channel to the others. */
const NAME = 'policy-timeline-stream';

/**
 * Hears what changes in the log, over one pair of connections a browser, until the returned function is called.
 *
 * The tab that holds the lock has the connections and tells the others; when it closes, the next one goes on where it
 * was. Where a browser has no locks, as over plain HTTP, each tab that is seen has connections of its own.
 */
export function joinStream({ after: start, hear }: Joining): () => void {
  const after = { states: start, events: positionOf(start) };
  if (!('locks' in navigator) || !('BroadcastChannel' in globalThis)) return followWhileSeen({ after, hear });
  const channel = new BroadcastChannel(NAME);
  const leaving = new AbortController();
  let last: Told = { signal: connectedAt(start), after };
  channel.addEventListener('message', ({ data }: MessageEvent<Spoken>) => {
    if (data === 'how do things stand') return;
    last = data;
    hear(data.signal);
  });
  channel.postMessage('how do things stand');
  const lead = (): Promise<void> =>
    new Promise((resolve) => {
      const stop = followAll(last.after, (told) => {
        last = told;
        channel.postMessage(told);
        hear(told.signal);
      });
      channel.addEventListener('message', ({ data }: MessageEvent<Spoken>) => {
        if (data === 'how do things stand') channel.postMessage(howThingsStand(last));
      });
      leaving.signal.addEventListener('abort', () => {
        stop();
        resolve();
      });
    });
  // A tab that leaves while it waits for its turn takes its request back, which rejects it.
  navigator.locks.request(NAME, { signal: leaving.signal }, lead).catch(() => undefined);
  return () => {
    leaving.abort();
    channel.close();
  };
}

/** Follows the log while the tab is seen, so that tabs in the background leave the few connections to others. */
function followWhileSeen({ after: start, hear }: { readonly after: ResumePoint } & Pick<Joining, 'hear'>): () => void {
  let after = start;
  let stop: (() => void) | undefined;
  const seen = (): void => {
    stop?.();
    stop = document.hidden
      ? undefined
      : followAll(after, (told) => {
          ({ after } = told);
          hear(told.signal);
        });
  };
  document.addEventListener('visibilitychange', seen);
  seen();
  return () => {
    document.removeEventListener('visibilitychange', seen);
    stop?.();
  };
}

/**
 * Follows the events and the states of all policies: an event that changes no state is told by the first alone, a change
 * by time or by a rebuild by the second.
 */
function followAll(start: ResumePoint, tell: (told: Told) => void): () => void {
  let after = start;
  let lostSince: string | undefined;
  const hear = (change: Partial<ResumePoint>, signals: readonly Signal[]): void => {
    after = { ...after, ...change };
    lostSince = undefined;
    for (const signal of signals) tell({ signal, after });
  };
  const lose = (): void => {
    lostSince ??= new Date().toISOString();
    tell({ signal: { kind: 'lost', since: lostSince }, after });
  };
  const stopEvents = keepConnected({
    after: start.events,
    address: (from) => `/v1/stream?view=events&after=${from}`,
    kinds: ['event', 'caught-up'],
    hear: ({ kind, after: events, text }) =>
      hear({ events }, kind === 'event' ? changesTold(text) : [connectedAt(events)]),
    lose,
  });
  const stopStates = keepConnected({
    after: start.states,
    address: (from) => `/v1/stream?view=patches&after=${from}`,
    kinds: ['patch', 'restated', 'reset', 'caught-up'],
    hear: (message) => hear({ states: message.after }, [signalOf(message)]),
    lose,
  });
  return () => {
    stopEvents();
    stopStates();
  };
}

function signalOf({ kind, after, text }: StreamMessage): Signal {
  if (kind === 'patch') {
    const { policy, causes }: { readonly policy: string; readonly causes: readonly string[] } = JSON.parse(text);
    return { kind: 'changed', policy, causes };
  }
  return kind === 'caught-up' ? connectedAt(after) : { kind: 'restated' };
}

/** A resume point begins with its position. */
const positionOf = (after: string): string => after.replace(/\..*/, '');

const connectedAt = (after: string): Signal => ({ kind: 'connected', position: Number(positionOf(after)) });

const howThingsStand = ({ signal, after }: Told): Told => ({
  signal: signal.kind === 'lost' ? signal : connectedAt(after.states),
  after,
});
