import { hash, timingSafeEqual } from 'node:crypto';
import { readAnnouncedEntry } from '../entry.js';
import { type LogPosition, positionOf } from '../positions.js';
import type { LogEntry } from '../port.js';

/** The last entries that were announced are kept for readers that are a little behind. */
const KEPT = 500;

/**
 * The entries that came with announcements, so that nobody has to read what is new.
 *
 * What is kept is one stretch of the log without gap, up to what was announced last: announcements come in the order of
 * commits. After one that is not sealed, or tells no entries, nothing is at hand, and readers look into the log.
 */
export class Announced {
  #secret: string | undefined;
  #entries: readonly LogEntry[] = [];

  /** Begins anew, with the secret by which announcements are sealed; without one none is believed. */
  begin(secret: string | undefined): void {
    this.#secret = secret;
    this.#entries = [];
  }

  /** Takes in what an announcement tells. */
  take(payload: string): void {
    const told = this.#entriesIn(payload);
    const [first] = told;
    const continues = first !== undefined && this.#entries.at(-1)?.position === first.position - 1;
    this.#entries = continues ? [...this.#entries, ...told].slice(-KEPT) : told;
  }

  /** The entries after a position, at most so many; none when they are not at hand. */
  after(position: LogPosition, limit: number): readonly LogEntry[] {
    const [first] = this.#entries;
    if (!first || first.position > position + 1) return [];
    const from = position + 1 - first.position;
    return this.#entries.slice(from, from + limit);
  }

  #entriesIn(payload: string): readonly LogEntry[] {
    const [start, end] = [payload.indexOf('\n'), payload.lastIndexOf('\n')];
    if (start < 0 || start === end || this.#secret === undefined) return [];
    if (!isSealed(payload.slice(0, end), payload.slice(end + 1), this.#secret)) return [];
    const texts = payload.slice(start + 1, end).split('\n');
    const before = Number(payload.slice(0, start)) - texts.length;
    return texts.map((text, index) => readAnnouncedEntry(text, positionOf(before + index + 1)));
  }
}

function isSealed(told: string, seal: string, secret: string): boolean {
  const wanted = hash('sha256', secret + hash('sha256', secret + told));
  return seal.length === wanted.length && timingSafeEqual(Buffer.from(seal), Buffer.from(wanted));
}
