import { type Position, type Rejection, policyStream, position, registrationKey } from '#domain';
import type { AppendOutcome, AppendRequest, EventLog } from '#event-log';
import { Turns } from '#runtime/turns';
import { newEventOf, newRegistrationOf } from '../recorder/new-event.js';
import type { PolicyNames } from '../policies/policy-names.js';
import type { KnownPolicies } from '../recorder/decisions.js';
import { keyReused } from '../recorder/earlier-event.js';
import type { RecordingNeeds } from '../recorder/recording-needs.js';
import { type Candidate, readLine } from './candidates.js';
import { readAhead } from './input/ahead.js';
import { Check, type Checked } from './check.js';
import { batchesOf, batchesToRecord } from './claims.js';
import { shownKey } from './file-lines.js';
import { splitInputLines } from './input/lines.js';
import { bodyOf, registrationOf } from './line-contents.js';
import { recordingOrder } from './order.js';
import { type SpooledText, Spool } from './input/spool.js';

/** The options of an import. */
export interface ImportOptions {
  /** Check everything and record nothing. */
  readonly dryRun: boolean;
  /** Record all lines or none. */
  readonly atomic: boolean;
  /** Id of whoever imports, which the entries keep: that of a key or of a subject, never a name. */
  readonly by?: string | undefined;
  /** Ends the import when it aborts: what was recorded stays recorded, and no batch is recorded in part. */
  readonly signal?: AbortSignal;
}

/** The answer to one line, or, last, to all of them. */
export type ImportLine =
  | {
      /** Counted from 1, blank lines too. */
      readonly line: number;
      readonly result: 'recorded' | 'repeated' | 'rejected' | 'not-recorded';
      readonly key?: string;
      readonly position?: number;
      readonly errors?: readonly Rejection[];
    }
  | {
      readonly summary: {
        readonly lines: number;
        readonly recorded: number;
        readonly repeated: number;
        readonly rejected: number;
        readonly dryRun: boolean;
      };
    };

/** The number of lines that are read from the spool at once. */
const READ_AT_ONCE = 20;

/** The number of lines that an import may have. */
const LINES_LIMIT = 2_000_000;

/** An import has more lines than one may hold. Nothing of it was recorded; the message says what to do. */
export class ImportTooLargeError extends Error {
  override readonly name = 'ImportTooLargeError';
}

/** A line that was read: a candidate, or a rejection kept in the spool. */
type Known = Candidate | { readonly line: number; readonly answer: SpooledText; readonly unreadable?: string };

/**
 * Records many events at once.
 *
 * The whole input is spooled and checked before anything is recorded; answers come in the order of its lines. Without
 * `atomic`, lines are recorded batch by batch: whatever ends it in the middle, importing the same again completes it.
 */
export class ImportService {
  private readonly names: PolicyNames;

  constructor(
    private readonly needs: RecordingNeeds,
    private readonly policies: KnownPolicies,
  ) {
    this.names = policies.names;
  }

  async *import(chunks: AsyncIterable<Uint8Array>, options: ImportOptions): AsyncGenerator<ImportLine> {
    const spool = new Spool();
    try {
      const turns = new Turns(options.signal);
      const known = await this.#read(chunks, { spool, turns });
      const candidates: Candidate[] = [];
      const unreadable = new Map<string, number>();
      await turns.forEach(known, (line) => {
        if ('key' in line) candidates.push(line);
        else if (line.unreadable !== undefined) unreadable.set(line.unreadable, line.line);
      });
      const needs = { ...this.needs, ...this.policies, spool, turns, by: options.by };
      const check = (): Promise<Checked> => new Check(needs).run(candidates, unreadable);
      const isWhole = candidates.length === known.length;
      const settled = await this.#settle(check, { ...options, spool, turns, isWhole });
      yield* answered(known, { ...settled, spool, turns, dryRun: options.dryRun });
    } finally {
      await spool.close();
    }
  }

  /**
   * Checks the lines and records what is accepted.
   *
   * Lines that give names are recorded while no one else gives any; where one was given meanwhile, all is checked again.
   */
  async #settle(check: () => Promise<Checked>, { dryRun, ...options }: Settling): Promise<Settled> {
    const first = await check();
    const settled = (checked: Checked): Settled => ({
      checked,
      recorded: new Map(),
      holdsBack: options.atomic && (checked.rejected.size > 0 || !options.isWhole),
    });
    if (dryRun || settled(first).holdsBack) return settled(first);
    const { turns } = options;
    if (!first.accepted.some(mayGiveNames))
      return { ...settled(first), recorded: await this.#record(await recordingOrder(first.accepted, turns), options) };
    const { order, begun } = await this.names.exclusively(async () => {
      // Whoever waited here may have gone meanwhile.
      await turns.next();
      let areFree = true;
      await turns.forEach(first.accepted, ({ policy, names }) => {
        areFree &&= this.names.taken(policy, names).length === 0;
      });
      const again = settled(areFree ? first : await check());
      const inOrder = again.holdsBack ? [] : await recordingOrder(again.checked.accepted, turns);
      const naming = options.atomic ? inOrder.length : inOrder.findLastIndex(mayGiveNames) + 1;
      const recorded = await this.#record(inOrder.slice(0, naming), options).finally(() =>
        // What took a registration back counts for whoever writes next, also where the import ended early.
        inOrder.some(({ type }) => type === 'record.retracted') ? this.names.catchUp() : undefined,
      );
      return { order: inOrder.slice(naming), begun: { ...again, recorded } };
    });
    const rest = await this.#record(order, options);
    return { ...begun, recorded: new Map([...begun.recorded, ...rest]) };
  }

  async #read(chunks: AsyncIterable<Uint8Array>, source: Source): Promise<readonly Known[]> {
    const ahead = new Spool();
    try {
      return await this.#readLines(readAhead(chunks, ahead), source);
    } finally {
      await ahead.close();
    }
  }

  async #readLines(chunks: AsyncIterable<Uint8Array>, { spool, turns }: Source): Promise<readonly Known[]> {
    const known: Known[] = [];
    const reading = { spool, zone: this.needs.zone, slugs: new Map<string, string>() };
    for await (const line of splitInputLines(chunks)) {
      if (known.length >= LINES_LIMIT)
        throw new ImportTooLargeError(
          `An import can have at most ${LINES_LIMIT} lines. Split it into several imports.`,
        );
      if (turns.isOver) await turns.next();
      const read = await readLine(line, reading);
      if ('candidate' in read) known.push(read.candidate);
      else
        known.push({
          line: read.line,
          answer: await spool.add(Buffer.from(JSON.stringify(rejectedLine(read)))),
          ...(read.key === undefined ? {} : { unreadable: read.key }),
        });
    }
    return known;
  }

  async #record(
    ordered: readonly Candidate[],
    { atomic, ...source }: Recording & { readonly atomic: boolean },
  ): Promise<ReadonlyMap<number, Recorded>> {
    if (ordered.length === 0) return new Map();
    const recorded = atomic
      ? await this.#recordTogether(ordered, source)
      : await this.#recordInBatches(ordered, source);
    const last = [...recorded.values()].reduce(
      (latest, each) => Math.max(latest, each !== 'held-back' && 'position' in each ? (each.position ?? 0) : 0),
      0,
    );
    if (last > 0) this.needs.onAcknowledged(position(last), namesConcerned(ordered, this.names));
    return recorded;
  }

  async #recordInBatches(
    ordered: readonly Candidate[],
    { turns, ...source }: Recording,
  ): Promise<ReadonlyMap<number, Recorded>> {
    const recorded = new Map<number, Recorded>();
    for (const batch of batchesToRecord(ordered)) {
      await turns.next();
      const outcomes = await this.needs.log.appendMany(await this.#requests(batch, { turns, ...source }));
      batch.forEach((candidate, index) => {
        const outcome = outcomes[index];
        if (outcome) recorded.set(candidate.line, recordedAs(outcome, candidate));
      });
    }
    return recorded;
  }

  async #recordTogether(ordered: readonly Candidate[], source: Recording): Promise<ReadonlyMap<number, Recorded>> {
    const outcome = await this.needs.log.appendTogether(this.#batches(ordered, source));
    if (outcome.outcome === 'appended') return new Map(await positionsOf(ordered, this.needs.log));
    // Others were faster: nothing was recorded, and the line that stood in the way says why.
    const { index, reason } = outcome;
    return new Map(
      ordered.map(({ line }, place) => [line, place === index ? recordedAs(reason, ordered[place]) : 'held-back']),
    );
  }

  async *#batches(
    ordered: readonly Candidate[],
    { turns, ...source }: Recording,
  ): AsyncGenerator<readonly AppendRequest[]> {
    for (const batch of batchesToRecord(ordered)) {
      await turns.next();
      yield await this.#requests(batch, { turns, ...source });
    }
  }

  async #requests(batch: readonly Candidate[], { turns, ...source }: Recording): Promise<readonly AppendRequest[]> {
    const requests: AppendRequest[] = [];
    for (const some of batchesOf(batch, READ_AT_ONCE)) {
      requests.push(...(await Promise.all(some.map((candidate) => this.#request(candidate, source)))));
      if (turns.isOver) await turns.next();
    }
    return requests;
  }

  async #request(candidate: Candidate, { spool, by }: Omit<Recording, 'turns'>): Promise<AppendRequest> {
    const stream = policyStream(candidate.policy);
    if (candidate.type === undefined)
      return { stream, expected: 'none', events: [newRegistrationOf(await registrationOf(candidate, spool), { by })] };
    const { body } = await bodyOf(candidate, { spool, zone: this.needs.zone });
    const event = newEventOf(body, { newSalt: this.needs.newSalt, by });
    if ('code' in event) throw new Error(`A checked line is too long: ${event.message}`);
    return { stream, expected: 'exists', events: [event] };
  }
}

/** A retraction may take a registration back, with all its names. */
const mayGiveNames = ({ names, type }: Candidate): boolean => names.length > 0 || type === 'record.retracted';

/** The spool of the lines, and the turns in which they are worked on. */
interface Source {
  readonly spool: Spool;
  readonly turns: Turns;
}

/** The lines to record, and who imports them. */
interface Recording extends Source {
  readonly by?: string | undefined;
}

interface Settling extends ImportOptions, Source {
  /** Whether every line could be read. */
  readonly isWhole: boolean;
}

/** The result of the check, and the lines that were recorded. */
type Settled = Pick<Answering, 'checked' | 'recorded' | 'holdsBack'>;

/** The result of recording one line; without a position it has none yet. `held-back`: nothing of the import was recorded. */
type Recorded =
  { readonly position?: Position; readonly isNew: boolean } | { readonly rejection: Rejection } | 'held-back';

function recordedAs(outcome: AppendOutcome, candidate: Candidate | undefined): Recorded {
  switch (outcome.outcome) {
    case 'appended':
    case 'duplicate':
      return { position: outcome.locations[0]?.position ?? position(0), isNew: outcome.outcome === 'appended' };
    case 'pending':
      return { isNew: true };
    case 'key-reused':
      return { rejection: keyReused(outcome.location) };
    case 'conflict':
    case 'idempotency-key-reused':
      return {
        rejection: {
          code: 'key-reused',
          pointer: '',
          message: `"${candidate?.policy ?? ''}" was registered by someone else in the meantime. Repeat the import.`,
        },
      };
  }
}

async function positionsOf(
  ordered: readonly Candidate[],
  log: Pick<EventLog, 'readKeys'>,
): Promise<readonly [number, Recorded][]> {
  const positions: [number, Recorded][] = [];
  for (const batch of batchesOf(ordered)) {
    const lines = new Map(batch.map(({ key, line }) => [key, line]));
    for (const entry of await log.readKeys([...lines.keys()]))
      positions.push([lines.get(entry.key) ?? 0, { position: entry.position, isNew: true }]);
  }
  return positions;
}

const rejectedLine = ({
  line,
  key,
  rejections,
}: {
  line: number;
  key?: string;
  rejections: readonly Rejection[];
}): ImportLine => ({
  line,
  result: 'rejected',
  ...(key === undefined ? {} : { key: shownKey(key) }),
  errors: rejections,
});

interface Answering extends Source {
  readonly checked: Checked;
  readonly recorded: ReadonlyMap<number, Recorded>;
  /** All or nothing, and not all can be. */
  readonly holdsBack: boolean;
  readonly dryRun: boolean;
}

async function* answered(known: readonly Known[], answering: Answering): AsyncGenerator<ImportLine> {
  const counts = { recorded: 0, repeated: 0, rejected: 0, 'not-recorded': 0 };
  for (const line of known) {
    const answer: ImportLine =
      'answer' in line ? JSON.parse(await answering.spool.read(line.answer)) : answerOf(line, answering);
    if ('result' in answer) counts[answer.result] += 1;
    if (answering.turns.isOver) await answering.turns.next();
    yield answer;
  }
  const { recorded, repeated, rejected } = counts;
  yield { summary: { lines: known.length, recorded, repeated, rejected, dryRun: answering.dryRun } };
}

function answerOf({ line, key: stored }: Candidate, { checked, recorded, holdsBack, dryRun }: Answering): ImportLine {
  const key = shownKey(stored);
  const rejections = checked.rejected.get(line);
  if (rejections) return rejectedLine({ line, key, rejections });
  const repeated = checked.repeated.get(line);
  const outcome = recorded.get(repeated && 'line' in repeated ? repeated.line : line);
  if (holdsBack || outcome === 'held-back')
    return repeated && 'position' in repeated
      ? { line, result: 'repeated', key, position: repeated.position }
      : { line, result: 'not-recorded', key };
  if (repeated && 'position' in repeated) return { line, result: 'repeated', key, position: repeated.position };
  if (outcome && 'rejection' in outcome) return rejectedLine({ line, key, rejections: [outcome.rejection] });
  const at = outcome?.position === undefined ? {} : { position: outcome.position };
  const isNew = repeated === undefined && (outcome?.isNew ?? dryRun);
  return { line, result: isNew ? 'recorded' : 'repeated', key, ...at };
}

const REGISTRATION = registrationKey('');

/** Every name under which what lines change can be read; a retraction may withdraw its policy, under all of its names. */
function namesConcerned(lines: readonly Candidate[], policyNames: PolicyNames): readonly string[] {
  const concerned = new Set<string>();
  for (const { policy, type, needs, names } of lines) {
    concerned.add(policy);
    for (const key of needs) if (key.startsWith(REGISTRATION)) concerned.add(shownKey(key));
    for (const { name } of names) concerned.add(name);
    if (type === 'record.retracted') for (const alias of policyNames.aliasesOf(policy)) concerned.add(alias);
  }
  return [...concerned];
}
