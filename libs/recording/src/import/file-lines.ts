import type { Rejection } from '#domain';
import type { Turns } from '#runtime/turns';
import { type Candidate, needsOf } from './candidates.js';

/** The event or the earlier line that a line repeats, so that it records nothing; it is accepted or rejected with that line. */
export type Repeat = { readonly position: number } | { readonly line: number };

/** The lines of one import, one a key, each open, rejected or repeated. */
export class FileLines {
  readonly #byKey = new Map<string, Candidate>();
  readonly #rejected = new Map<number, readonly Rejection[]>();
  readonly #repeated = new Map<number, Repeat>();
  #hanging: ReadonlyMap<string, readonly Candidate[]> | undefined;

  constructor(
    private readonly turns: Turns,
    /** True of a key that is on record: a line that names it depends on no other line. */
    private readonly isOnRecord: (key: string) => boolean,
  ) {}

  get rejected(): ReadonlyMap<number, readonly Rejection[]> {
    return this.#rejected;
  }

  get repeated(): ReadonlyMap<number, Repeat> {
    return this.#repeated;
  }

  /** Gives a key to the first line with it. Answers that line. */
  claim(candidate: Candidate): Candidate {
    const first = this.#byKey.get(candidate.key) ?? candidate;
    this.#byKey.set(candidate.key, first);
    return first;
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  of(key: string): Candidate | undefined {
    return this.#byKey.get(key);
  }

  all(): Iterable<Candidate> {
    return this.#byKey.values();
  }

  isOpen({ line }: Candidate): boolean {
    return !this.#rejected.has(line) && !this.#repeated.has(line);
  }

  /** The lines that may still be recorded, in the order of the file. */
  open(): Promise<readonly Candidate[]> {
    return this.#where((candidate) => this.isOpen(candidate));
  }

  repeat({ line }: Candidate, repeat: Repeat): void {
    this.#repeated.set(line, repeat);
  }

  reject({ line }: Candidate, rejections: readonly Rejection[]): void {
    this.#rejected.set(line, [...(this.#rejected.get(line) ?? []), ...rejections]);
  }

  /** Rejects the lines that depend on those rejected so far. */
  async dropWhatHangs(): Promise<void> {
    await this.#drop(await this.#where(({ line }) => this.#rejected.has(line)));
  }

  /** Rejects a line, and those that depend on it. */
  async rejectWithWhatHangs(candidate: Candidate, rejections: readonly Rejection[]): Promise<void> {
    this.reject(candidate, rejections);
    await this.#drop([candidate]);
  }

  /** Lines that say the same as an earlier one are rejected with it. */
  async shareFates(): Promise<void> {
    await this.turns.forEach(this.#repeated, ([line, fate]) => {
      const rejections = 'line' in fate ? this.#rejected.get(fate.line) : undefined;
      if (!rejections) return;
      this.#repeated.delete(line);
      this.#rejected.set(line, rejections);
    });
  }

  /** There may be very many lines: in turns. */
  async #where(holds: (candidate: Candidate) => boolean): Promise<Candidate[]> {
    const found: Candidate[] = [];
    await this.turns.forEach(this.#byKey.values(), (candidate) => {
      if (holds(candidate)) found.push(candidate);
    });
    return found;
  }

  async #drop(fallen: Candidate[]): Promise<void> {
    if (fallen.length === 0) return;
    this.#hanging ??= await this.#whatHangs();
    for (let next = fallen.pop(); next; next = fallen.pop())
      for (const candidate of this.#hanging.get(next.key) ?? []) {
        if (this.turns.isOver) await this.turns.next();
        if (this.#rejected.has(candidate.line) || this.isOnRecord(next.key)) continue;
        this.reject(candidate, [hangsOn(next.key, next.line)]);
        fallen.push(candidate);
      }
  }

  /** The lines that need each line. */
  async #whatHangs(): Promise<ReadonlyMap<string, readonly Candidate[]>> {
    const hanging = new Map<string, Candidate[]>();
    for (const candidate of await this.open())
      for (const need of needsOf(candidate)) {
        if (this.turns.isOver) await this.turns.next();
        if (!this.#byKey.has(need)) continue;
        const there = hanging.get(need);
        if (there) there.push(candidate);
        else hanging.set(need, [candidate]);
      }
    return hanging;
  }
}

/** The rejection of a line that needs another one, which was rejected. */
export const hangsOn = (key: string, line: number | undefined): Rejection => ({
  code: 'target-rejected',
  pointer: '',
  message: `It depends on "${shownKey(key)}" (line ${line}), which was rejected. Correct that line first.`,
});

/** A registration's key as its recorder knows it. */
export const shownKey = (key: string): string => key.replace(/^registered:/, '');
