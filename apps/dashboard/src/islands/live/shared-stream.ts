import { type StreamMessage, keepConnected } from './connection.js';
import type { Signal } from './signals.js';

/** What the tab with the connection tells the other tabs of the browser. */
interface Told {
  readonly signal: Signal;
  /** Where a tab that takes over goes on. */
  readonly after: string;
}

/** A tab that came later asks how things stand. */
type Spoken = Told | 'how do things stand';

interface Joining {
  readonly after: string;
  readonly hear: (signal: Signal) => void;
}

/** Names both the lock of the tab that has the connection and the channel to the others. */
const NAME = 'policy-timeline-stream';

/**
 * Hears what changes in the log, over one connection a browser, until the returned function is called.
 *
 * The tab that holds the lock has the connection and tells the others; when it closes, the next one goes on where it
 * was. Where a browser has no locks, as over plain HTTP, each tab has a connection of its own.
 */
export function joinStream({ after, hear }: Joining): () => void {
  if (!('locks' in navigator) || !('BroadcastChannel' in globalThis))
    return followStates(after, ({ signal }) => hear(signal));
  const channel = new BroadcastChannel(NAME);
  const leaving = new AbortController();
  let last: Told = { signal: connectedAt(after), after };
  channel.addEventListener('message', ({ data }: MessageEvent<Spoken>) => {
    if (data === 'how do things stand') return;
    last = data;
    hear(data.signal);
  });
  channel.postMessage('how do things stand');
  const lead = (): Promise<void> =>
    new Promise((resolve) => {
      const stop = followStates(last.after, (told) => {
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

/** Follows the states of all policies. */
function followStates(start: string, tell: (told: Told) => void): () => void {
  let after = start;
  let lostSince: string | undefined;
  return keepConnected({
    after: start,
    address: (from) => `/v1/stream?view=patches&after=${from}`,
    kinds: ['patch', 'restated', 'reset', 'caught-up'],
    hear: (message) => {
      after = message.after;
      lostSince = undefined;
      tell({ signal: signalOf(message), after });
    },
    lose: () => {
      lostSince ??= new Date().toISOString();
      tell({ signal: { kind: 'lost', since: lostSince }, after });
    },
  });
}

function signalOf({ kind, after, text }: StreamMessage): Signal {
  if (kind === 'patch') {
    const { policy, causes }: { readonly policy: string; readonly causes: readonly string[] } = JSON.parse(text);
    return { kind: 'changed', policy, causes };
  }
  return kind === 'caught-up' ? connectedAt(after) : { kind: 'restated' };
}

/** A resume point begins with its position. */
const connectedAt = (after: string): Signal => ({ kind: 'connected', position: Number.parseInt(after, 10) });

const howThingsStand = ({ signal, after }: Told): Told => ({
  signal: signal.kind === 'lost' ? signal : connectedAt(after),
  after,
});
