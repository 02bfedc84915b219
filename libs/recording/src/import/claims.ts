import { createHash } from 'node:crypto';
import { presentBody, registrationKey } from '#domain';
import { type EntryValue, type LogEntry, canonicalJson } from '#event-log';
import { recordsBody, recordsRegistration } from '../recorder/new-event.js';
import { type OnRecord, seenEventOf } from '../policies/on-record.js';
import { keyReused } from '../recorder/earlier-event.js';
import { type Candidate, needsOf } from './candidates.js';
import type { FileLines } from './file-lines.js';
import { type CheckNeeds, bodyOf, registrationOf } from './line-contents.js';

/** The number of lines that are looked at together. */
const BATCH = 500;

/** Finds out which line has each key, and what is on record under it. */
export class Claims {
  /** The hashes of lines that share their key with others: each is read once. */
  readonly #digests = new Map<number, string>();

  constructor(
    private readonly needs: CheckNeeds,
    private readonly onRecord: OnRecord,
    private readonly lines: FileLines,
  ) {}

  async settle(candidates: readonly Candidate[]): Promise<void> {
    const { turns } = this.needs;
    for (const candidate of await this.#bySlugs(candidates)) {
      const first = this.lines.claim(candidate);
      if (first !== candidate) await this.#compare(first, candidate);
      if (turns.isOver) await turns.next();
    }
    for (const batch of batchesOf([...this.lines.all()])) {
      await this.#compareWithLog(batch);
      if (turns.isOver) await turns.next();
    }
  }

  /** The lines, each policy named by its slug, where the file or the log knows it by an alias. */
  async #bySlugs(candidates: readonly Candidate[]): Promise<readonly Candidate[]> {
    const { names, turns } = this.needs;
    const registered = new Set<string>();
    const given = new Map<string, string>();
    await turns.forEach(candidates, ({ type, key, policy, names: own }) => {
      if (type === undefined) registered.add(key);
      for (const { name } of own) if (!given.has(name)) given.set(name, policy);
    });
    const known: Candidate[] = [];
    for (const batch of batchesOf(candidates)) {
      const isOpen = (key: string): boolean => key.startsWith(REGISTRATION) && !registered.has(key);
      await this.onRecord.learn(batch.flatMap((candidate) => needsOf(candidate).filter(isOpen)));
      for (const candidate of batch) {
        const slugs = new Map<string, string>();
        for (const key of needsOf(candidate).filter((need) => isOpen(need) && !this.onRecord.event(need))) {
          const name = key.slice(REGISTRATION.length);
          const slug = names.slugOf(name) ?? given.get(name);
          if (slug !== undefined) slugs.set(name, slug);
        }
        known.push(slugs.size > 0 ? renamed(candidate, slugs) : candidate);
      }
      if (turns.isOver) await turns.next();
    }
    return known;
  }

  async #compare(first: Candidate, candidate: Candidate): Promise<void> {
    const digest = this.#digests.get(first.line) ?? (await this.#digestOf(first));
    this.#digests.set(first.line, digest);
    if (digest === (await this.#digestOf(candidate))) this.lines.repeat(candidate, { line: first.line });
    else
      this.lines.reject(candidate, [
        {
          code: 'key-reused',
          pointer: '/key',
          message: `Line ${first.line} has the same key with a different body. Choose another key.`,
        },
      ]);
  }

  async #digestOf(candidate: Candidate): Promise<string> {
    return createHash('sha256')
      .update(canonicalJson(await this.#form(candidate)))
      .digest('base64');
  }

  /** The content of a line, with names in their one form, by which lines are compared. */
  async #form(candidate: Candidate): Promise<EntryValue> {
    return candidate.type === undefined
      ? { ...(await registrationOf(candidate, this.needs.spool)) }
      : presentBody((await bodyOf(candidate, this.needs)).body);
  }

  async #compareWithLog(batch: readonly Candidate[]): Promise<void> {
    await this.onRecord.learn(batch.flatMap((candidate) => needsOf(candidate).filter((key) => !this.lines.has(key))));
    const entries = new Map(
      (await this.needs.log.readKeys(batch.map(({ key }) => key))).map((entry) => [entry.key, entry]),
    );
    for (const candidate of batch) {
      const entry = entries.get(candidate.key);
      if (!entry) continue;
      this.onRecord.remember(seenEventOf(entry));
      if (await this.#isSame(entry, candidate)) this.lines.repeat(candidate, { position: entry.position });
      else
        this.lines.reject(candidate, [
          candidate.type === undefined ? registeredOtherwise(candidate) : keyReused(entry),
        ]);
    }
  }

  async #isSame(entry: LogEntry, candidate: Candidate): Promise<boolean> {
    if (candidate.type === undefined)
      return recordsRegistration(entry, await registrationOf(candidate, this.needs.spool));
    return recordsBody(entry, (await bodyOf(candidate, this.needs)).body);
  }
}

const REGISTRATION = registrationKey('');

function renamed(candidate: Candidate, slugs: ReadonlyMap<string, string>): Candidate {
  const needs = candidate.needs.map((key) => {
    const slug = key.startsWith(REGISTRATION) ? slugs.get(key.slice(REGISTRATION.length)) : undefined;
    return slug === undefined ? key : registrationKey(slug);
  });
  return { ...candidate, policy: slugs.get(candidate.policy) ?? candidate.policy, needs, slugs };
}

const registeredOtherwise = ({ policy }: Candidate) =>
  ({
    code: 'key-reused',
    pointer: '/policy/slug',
    message: `"${policy}" is registered with a different body. To correct it, record a policy.redescribed event.`,
  }) as const;

/** A list in parts. */
export function* batchesOf<Item>(items: readonly Item[], size = BATCH): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

/** The length in bytes of the lines that are recorded together: all of them are in memory at once, and are written at once. */
const BATCH_BYTES = 2 * 1024 * 1024;

/** Lines in the parts in which they are recorded: at least one line each. */
export function* batchesToRecord(lines: readonly Candidate[]): Generator<readonly Candidate[]> {
  for (const batch of batchesOf(lines)) {
    let [start, bytes] = [0, 0];
    for (const [index, { length }] of batch.entries()) {
      bytes += length;
      if (bytes < BATCH_BYTES) continue;
      yield batch.slice(start, index + 1);
      [start, bytes] = [index + 1, 0];
    }
    if (start < batch.length) yield batch.slice(start);
  }
}
