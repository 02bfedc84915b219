import { keepConnected } from './connection.js';
import type { Signal } from './signals.js';

/** A past day, as a page shows it: of one policy, or of all. */
interface WatchedDay {
  readonly policy: string | undefined;
  readonly knownAt: string;
  readonly validAt: string;
  /** The position up to which the page shows what was recorded. */
  readonly position: number;
}

interface Watching {
  readonly hear: (signal: Signal) => void;
  readonly lose: () => void;
}

/** Hears when what is recorded later changes our account of a day, until the returned function is called. */
export function watchDay({ policy, knownAt, validAt, position }: WatchedDay, { hear, lose }: Watching): () => void {
  const path = policy === undefined ? '/v1/stream' : `/v1/policies/${encodeURIComponent(policy)}/stream`;
  return keepConnected({
    after: `${position}.${Date.parse(knownAt)}`,
    address: (after) => `${path}?view=patches&knownAt=${knownAt}&validAt=${validAt}&after=${after}`,
    kinds: ['patch', 'caught-up'],
    hear: ({ kind, text }) => {
      if (kind === 'caught-up') return hear({ kind: 'connected', position });
      const told: { readonly policy: string; readonly causes: readonly string[] } = JSON.parse(text);
      hear({ kind: 'changed', ...told });
    },
    lose,
  });
}
