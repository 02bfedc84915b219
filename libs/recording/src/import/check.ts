import {
  type EventBody,
  REGISTERED,
  type Rejection,
  type Seen,
  type SeenEvent,
  decide,
  followsRecordedBy,
  isJudgedByWhole,
  presentBody,
  ranked,
  registrationKey,
} from '#domain';
import { type Json, type LogEntry, sameJson } from '#event-log';
import { bodyCorrectedBy } from '../corrected-body.js';
import { newEventOf, recordsBody, recordsRegistration } from '../new-event.js';
import { OnRecord } from '../on-record.js';
import { nameTaken } from '../policy-names.js';
import { keyReused } from '../recorder.js';
import { type Candidate, needsOf } from './candidates.js';
import { EarlierBodies } from './earlier-bodies.js';
import { refuseBeyondLimits } from './limits.js';
import { keysOnCycles } from './order.js';
import { type CheckNeeds, bodyOf, registrationOf } from './pieces.js';
import { registrationFaultsOf } from './registrations.js';

/** What becomes of each candidate, by its line. */
export interface Checked {
  readonly accepted: readonly Candidate[];
  readonly rejected: ReadonlyMap<number, readonly Rejection[]>;
  /** On record already with the same body, and where; or the same as an earlier line, whose fate it shares. */
  readonly repeated: ReadonlyMap<number, { readonly position: number } | { readonly line: number }>;
}

/** Lines are looked at this many at a time. */
const BATCH = 500;

/**
 * Finds the largest set of lines of which every one can be recorded: what it links to, targets and belongs to lies in
 * the log or in the set.
 */
export class Check {
  readonly #onRecord: OnRecord;
  readonly #rejected = new Map<number, readonly Rejection[]>();
  readonly #repeated = new Map<number, { readonly position: number } | { readonly line: number }>();
  readonly #byKey = new Map<string, Candidate>();
  readonly #earlier: EarlierBodies;
  #hanging: ReadonlyMap<string, readonly Candidate[]> | undefined;

  constructor(private readonly needs: CheckNeeds) {
    this.#onRecord = new OnRecord(needs.log);
    this.#earlier = new EarlierBodies(needs, this.#byKey);
  }

  /** Takes the lines that could be read, and the keys of those that could not with their lines. */
  async run(candidates: readonly Candidate[], unreadable: ReadonlyMap<string, number>): Promise<Checked> {
    await this.needs.names.catchUp();
    for (const candidate of await this.#bySlugs(candidates)) await this.#claimKey(candidate);
    for (const batch of batchesOf([...this.#byKey.values()])) await this.#compareWithLog(batch);
    this.#rejectCycles(await this.#follows());
    this.#rejectWhatNamesUnreadable(unreadable);
    for (const batch of batchesOf([...this.#byKey.values()])) await this.#decide(batch);
    for (const [candidate, faults] of await registrationFaultsOf(this.#open(), this.needs))
      this.#reject(candidate, faults);
    this.#rejectTakenNames();
    this.#rejectWhatHangsOn([...this.#byKey.values()].filter(({ line }) => this.#rejected.has(line)));
    await this.#rejectBeyondLimits();
    for (const [line, fate] of this.#repeated) this.#shareFate(line, fate);
    const accepted = [...this.#byKey.values()].filter(
      ({ line }) => !this.#rejected.has(line) && !this.#repeated.has(line),
    );
    return { accepted, rejected: this.#rejected, repeated: this.#repeated };
  }

  /** The lines, each policy named by its slug, where the file or the log knows it by an alias. */
  async #bySlugs(candidates: readonly Candidate[]): Promise<readonly Candidate[]> {
    const registered = new Set(candidates.filter(({ type }) => type === undefined).map(({ key }) => key));
    const given = new Map<string, string>();
    for (const { names, policy } of candidates)
      for (const { name } of names) if (!given.has(name)) given.set(name, policy);
    const known: Candidate[] = [];
    for (const batch of batchesOf(candidates)) {
      const isOpen = (key: string): boolean => key.startsWith(REGISTRATION) && !registered.has(key);
      await this.#onRecord.learn(batch.flatMap((candidate) => needsOf(candidate).filter(isOpen)));
      for (const candidate of batch) {
        const slugs = new Map<string, string>();
        for (const key of needsOf(candidate).filter((need) => isOpen(need) && !this.#onRecord.event(need))) {
          const name = key.slice(REGISTRATION.length);
          const slug = this.needs.names.slugOf(name) ?? given.get(name);
          if (slug !== undefined) slugs.set(name, slug);
        }
        known.push(slugs.size > 0 ? renamed(candidate, slugs) : candidate);
      }
    }
    return known;
  }

  /** Of the lines that give a name to different policies, the first has it. */
  #rejectTakenNames(): void {
    const given = new Map<string, string>();
    for (const candidate of this.#open().filter(({ names }) => names.length > 0)) {
      const { policy, names } = candidate;
      const taken = [
        ...this.needs.names.taken(policy, names),
        ...names.flatMap(({ name, pointer }) => {
          const holder = given.get(name) ?? policy;
          return holder === policy ? [] : [nameTaken(name, holder, pointer)];
        }),
      ];
      if (taken.length > 0) this.#reject(candidate, ranked(taken));
      else for (const { name } of names) given.set(name, policy);
    }
  }

  /** The first line with a key has it. */
  async #claimKey(candidate: Candidate): Promise<void> {
    const first = this.#byKey.get(candidate.key);
    if (!first) this.#byKey.set(candidate.key, candidate);
    else if (await this.#sayTheSame(first, candidate)) this.#repeated.set(candidate.line, { line: first.line });
    else
      this.#reject(candidate, [
        {
          code: 'key-reused',
          pointer: '/key',
          message: `Line ${first.line} has the same key with another body. Choose another key.`,
        },
      ]);
  }

  async #sayTheSame(first: Candidate, second: Candidate): Promise<boolean> {
    return sameJson(await this.#form(first), await this.#form(second));
  }

  async #compareWithLog(batch: readonly Candidate[]): Promise<void> {
    await this.#onRecord.learn(batch.flatMap((candidate) => needsOf(candidate).filter((key) => !this.#byKey.has(key))));
    const entries = new Map(
      (await this.needs.log.readKeys(batch.map(({ key }) => key))).map((entry) => [entry.key, entry]),
    );
    for (const candidate of batch) {
      const entry = entries.get(candidate.key);
      if (!entry) continue;
      await this.#onRecord.learn([candidate.key]);
      if (await this.#isSame(entry, candidate)) this.#repeated.set(candidate.line, { position: entry.position });
      else this.#reject(candidate, [candidate.type === undefined ? registeredOtherwise(candidate) : keyReused(entry)]);
    }
  }

  async #isSame(entry: LogEntry, candidate: Candidate): Promise<boolean> {
    if (candidate.type === undefined)
      return recordsRegistration(entry, await registrationOf(candidate, this.needs.spool));
    return recordsBody(entry, await this.#body(candidate));
  }

  /** Who would follow whom, among the lines and as far as these touch what is on record. */
  async #follows(): Promise<ReadonlyMap<string, readonly string[]>> {
    const follows = new Map<string, readonly string[]>();
    const add = (from: string, to: readonly string[]): void =>
      void follows.set(from, [...(follows.get(from) ?? []), ...to]);
    for (const candidate of this.#open()) {
      const edges =
        candidate.type === 'record.corrected'
          ? followsRecordedBy(await this.#body(candidate), (key) => this.#targetOf(key))
          : candidate.follows;
      for (const { from, to } of edges) add(from, [to]);
    }
    // An event on record can only lead back to a line through a correction in the file.
    const corrected = [...follows.keys()].filter((key) => !this.#byKey.has(key));
    if (corrected.length > 0)
      for (const [from, to] of await this.#onRecord.followsFrom([...follows.values()].flat())) add(from, to);
    return follows;
  }

  #rejectCycles(follows: ReadonlyMap<string, readonly string[]>): void {
    const onCycle = keysOnCycles(follows);
    const targets = new Map(
      this.#open().flatMap(({ key, target }) => (target === undefined ? [] : [[key, [target]] as const])),
    );
    const targetCycle = keysOnCycles(targets);
    for (const candidate of this.#open()) {
      const closing = candidate.follows.filter(({ from, to }) => onCycle.has(from) && onCycle.has(to));
      const faults = closing.map(({ pointer }): Rejection => ({
        code: 'cycle',
        pointer,
        message: 'Following `follows` from here leads back to where it began. One of these links must go.',
      }));
      if (faults.length > 0) this.#reject(candidate, faults);
      if (targetCycle.has(candidate.key))
        this.#reject(candidate, [
          {
            code: 'cycle',
            pointer: '/target',
            message: 'Following the targets leads back to this event. One of them must name another.',
          },
        ]);
    }
  }

  /** What names a line that could not even be read hangs on it. */
  #rejectWhatNamesUnreadable(unreadable: ReadonlyMap<string, number>): void {
    for (const candidate of this.#open()) {
      const missing = needsOf(candidate).find(
        (key) => unreadable.has(key) && !this.#byKey.has(key) && !this.#onRecord.event(key),
      );
      if (missing !== undefined) this.#reject(candidate, [hangsOn(missing, unreadable.get(missing))]);
    }
  }

  async #decide(batch: readonly Candidate[]): Promise<void> {
    for (const candidate of batch) {
      if (candidate.type === undefined || this.#rejected.has(candidate.line) || this.#repeated.has(candidate.line))
        continue;
      const { body, rejections: faults } = await bodyOf(candidate, this.needs);
      await this.#learnTargets(candidate);
      const corrected = await this.#corrected(candidate, body);
      const decision = decide(body, { ...this.#seen(), ...(corrected ? { corrected } : {}) }, this.needs.now());
      const event = newEventOf(body, this.needs.newSalt);
      const rejections = [
        ...faults,
        ...(decision.accepted ? [] : decision.rejections),
        ...('code' in event ? [event] : []),
      ];
      if (rejections.length > 0) this.#reject(candidate, rejections);
    }
  }

  /** A correction of a correction is checked against what was corrected first. */
  async #learnTargets(candidate: Candidate): Promise<void> {
    const seen = new Set<string>();
    for (let target = candidate.target; target !== undefined && !seen.has(target); target = this.#targetOf(target)) {
      seen.add(target);
      if (!this.#byKey.has(target)) await this.#onRecord.learn([target]);
    }
  }

  /** What a correction leaves behind, where it is judged by that: with the log and the lines before it in force. */
  async #corrected(candidate: Candidate, body: EventBody): Promise<EventBody | undefined> {
    if (!isJudgedByWhole(body)) return undefined;
    const isOut = ({ line }: Candidate): boolean => this.#rejected.has(line) || this.#repeated.has(line);
    return bodyCorrectedBy(body, await this.#earlier.before(candidate, isOut));
  }

  /** Everything on record, and every line that may still come to be. Cycles were looked for before. */
  #seen(): Seen {
    return {
      policyExists: (slug) => this.#byKey.has(registrationKey(slug)) || this.#onRecord.hasPolicy(slug),
      eventOf: (key) => this.#eventOf(key),
      followsEver: () => [],
    };
  }

  #eventOf(key: string): SeenEvent | undefined {
    const candidate = this.#byKey.get(key);
    if (!candidate) return this.#onRecord.event(key);
    const { type = REGISTERED, policy, target } = candidate;
    return { key, type, policy, ...(target === undefined ? {} : { target }) };
  }

  #targetOf(key: string): string | undefined {
    return this.#eventOf(key)?.target;
  }

  #rejectBeyondLimits(): Promise<void> {
    return refuseBeyondLimits(this.#open(), {
      graphs: this.needs.graphs,
      isOpen: ({ line }) => !this.#rejected.has(line),
      refuse: (candidate, rejections) => {
        this.#reject(candidate, rejections);
        this.#rejectWhatHangsOn([candidate]);
      },
    });
  }

  #rejectWhatHangsOn(fallen: Candidate[]): void {
    if (fallen.length === 0) return;
    this.#hanging ??= this.#whatHangs();
    for (let next = fallen.pop(); next; next = fallen.pop())
      for (const candidate of this.#hanging.get(next.key) ?? []) {
        if (this.#rejected.has(candidate.line) || this.#onRecord.event(next.key)) continue;
        this.#reject(candidate, [hangsOn(next.key, next.line)]);
        fallen.push(candidate);
      }
  }

  /** The lines that need each line. */
  #whatHangs(): ReadonlyMap<string, readonly Candidate[]> {
    const hanging = new Map<string, Candidate[]>();
    for (const candidate of this.#open())
      for (const need of needsOf(candidate).filter((key) => this.#byKey.has(key))) {
        const there = hanging.get(need);
        if (there) there.push(candidate);
        else hanging.set(need, [candidate]);
      }
    return hanging;
  }

  #shareFate(line: number, fate: { readonly position: number } | { readonly line: number }): void {
    const rejections = 'line' in fate ? this.#rejected.get(fate.line) : undefined;
    if (!rejections) return;
    this.#repeated.delete(line);
    this.#rejected.set(line, rejections);
  }

  #open(): readonly Candidate[] {
    return [...this.#byKey.values()].filter(({ line }) => !this.#rejected.has(line) && !this.#repeated.has(line));
  }

  #reject({ line }: Candidate, rejections: readonly Rejection[]): void {
    this.#rejected.set(line, [...(this.#rejected.get(line) ?? []), ...rejections]);
  }

  /** What the line says, with names in their one form: by that lines are compared. */
  async #form(piece: Candidate): Promise<Json> {
    return piece.type === undefined
      ? { ...(await registrationOf(piece, this.needs.spool)) }
      : presentBody(await this.#body(piece));
  }

  async #body(candidate: Candidate): Promise<EventBody> {
    return (await bodyOf(candidate, this.needs)).body;
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

const hangsOn = (key: string, line: number | undefined): Rejection => ({
  code: 'target-rejected',
  pointer: '',
  message: `It depends on "${shownKey(key)}" (line ${line}), which was rejected. Correct that line first.`,
});

const registeredOtherwise = ({ policy }: Candidate): Rejection => ({
  code: 'key-reused',
  pointer: '/policy/slug',
  message: `"${policy}" is registered with another body. To correct it, record a policy.redescribed event.`,
});

/** A registration's key as its recorder knows it. */
export const shownKey = (key: string): string => key.replace(/^registered:/, '');

/** A list in parts. */
export function* batchesOf<Item>(items: readonly Item[], size = BATCH): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
