import {
  type EventBody,
  REGISTERED,
  type RecordGraph,
  type Rejection,
  type Seen,
  type EventOnRecord,
  decide,
  followsRecordedBy,
  rankRejections,
  registrationKey,
} from '#domain';
import { bodyCorrectedBy } from '../recorder/corrected-body.js';
import { newEventOf } from '../recorder/new-event.js';
import { OnRecord } from '../policies/on-record.js';
import { nameTaken } from '../policies/policy-names.js';
import { type Candidate, needsOf } from './candidates.js';
import { Claims, batchesOf } from './claims.js';
import { EarlierBodies } from './earlier-bodies.js';
import { FileLines, type Repeat, hangsOn } from './file-lines.js';
import { refuseOneAfterAnother } from './one-after-another.js';
import { keysOnCycles } from './order.js';
import { type CheckNeeds, bodyOf } from './line-contents.js';
import { registrationFaultsOf } from './registrations.js';

/** The result of a check: the candidates that are accepted, rejected and repeated, by their lines. */
export interface Checked {
  readonly accepted: readonly Candidate[];
  readonly rejected: ReadonlyMap<number, readonly Rejection[]>;
  readonly repeated: ReadonlyMap<number, Repeat>;
}

/**
 * Finds the largest set of lines of which every one can be recorded: what it links to, targets and belongs to lies in
 * the log or in the set.
 *
 * The time that it takes grows as the lines and what they name; it is taken in short turns, and ends early where nobody
 * waits for it any more.
 */
export class Check {
  readonly #onRecord: OnRecord;
  readonly #lines: FileLines;
  readonly #earlier: EarlierBodies;

  constructor(private readonly needs: CheckNeeds) {
    // What the lines name on record is as much as the lines themselves: all of it is remembered.
    this.#onRecord = new OnRecord(needs.log, Infinity);
    this.#lines = new FileLines(needs.turns, (key) => this.#onRecord.event(key) !== undefined);
    this.#earlier = new EarlierBodies(needs, this.#onRecord, this.#lines);
  }

  /** Checks the lines that could be read; needs the keys of those that could not, with their lines. */
  async run(candidates: readonly Candidate[], unreadable: ReadonlyMap<string, number>): Promise<Checked> {
    const lines = this.#lines;
    await this.needs.names.catchUp();
    await new Claims(this.needs, this.#onRecord, lines).settle(candidates);
    await this.#rejectCycles();
    await this.#rejectWhatNamesUnreadable(unreadable);
    await this.#decideAll();
    await lines.dropWhatHangs();
    await refuseOneAfterAnother(await lines.open(), {
      ...this.needs,
      isOpen: (line) => lines.isOpen(line),
      judge: (line, graph) => this.#judge(line, graph),
      refuse: (line, rejections) => lines.rejectWithWhatHangs(line, rejections),
    });
    for (const [line, faults] of await registrationFaultsOf(await lines.open(), this.needs)) lines.reject(line, faults);
    await this.#rejectTakenNames();
    await lines.dropWhatHangs();
    await lines.shareFates();
    return { accepted: await lines.open(), rejected: lines.rejected, repeated: lines.repeated };
  }

  /** Every event that would follow another, among the lines and as far as these touch the record. */
  async #follows(): Promise<ReadonlyMap<string, readonly string[]>> {
    const follows = new Map<string, string[]>();
    const add = (from: string, to: string): void => {
      const there = follows.get(from);
      if (there) there.push(to);
      else follows.set(from, [to]);
    };
    await this.#learnTargets();
    for (const line of await this.#lines.open()) {
      for (const { from, to } of this.#followsOf(line)) add(from, to);
      await this.#turn();
    }
    // An event on record can only lead back to a line through a correction in the file.
    if (![...follows.keys()].some((key) => !this.#lines.has(key))) return follows;
    const reached = new Set([...follows.values()].flat().filter((key) => !this.#isNew(key)));
    for (const [from, followed] of await this.#onRecord.followsFrom(reached, this.needs.graphs))
      for (const to of followed) add(from, to);
    return follows;
  }

  #followsOf(line: Candidate) {
    return line.parts.length === 0 ? [] : followsRecordedBy(line, (key) => this.#eventOf(key)?.target);
  }

  /** A line that would be recorded now, and so cannot be what something on record follows. */
  #isNew(key: string): boolean {
    const line = this.#lines.of(key);
    return line !== undefined && this.#lines.isOpen(line);
  }

  /** A correction of corrections is checked against each event that it reaches. */
  async #learnTargets(): Promise<void> {
    const deep = (await this.#lines.open()).filter(({ levels }) => levels > 1);
    for (const batch of batchesOf(deep)) await this.#learnReached(batch);
  }

  async #learnReached(
    lines: readonly { readonly target?: string | undefined; readonly levels: number }[],
  ): Promise<void> {
    for (let level = 1, at = lines; at.length > 0; level += 1) {
      await this.#onRecord.learn(
        at.flatMap(({ target }) => (target === undefined || this.#lines.has(target) ? [] : [target])),
      );
      at = at
        .filter(({ target, levels }) => target !== undefined && levels > level)
        .map(({ target, levels }) => ({ target: this.#eventOf(target)?.target, levels }));
    }
  }

  async #rejectCycles(): Promise<void> {
    const onCycle = await keysOnCycles(await this.#follows(), this.needs.turns);
    const open = await this.#lines.open();
    const targets = new Map<string, readonly string[]>();
    await this.needs.turns.forEach(open, ({ key, target }) => {
      if (target !== undefined) targets.set(key, [target]);
    });
    const targetCycle = await keysOnCycles(targets, this.needs.turns);
    for (const line of open) {
      const faults = this.#followsOf(line)
        .filter(({ from, to }) => onCycle.has(from) && onCycle.has(to))
        .map(({ pointer }): Rejection => ({
          code: 'cycle',
          pointer,
          message: 'The `follows` links from here lead back to this event. Remove one of them.',
        }));
      if (targetCycle.has(line.key))
        faults.push({
          code: 'cycle',
          pointer: '/target',
          message: 'The targets lead back to this event. Change one of them.',
        });
      if (faults.length > 0) this.#lines.reject(line, faults);
      await this.#turn();
    }
  }

  /** Rejects lines that name one that could not be read. */
  async #rejectWhatNamesUnreadable(unreadable: ReadonlyMap<string, number>): Promise<void> {
    if (unreadable.size === 0) return;
    for (const line of await this.#lines.open()) {
      const missing = needsOf(line).find(
        (key) => unreadable.has(key) && !this.#lines.has(key) && !this.#onRecord.event(key),
      );
      if (missing !== undefined) this.#lines.reject(line, [hangsOn(missing, unreadable.get(missing))]);
      await this.#turn();
    }
  }

  /** Decides about each line as if all others were recorded; what depends on which of them are is decided later. */
  async #decideAll(): Promise<void> {
    for (const line of await this.#lines.open()) {
      if (line.type === undefined || line.isJudgedByWhole) continue;
      const rejections = await this.#judge(line);
      if (rejections.length > 0) this.#lines.reject(line, rejections);
      await this.#turn();
    }
  }

  /** The rejections of a line; given a graph, a correction is judged by the body that it leaves behind. */
  async #judge(line: Candidate, graph?: RecordGraph): Promise<readonly Rejection[]> {
    const { body, rejections } = await bodyOf(line, this.needs);
    const corrected = graph && (await this.#corrected(line, { body, graph }));
    const decision = decide(body, { ...this.#seen(), ...(corrected ? { corrected } : {}) }, this.needs.now());
    const event = newEventOf(body, this.needs);
    return [...rejections, ...(decision.accepted ? [] : decision.rejections), ...('code' in event ? [event] : [])];
  }

  /** The body that a correction leaves behind, with the record and the lines before it in force. */
  async #corrected(
    line: Candidate,
    { body, graph }: { readonly body: EventBody; readonly graph: RecordGraph },
  ): Promise<EventBody | undefined> {
    return bodyCorrectedBy(body, await this.#earlier.with(line, graph));
  }

  /** The record and every line that may still be recorded, as `decide` asks for them. Cycles were looked for before. */
  #seen(): Seen {
    return {
      policyExists: (slug) => this.#lines.has(registrationKey(slug)) || this.#onRecord.hasPolicy(slug),
      eventOf: (key) => this.#eventOf(key),
      followsEver: () => [],
    };
  }

  #eventOf(key: string | undefined): EventOnRecord | undefined {
    const line = this.#lines.of(key ?? '');
    if (!line) return this.#onRecord.event(key ?? '');
    const { type = REGISTERED, policy, target } = line;
    return { key: line.key, type, policy, ...(target === undefined ? {} : { target }) };
  }

  /** Rejects all but the first of the lines that give a name to different policies. */
  async #rejectTakenNames(): Promise<void> {
    const given = new Map<string, string>();
    for (const line of await this.#lines.open()) {
      const { policy, names } = line;
      const taken = [
        ...this.needs.names.taken(policy, names),
        ...names.flatMap(({ name, pointer }) => {
          const holder = given.get(name) ?? policy;
          return holder === policy ? [] : [nameTaken(name, holder, pointer)];
        }),
      ];
      if (taken.length > 0) this.#lines.reject(line, rankRejections(taken));
      else for (const { name } of names) given.set(name, policy);
      await this.#turn();
    }
  }

  /** A promise only when the turn is over: there may be very many lines. */
  #turn(): Promise<void> | undefined {
    return this.needs.turns.isOver ? this.needs.turns.next() : undefined;
  }
}
