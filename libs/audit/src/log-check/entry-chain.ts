import { DigestSet } from './digest-set.js';
import type { EntryContent } from './entry-text.js';
import type { StreamHead } from '../merkle/heads-tree.js';

/** What an entry can break in the order of the log. */
export type ChainReason =
  'revision-differs' | 'previous-differs' | 'time-decreases' | 'key-repeated' | 'too-many-streams';

/** How an entry breaks the order of the log. */
export interface ChainFault {
  readonly reason: ChainReason;
  readonly message: string;
}

/** A log with more streams than this is not checked: where each ended is kept in memory, about 150 bytes a stream. */
export const STREAMS_LIMIT = 1_000_000;

/** Where a log was left. */
export interface ChainEnd {
  readonly position: number;
  readonly heads: readonly StreamHead[];
  /** When the entry at the position was recorded; absent before the first. */
  readonly recordedAt?: number;
}

type StreamEnd = Omit<StreamHead, 'stream'>;

/**
 * Follows a log entry by entry, from position 1 on: streams without gap, each entry naming the position of the one
 * before it in its stream; recorded times that never decrease; no key twice.
 */
export class EntryChain {
  readonly #ends: Map<string, StreamEnd>;
  readonly #keys: DigestSet;
  #position: number;
  #keysCompared = 0;
  #recordedAt: { readonly first: number; readonly last: number } | null;

  /** Takes the log up where it was left, if told where; keys are compared unless there is room for none. */
  constructor({ keys = new DigestSet(), from }: { readonly keys?: DigestSet; readonly from?: ChainEnd } = {}) {
    this.#keys = keys;
    this.#ends = new Map(from?.heads.map(({ stream, ...end }) => [stream, end]));
    this.#position = from?.position ?? 0;
    this.#recordedAt = from?.recordedAt === undefined ? null : { first: from.recordedAt, last: from.recordedAt };
  }

  /** The last position taken. */
  get position(): number {
    return this.#position;
  }

  /** The number of streams so far. */
  get streams(): number {
    return this.#ends.size;
  }

  /** Where each stream ends. */
  heads(): readonly StreamHead[] {
    return [...this.#ends].map(([stream, end]) => ({ stream, ...end }));
  }

  /** Up to which position keys were compared; beyond it there was no room to remember them. */
  get keysCompared(): number {
    return this.#keysCompared;
  }

  /** When the first and the last entry were recorded; null while there is none. */
  get recordedAt(): { readonly first: number; readonly last: number } | null {
    return this.#recordedAt;
  }

  /** Takes the entry of the next position; answers what is wrong with it there, and must not be asked on after that. */
  take(entry: EntryContent): ChainFault | undefined {
    const fault = this.#placeFault(entry) ?? this.#timeFault(entry) ?? this.#keyFault(entry);
    if (fault) return fault;
    this.#position += 1;
    this.#ends.set(entry.stream, { revision: entry.revision, position: this.#position });
    this.#recordedAt = { first: this.#recordedAt?.first ?? entry.recordedAt, last: entry.recordedAt };
    return undefined;
  }

  #placeFault({ stream, revision, prev }: EntryContent): ChainFault | undefined {
    const end = this.#ends.get(stream);
    const expected = end ? end.revision + 1 : 0;
    if (revision !== expected)
      return {
        reason: 'revision-differs',
        message: `The entry has revision ${revision} of the stream "${stream}", where ${expected} is next.`,
      };
    if (prev !== end?.position)
      return {
        reason: 'previous-differs',
        message: `The entry says that the stream's previous one is at ${prev ?? 'no position'}; it is at ${end?.position ?? 'none'}.`,
      };
    return end || this.#ends.size < STREAMS_LIMIT
      ? undefined
      : { reason: 'too-many-streams', message: `Logs of at most ${STREAMS_LIMIT} streams can be checked.` };
  }

  #timeFault({ recordedAt }: EntryContent): ChainFault | undefined {
    const last = this.#recordedAt?.last ?? recordedAt;
    if (recordedAt >= last) return undefined;
    const [one, other] = [recordedAt, last].map((at) => new Date(at).toISOString());
    return { reason: 'time-decreases', message: `The entry was recorded at ${one}, after one recorded at ${other}.` };
  }

  #keyFault({ key }: EntryContent): ChainFault | undefined {
    const seen = this.#keys.add(key);
    if (seen === 'new') this.#keysCompared = this.#position + 1;
    return seen === 'known'
      ? { reason: 'key-repeated', message: `The key "${key}" is that of an earlier entry.` }
      : undefined;
  }
}
