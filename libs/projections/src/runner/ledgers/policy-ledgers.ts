import {
  FOREVER,
  type Position,
  REGISTERED,
  type RecordedEvent,
  type Registration,
  type RegistrationRetraction,
  UnknownFormError,
  fromStored,
  instant,
  registrationFromStored,
  retractionOfRegistration,
  speaksOfRecords,
} from '#domain';
import { DISREGARDED, type EventLog, type LogEntry, readDisregarded, readStreamWhole } from '#event-log/reads';
import { Ledger, type LedgerChange, type LedgerItem, type PausingWork, type VersionInterval } from '#temporal';
import { Turns } from '#runtime/turns';
import type { Described, PolicyChange } from '../../rows/projection.js';
import { groupRows } from '../../rows/rows-at.js';
import { partitionOf } from './partitions.js';

/** Ledgers are kept up to so many bytes; the least recently used give way. About 30,000 usual events fit. */
export const KEPT_BYTES = 256 * 1_048_576;

/** Where what few entries change is too much at once, they are taken in their order, however often ledgers are rebuilt. */
const FEW_ENTRIES = 32;

/** A stream is read so many entries at a time. */
const PAGE = 500;

/** What a recorded event takes for each character of its entry, and beside; and a policy without events. Measured. */
const [BYTES_A_CHARACTER, BYTES_AN_EVENT, BYTES_A_POLICY] = [2, 500, 7000];

/** What entries change, as far as they were taken. */
export interface Taken {
  readonly changes: readonly PolicyChange[];
  /** How many of the entries were taken, from the first on. */
  readonly count: number;
  /** True when the changes of the last one taken reached the limit. */
  readonly isFull: boolean;
}

/** How much is taken at once. */
export interface TakingLimit {
  /** Ends the taking once what changes comes to so much, see {@link weightOf}; the entry that reaches it is taken, too. */
  readonly weight: number;
  /** Interrupts the taking. */
  readonly signal?: AbortSignal;
}

/**
 * The ledgers of the policies, to which entries are appended one by one.
 *
 * A ledger that is not in memory is rebuilt from its stream; numbers come out as they were, so rows stay the same.
 */
export class PolicyLedgers {
  readonly #ledgers = new Map<string, PolicyLedger>();
  #bytes = 0;
  #isCrowded = false;

  constructor(
    private readonly log: Pick<EventLog, 'readStream'>,
    private readonly keptBytes = KEPT_BYTES,
  ) {}

  /** True when more policies were in use than fit in memory. */
  get isCrowded(): boolean {
    return this.#isCrowded;
  }

  /**
   * Takes the next entries of the log; answers what they change, policy by policy, in order within each.
   *
   * When it fails nothing is kept, so the same entries can be taken again.
   */
  async takeAll(entries: readonly LogEntry[]): Promise<readonly PolicyChange[]> {
    return (await this.take(entries, { weight: Infinity })).changes;
  }

  /** As {@link takeAll}, but of the entries only as many as a limit allows; at least one. */
  async take(entries: readonly LogEntry[], { weight, signal }: TakingLimit): Promise<Taken> {
    const turns = new Turns(signal);
    try {
      return this.#isCrowded
        ? await this.#takeByPolicy(entries, weight, turns)
        : sortedByPolicy(await this.#takeWhile(entries, weight, turns));
    } catch (error) {
      this.keepOnly(new Set());
      throw error;
    }
  }

  /** One policy after the other, so that a ledger which has to be rebuilt is rebuilt once. */
  async #takeByPolicy(entries: readonly LogEntry[], limit: number, turns: Turns): Promise<Taken> {
    for (let some = entries; ; some = some.slice(0, Math.ceil(some.length / 2))) {
      const byPolicy = [...groupRows(some, ({ stream }) => stream).values()].flat();
      const taken = await this.#takeWhile(byPolicy, limit, turns);
      // All of them, or the first of them where they come policy by policy anyway.
      const areFirst = byPolicy.slice(0, taken.count).every((entry, index) => entry === some[index]);
      if (taken.count === some.length || areFirst) return taken;
      // What was taken are not the first ones: it cannot be kept.
      this.keepOnly(new Set());
      if (some.length <= FEW_ENTRIES) return sortedByPolicy(await this.#takeWhile(some, limit, turns));
    }
  }

  async #takeWhile(entries: readonly LogEntry[], limit: number, turns: Turns): Promise<Taken> {
    const changes: PolicyChange[] = [];
    let [count, weight] = [0, 0];
    for (const entry of entries) {
      const change = await this.#take(entry, turns);
      count += 1;
      if (change) changes.push(change);
      weight += change ? weightOf(change) : 0;
      if (weight >= limit) break;
      if (turns.isOver) await turns.next();
    }
    return { changes, count, isFull: weight >= limit };
  }

  /** Undefined for an entry that is about no policy. */
  async #take(entry: LogEntry, turns: Turns): Promise<PolicyChange | undefined> {
    if (entry.type === REGISTERED) return this.#keep(entry.stream, new PolicyLedger(entry)).registered();
    const ledger = await this.#ledgerOf(entry, turns);
    if (!ledger) return undefined;
    const before = ledger.bytes;
    const change = await turns.run(ledger.appendInSteps(entry));
    this.#bytes += ledger.bytes - before;
    this.#makeRoom(entry.stream);
    return change;
  }

  /** Forgets the ledgers of all partitions but these. */
  keepOnly(partitions: ReadonlySet<number>): void {
    for (const [stream, ledger] of this.#ledgers) {
      if (partitions.has(partitionOf(stream))) continue;
      this.#ledgers.delete(stream);
      this.#bytes -= ledger.bytes;
    }
  }

  async #ledgerOf(entry: LogEntry, turns: Turns): Promise<PolicyLedger | undefined> {
    const kept = this.#ledgers.get(entry.stream);
    if (kept) return this.#touch(entry.stream, kept);
    const ledger = await this.#rebuilt(entry, turns);
    return ledger && this.#keep(entry.stream, ledger);
  }

  async #rebuilt(until: LogEntry, turns: Turns): Promise<PolicyLedger | undefined> {
    let ledger: PolicyLedger | undefined;
    const upTo = until.prev ?? until.position - 1;
    for await (const page of readStreamWhole(this.log, until.stream, { upTo, pageLimit: pageOf(until) }))
      for (const entry of page) {
        if (!ledger) ledger = entry.type === REGISTERED ? new PolicyLedger(entry) : undefined;
        else await turns.run(ledger.appendInSteps(entry));
        if (turns.isOver) await turns.next();
      }
    return ledger;
  }

  #keep(stream: string, ledger: PolicyLedger): PolicyLedger {
    this.#bytes += ledger.bytes;
    this.#ledgers.set(stream, ledger);
    this.#makeRoom(stream);
    return ledger;
  }

  #touch(stream: string, ledger: PolicyLedger): PolicyLedger {
    this.#ledgers.delete(stream);
    this.#ledgers.set(stream, ledger);
    return ledger;
  }

  #makeRoom(inUse: string): void {
    for (const [stream, ledger] of this.#ledgers) {
      if (this.#bytes <= this.keptBytes || stream === inUse) return;
      this.#ledgers.delete(stream);
      this.#bytes -= ledger.bytes;
      this.#isCrowded = true;
    }
  }
}

/** As many entries as come before one in its stream, or a page of them. */
const pageOf = ({ revision }: LogEntry): number => Math.max(1, Math.min(revision, PAGE));

/** How much an entry changes: the versions, boxes, uncertainties and doubts that begin and end. Rows follow from these. */
export function weightOf({ change }: PolicyChange): number {
  if (!change) return 1;
  const { versions, boxes, uncertain, doubts } = change;
  return [versions, boxes, uncertain, doubts].reduce(
    (sum, { opened, closed }) => sum + opened.length + closed.length,
    1,
  );
}

/** Rows of one policy then lie together. */
const sortedByPolicy = (taken: Taken): Taken => ({
  ...taken,
  changes: [...groupRows(taken.changes, ({ slug }) => slug).values()].flat(),
});

/** One policy: its facts, and what it is called and is. Begins with the policy's registration. */
export class PolicyLedger {
  #ledger = new Ledger();
  #recordedBytes: number;
  readonly #policy: Position;
  readonly #partition: number;
  readonly #key: string;
  readonly #registration: Registration;
  /** Of the registration and, at any depth, of these. */
  readonly #retractions: RegistrationRetraction[] = [];
  #described: Described;

  constructor(entry: LogEntry) {
    this.#recordedBytes = bytesOf(entry) + BYTES_A_POLICY;
    this.#policy = entry.position;
    this.#partition = partitionOf(entry.stream);
    this.#key = entry.key;
    this.#registration = registrationFromStored(entry);
    this.#described = { id: 0, since: entry.position, registration: this.#registration };
  }

  /** About how much memory it takes, within a factor of 1.5. */
  get bytes(): number {
    return this.#recordedBytes + this.#ledger.bytes;
  }

  registered(): PolicyChange {
    return { ...this.#whose(), position: this.#policy, key: this.#key, described: { opened: this.#described } };
  }

  /**
   * Takes the stream's next entry, in short steps; if these are not brought to an end, the ledger is to be dropped. An
   * entry that cannot be folded changes nothing, and the change says so; one in a form that only a newer version reads is
   * thrown, since that version goes on with it.
   */
  *appendInSteps(entry: LogEntry): PausingWork<PolicyChange> {
    const { position, key } = entry;
    const disregarded = readDisregarded(entry);
    if (disregarded) {
      const place = { revision: entry.revision, recordedAt: instant(entry.recordedAt) };
      return { ...this.#whose(), position, key, disregarded: { ...disregarded, ...place } };
    }
    try {
      const folded = yield* this.#folded(fromStored(entry));
      this.#recordedBytes += bytesOf(entry);
      return folded;
    } catch (error) {
      if (error instanceof UnknownFormError) throw error;
      this.#withoutHalves(position);
      const failure = error instanceof Error ? error : new Error(String(error));
      return { ...this.#whose(), position, key, failure };
    }
  }

  *#folded(event: RecordedEvent): PausingWork<PolicyChange> {
    const { position, key } = event;
    const change = yield* this.#ledger.appendInSteps(event);
    this.#noteRetraction(event);
    // Written out, since there are as many as events.
    const [policy, { slug }, partition] = [this.#policy, this.#registration, this.#partition];
    const folded = { policy, slug, partition, position, key, event, change };
    return redescribes(change) || this.#withdrawnBy() !== this.#described.withdrawnBy
      ? { ...folded, described: this.#describe(position) }
      : folded;
  }

  #noteRetraction({ key, type, body: { target } }: RecordedEvent): void {
    if (type !== 'record.retracted' || target === undefined) return;
    if (target === this.#key || this.#retractions.some((retraction) => retraction.key === target))
      this.#retractions.push({ key, target });
  }

  /** What an event in force says of the policy weighs more than that it was withdrawn: it may have come at the same time. */
  #withdrawnBy(): string | undefined {
    if (this.#retractions.length === 0) return undefined;
    const by = retractionOfRegistration(this.#registration.slug, this.#retractions);
    return by !== undefined && !this.#ledger.events.some((event) => this.#isInForce(event)) ? by : undefined;
  }

  #isInForce({ key, type }: RecordedEvent): boolean {
    return !speaksOfRecords(type) && this.#ledger.versionsOf(key).some(standsForEver);
  }

  /** What was begun and failed may have left something behind. */
  #withoutHalves(failed: Position): void {
    const whole = this.#ledger.events.filter(({ position }) => position < failed);
    this.#ledger = new Ledger();
    for (const event of whole) this.#ledger.append(event);
  }

  #whose(): Pick<PolicyChange, 'policy' | 'slug' | 'partition'> {
    return { policy: this.#policy, slug: this.#registration.slug, partition: this.#partition };
  }

  /** What is recorded of its description counts whatever was known when. */
  #describe(since: Position): NonNullable<PolicyChange['described']> {
    const closed = this.#described;
    const redescriptions = this.#ledger.events
      .filter(({ type }) => type === REDESCRIBED)
      .flatMap(({ key }) => this.#ledger.versionsOf(key).filter(standsForEver));
    const registration = redescriptions.reduce(
      (described, { value }) => redescribed(described, value),
      this.#registration,
    );
    const withdrawnBy = this.#withdrawnBy();
    const withdrawn = withdrawnBy === undefined ? {} : { withdrawnBy };
    this.#described = { id: closed.id + 1, since, registration, ...withdrawn };
    return { opened: this.#described, closed };
  }
}

const bytesOf = ({ entry }: LogEntry): number => entry.length * BYTES_A_CHARACTER + BYTES_AN_EVENT;

const REDESCRIBED = 'policy.redescribed';

const redescribes = ({ versions: { opened, closed } }: LedgerChange): boolean =>
  opened.some(isRedescription) || closed.some(isRedescription);

const isRedescription = ({ value }: LedgerItem<VersionInterval>): boolean => value.version.event.type === REDESCRIBED;

const standsForEver = ({ value }: LedgerItem<VersionInterval>): boolean =>
  value.known.to === FOREVER && !value.version.retracted;

function redescribed(described: Registration, { version: { body } }: VersionInterval): Registration {
  const {
    title = described.title,
    kind = described.kind,
    jurisdiction = described.jurisdiction,
    aliases = described.aliases,
    sameAs = described.sameAs,
  } = body;
  return {
    slug: described.slug,
    title,
    kind,
    jurisdiction,
    ...(aliases ? { aliases } : {}),
    ...(sameAs ? { sameAs } : {}),
  };
}

/** A stream to be folded, up to a position, and the turns in which that is done. */
interface StreamPart {
  readonly stream: string;
  readonly upTo: Position;
  readonly turns: Turns;
}

/** What each entry of a policy's stream changes, as it is appended to those before. */
export async function* changesOfStream(
  log: Pick<EventLog, 'readStream'>,
  { stream, upTo, turns }: StreamPart,
): AsyncGenerator<PolicyChange> {
  let ledger: PolicyLedger | undefined;
  for await (const page of readStreamWhole(log, stream, { upTo }))
    for (const entry of page) {
      if (ledger) yield await turns.run(ledger.appendInSteps(entry));
      else if (entry.type === REGISTERED) yield (ledger = new PolicyLedger(entry)).registered();
      else if (entry.type !== DISREGARDED) return;
    }
}
