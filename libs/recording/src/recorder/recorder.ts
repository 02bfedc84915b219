import {
  type EventBody,
  type Registration,
  decide,
  decideOperation,
  parseEventBody,
  parseRegistration,
  policiesIn,
  policyStream,
  position,
  rankRejections,
  revision,
} from '#domain';
import type { AppendOutcome, ExpectedRevision, LogEntry, NewEvent } from '#event-log';
import { inSpan } from '#runtime/spans';
import { Decisions, type KnownPolicies, mismatch } from './decisions.js';
import { findEarlierEvent, keyReused, locateOutcome } from './earlier-event.js';
import { newRegistrationOf, recordsBody, recordsRegistration, lengthFaultsOf } from './new-event.js';
import { type Operation, operationInput } from './operations.js';
import type { RecordConditions, RecordOutcome, RecordedPlace, RegisterOutcome, RehearsalOutcome } from './outcomes.js';
import { type PolicyNames, namesGivenBy, namesOfRegistration } from '../policies/policy-names.js';
import { readPolicyRecord } from '../policies/policy-record.js';
import { isAboutRegistration } from '../policies/withdrawals.js';
import type { RecordingNeeds } from './recording-needs.js';
import { nothingChanges, rehearse } from './rehearsal.js';

/** The number of decisions about an event, each void because others appended first, after which it is `busy`. */
const DECISIONS_LIMIT = 8;

/** An event to record, and by which rules. */
interface Recording {
  readonly policy: string;
  readonly input: unknown;
  readonly conditions: RecordConditions;
  readonly judge: typeof decide;
}

/** Records one event at a time: load what the decision needs, decide, append. */
export class Recorder {
  readonly #decisions: Decisions;
  private readonly names: PolicyNames;

  constructor(
    private readonly needs: RecordingNeeds,
    policies: KnownPolicies,
  ) {
    this.names = policies.names;
    this.#decisions = new Decisions(needs, policies);
  }

  /** Registers a policy. */
  async register(
    input: unknown,
    { idempotencyKey, by }: Omit<RecordConditions, 'ifMatch'> = {},
  ): Promise<RegisterOutcome> {
    const parsed = parseRegistration(input);
    const rejections = parsed.ok ? lengthFaultsOf(parsed.value) : parsed.rejections;
    if (!parsed.ok || rejections.length > 0) return { outcome: 'rejected', rejections };
    const event = newRegistrationOf(parsed.value, { by });
    const earlier = await findEarlierEvent(this.needs.log, {
      key: event.key,
      idempotencyKey,
      isSame: (entry) => recordsRegistration(entry, parsed.value),
    });
    switch (earlier?.outcome) {
      case undefined:
        return this.names.exclusively(() => this.#appendRegistration(parsed.value, event, idempotencyKey));
      case 'idempotency-key-reused':
        return earlier;
      case 'replayed':
        return { ...earlier, warnings: [] };
      case 'repeated':
      case 'key-reused': {
        await this.names.catchUp();
        const by = this.names.withdrawnBy(parsed.value.slug);
        if (by !== undefined) return { outcome: 'withdrawn', by };
        return earlier.outcome === 'repeated' ? { ...earlier, warnings: [] } : { outcome: 'differs' };
      }
    }
  }

  async #appendRegistration(
    registration: Registration,
    event: NewEvent,
    idempotencyKey: string | undefined,
  ): Promise<RegisterOutcome> {
    const { slug } = registration;
    const rejections = this.names.taken(slug, namesOfRegistration(registration));
    if (rejections.length > 0) return { outcome: 'rejected', rejections };
    const outcome = await this.#append({ event, stream: policyStream(slug), expected: 'none', idempotencyKey });
    if (outcome.outcome === 'appended' || outcome.outcome === 'duplicate')
      return {
        ...this.#acknowledged(
          outcome,
          namesOfRegistration(registration).map(({ name }) => name),
        ),
        warnings: [],
      };
    if (outcome.outcome === 'idempotency-key-reused') return outcome;
    if (outcome.outcome === 'pending') return { outcome: 'pending', key: event.key };
    return { outcome: outcome.outcome === 'key-reused' ? 'differs' : 'busy' };
  }

  /**
   * Records one event about a policy.
   *
   * Asked in this order: idempotency key, the event's own key, the rules, the expected revision. Nearly every decision stays
   * true when others append, since the log only grows; only one about `follows` or dates brought by a correction depends
   * on what else is on record, and so is appended at just the revision that it was made for.
   */
  record(policy: string, input: unknown, conditions: RecordConditions): Promise<RecordOutcome> {
    return this.#record({ policy, input, conditions, judge: decide });
  }

  /** Records what an operator did about a read model, or the service on its own. */
  recordOperation(operation: Operation, { by }: Pick<RecordConditions, 'by'> = {}): Promise<RecordOutcome> {
    const input = operationInput(operation, this.needs.now());
    return this.#record({ policy: operation.policy, input, conditions: { by }, judge: decideOperation });
  }

  /** Works out what recording an event would change, or why it would be refused. Records nothing. */
  async rehearse(
    policy: string,
    input: unknown,
    { idempotencyKey, ifMatch, by }: RecordConditions,
  ): Promise<RehearsalOutcome> {
    const read = await this.#read(policy, input);
    if ('outcome' in read) return read;
    const { body } = read;
    const before = await this.#findOutcome(body, idempotencyKey);
    const { events, lastRevision } = await readPolicyRecord(this.needs.log, policy);
    const now = this.needs.now();
    if (before && 'position' in before)
      return {
        outcome: 'rehearsed',
        rehearsal: nothingChanges(now),
        warnings: before.warnings,
        repeats: before.position,
      };
    if (before) return before;
    if (await this.#decisions.givesNames(body)) await this.names.catchUp();
    const decided = await this.#decisions.decide(body, { policy, judge: decide, by });
    if ('rejections' in decided) return { outcome: 'rejected', rejections: decided.rejections };
    if (ifMatch !== undefined && ifMatch !== lastRevision) return { outcome: 'stale', actual: lastRevision };
    const event = {
      id: decided.event.id,
      key: body.key,
      type: body.type,
      position: position((await this.needs.log.head()).position + 1),
      revision: revision(lastRevision + 1),
      recordedAt: now,
      body,
    };
    const rehearsal = await rehearse({ events, event }, { now, zone: this.needs.zone });
    return { outcome: 'rehearsed', rehearsal, warnings: await this.#decisions.warningsBefore(body) };
  }

  async #record({ policy, input, conditions, judge }: Recording): Promise<RecordOutcome> {
    const read = await this.#read(policy, input);
    if ('outcome' in read) return read;
    const record = () => this.#recordBody(read.body, { policy, conditions, judge });
    return (await this.#decisions.givesNames(read.body)) ? this.names.exclusively(record) : record();
  }

  async #recordBody(body: EventBody, recording: Omit<Recording, 'input'>): Promise<RecordOutcome> {
    for (let decision = 0; decision < DECISIONS_LIMIT; decision += 1) {
      const outcome = await this.#tryRecord(body, recording);
      if (outcome) return outcome;
    }
    return { outcome: 'busy' };
  }

  /** The body for a policy that is registered. */
  async #read(
    policy: string,
    input: unknown,
  ): Promise<
    { readonly body: EventBody } | Extract<RecordOutcome, { outcome: 'rejected' | 'unknown-policy' | 'alias' }>
  > {
    const slug = await this.#decisions.slugOf(policy);
    if (slug === undefined) return { outcome: 'unknown-policy' };
    if (slug !== policy) return { outcome: 'alias', slug };
    const parsed = parseEventBody(input, this.needs.zone);
    if (parsed.ok) {
      const { body, rejections } = await this.#decisions.bySlugs(parsed.body);
      return rejections.length > 0 ? { outcome: 'rejected', rejections } : { body };
    }
    return { outcome: 'rejected', rejections: rankRejections([...parsed.rejections, ...mismatch(policy, input)]) };
  }

  /** The outcome for an event whose idempotency key or key is on record. */
  async #findOutcome(body: EventBody, idempotencyKey: string | undefined) {
    const isSame = (entry: LogEntry): boolean => recordsBody(entry, body);
    const earlier = await findEarlierEvent(this.needs.log, { key: body.key, idempotencyKey, isSame });
    switch (earlier?.outcome) {
      case undefined:
      case 'idempotency-key-reused':
        return earlier;
      case 'key-reused':
        return { outcome: 'rejected', rejections: [keyReused(earlier.entry)] } as const;
      case 'replayed':
      case 'repeated':
        return { ...earlier, warnings: await this.#decisions.warningsBefore(body, earlier.position) };
    }
  }

  /** One try; undefined when what it was decided on has changed meanwhile. */
  async #tryRecord(
    body: EventBody,
    { policy, conditions, judge }: Omit<Recording, 'input'>,
  ): Promise<RecordOutcome | undefined> {
    const { idempotencyKey, ifMatch, by } = conditions;
    const before = await this.#findOutcome(body, idempotencyKey);
    if (before) return before;
    const decided = await inSpan('decide', () => this.#decisions.decide(body, { policy, judge, by }));
    if ('rejections' in decided) return { outcome: 'rejected', rejections: decided.rejections };
    const warnings = await this.#decisions.warningsBefore(body);
    const expected = ifMatch === undefined ? decided.expected : revision(ifMatch);
    const outcome = await this.#append({
      event: decided.event,
      stream: policyStream(policy),
      expected,
      idempotencyKey,
    });
    switch (outcome.outcome) {
      case 'appended':
        this.#decisions.remember(body);
        if (isAboutRegistration(body, this.names)) await this.names.catchUp();
        return { ...this.#acknowledged(outcome, namesConcerned(body, this.names)), warnings };
      case 'conflict':
        return ifMatch === undefined ? undefined : { outcome: 'stale', actual: outcome.actual ?? revision(0) };
      case 'idempotency-key-reused':
        return outcome;
      case 'pending':
        return { outcome: 'pending', key: body.key };
      // Someone else recorded that key just now: the next try sees it and compares.
      case 'duplicate':
      case 'key-reused':
        return undefined;
    }
  }

  #append({
    event,
    stream,
    expected,
    idempotencyKey,
  }: {
    event: NewEvent;
    stream: string;
    expected: ExpectedRevision;
    idempotencyKey: string | undefined;
  }): Promise<AppendOutcome> {
    const kept = idempotencyKey === undefined ? {} : { idempotencyKey };
    return inSpan('append', () => this.needs.log.append({ stream, expected, events: [event], ...kept }));
  }

  #acknowledged(
    { outcome, locations }: Extract<AppendOutcome, { outcome: 'appended' | 'duplicate' }>,
    policyNames: readonly string[],
  ): { outcome: 'recorded' | 'repeated' } & RecordedPlace {
    const [place] = locations;
    if (!place) throw new Error('An append has no place.');
    this.needs.onAcknowledged(place.position, policyNames);
    return locateOutcome(outcome === 'appended' ? 'recorded' : 'repeated', place);
  }
}

/** Every name under which what an event changes can be read: slugs, the names it gives, those of a policy withdrawn. */
const namesConcerned = (body: EventBody, names: PolicyNames): readonly string[] => [
  ...policiesIn(body).map(({ slug }) => slug),
  ...namesGivenBy(body).map(({ name }) => name),
  ...(isAboutRegistration(body, names) ? names.aliasesOf(body.policy) : []),
];
