import { DigestSet } from './digest-set.js';
import type { EntryContent } from './entry-text.js';
import { type LogFinding, findingAt } from './findings.js';
import type { StreamHead } from '../merkle/stream-head.js';

/** A log with more streams than this is not checked: where each ended is kept in memory, about 150 bytes a stream. */
export const STREAMS_LIMIT = 1_000_000;

/** The end of a log up to which it was checked. */
export interface ChainEnd {
  readonly position: number;
  readonly heads: readonly StreamHead[];
  /** When the entry at the position was recorded; absent before the first. */
  readonly recordedAt?: number;
}

/** The place where checking begins, and the memory for keys. */
export interface EntryChainOptions {
  /** Keys are compared as long as there is room in it. */
  readonly keys?: DigestSet;
  /** Without it, at the beginning of the log. */
  readonly from?: ChainEnd;
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

  constructor({ keys = new DigestSet(), from }: EntryChainOptions = {}) {
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

  /** The end of each stream. */
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

  /** Takes the next entry; answers what is wrong with it, and must not be asked again after that. */
  take(position: number, entry: EntryContent): LogFinding | undefined {
    const finding =
      this.#findGap(position) ??
      this.#findPlace(position, entry) ??
      this.#findTime(position, entry) ??
      this.#findKey(position, entry);
    if (finding) return finding;
    this.#position = position;
    this.#ends.set(entry.stream, { revision: entry.revision, position });
    this.#recordedAt = { first: this.#recordedAt?.first ?? entry.recordedAt, last: entry.recordedAt };
    return undefined;
  }

  #findGap(position: number): LogFinding | undefined {
    const next = this.#position + 1;
    return position === next ? undefined : findingAt(next, 'entry-missing', `The next one is at position ${position}.`);
  }

  #findPlace(position: number, { stream, revision, prev }: EntryContent): LogFinding | undefined {
    const end = this.#ends.get(stream);
    const expected = end ? end.revision + 1 : 0;
    if (revision !== expected) {
      const detail = `It has revision ${revision} of the stream "${stream}", where ${expected} is next.`;
      return findingAt(position, 'revision-differs', detail);
    }
    if (prev !== end?.position) {
      const detail = `It names ${prev ?? 'no position'}; the previous one is at ${end?.position ?? 'none'}.`;
      return findingAt(position, 'previous-differs', detail);
    }
    return end || this.#ends.size < STREAMS_LIMIT
      ? undefined
      : findingAt(position, 'too-many-streams', `${STREAMS_LIMIT}`);
  }

  #findTime(position: number, { recordedAt }: EntryContent): LogFinding | undefined {
    const last = this.#recordedAt?.last ?? recordedAt;
    if (recordedAt >= last) return undefined;
    const [one, other] = [recordedAt, last].map((at) => new Date(at).toISOString());
    return findingAt(position, 'time-decreases', `${one}, after one recorded at ${other}`);
  }

  #findKey(position: number, { key }: EntryContent): LogFinding | undefined {
    const outcome = this.#keys.add(key);
    if (outcome === 'new') this.#keysCompared = position;
    return outcome === 'known' ? findingAt(position, 'key-repeated', key) : undefined;
  }
}
