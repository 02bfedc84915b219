import {
  type EventBody,
  type Position,
  type RecordGraph,
  type RecordedEvent,
  type RecordedFollows,
  type Rejection,
  type Warning,
  datingPartsOf,
  type decide,
  followsRecordedBy,
  isJudgedByWhole,
  policiesIn,
  rankRejections,
  registrationKey,
  warningsOf,
} from '#domain';
import type { ExpectedRevision, NewEvent } from '#event-log';
import { bodyCorrectedBy } from './corrected-body.js';
import { newEventOf } from './new-event.js';
import { KnownNames } from '../policies/known-names.js';
import { OnRecord } from '../policies/on-record.js';
import type { PolicyGraphs } from '../policies/policy-graphs.js';
import { type PolicyNames, bySlugs, namesGivenBy } from '../policies/policy-names.js';
import { type PolicyRecord, readPolicyRecord } from '../policies/policy-record.js';
import type { RecordingNeeds } from './recording-needs.js';
import { targetAmong } from './rehearsal.js';
import { isAboutRegistration, policyWithdrawn, registrationFaults } from '../policies/withdrawals.js';

/** The knowledge of policies that one process keeps: who has which name, and how their events refer to each other. */
export interface KnownPolicies {
  readonly names: PolicyNames;
  readonly graphs: PolicyGraphs;
}

/** For which policy an event is decided about, by which rules, and who records it. */
interface Deciding {
  readonly policy: string;
  readonly judge: typeof decide;
  readonly by: string | undefined;
}

/** Decides about single events: loads what a decision depends on, and asks the rules. */
export class Decisions {
  readonly #onRecord: OnRecord;
  readonly #knownNames: KnownNames;
  private readonly names: PolicyNames;
  private readonly graphs: PolicyGraphs;

  constructor(
    private readonly needs: Pick<RecordingNeeds, 'log' | 'now' | 'zone' | 'newSalt' | 'recordedNames'>,
    { names, graphs }: KnownPolicies,
  ) {
    this.names = names;
    this.graphs = graphs;
    this.#onRecord = new OnRecord(needs.log);
    this.#knownNames = new KnownNames(needs.recordedNames, needs.now);
  }

  /** Remembers an event that was appended here. */
  remember(body: EventBody): void {
    const { key, type, policy, target } = body;
    this.#onRecord.remember({ key, type, policy, ...(target === undefined ? {} : { target }) });
    this.#knownNames.learn(body);
  }

  /** The slug of a policy named by it or by an alias; undefined for a name that no policy has. */
  async slugOf(name: string): Promise<string | undefined> {
    await this.#onRecord.learn([registrationKey(name)]);
    if (this.#onRecord.hasPolicy(name)) return name;
    // What is not known by now may have been named by another process since.
    if (this.names.slugOf(name) === undefined) await this.names.catchUp();
    return this.names.slugOf(name);
  }

  /** Replaces the names of policies in a body by their slugs. */
  async bySlugs(body: EventBody) {
    const slugs = new Map<string, string>();
    for (const { slug: name } of policiesIn(body)) slugs.set(name, (await this.slugOf(name)) ?? name);
    return bySlugs(body, (name) => slugs.get(name));
  }

  /** True of a body that gives names to a policy, or withdraws or restores its registration with all names. */
  async givesNames(body: EventBody): Promise<boolean> {
    if (body.type === 'record.retracted') await this.names.catchUp();
    else await this.names.ready();
    return namesGivenBy(body).length > 0 || isAboutRegistration(body, this.names);
  }

  /** The event to append for a body, and upon what; or every reason why it cannot be recorded. */
  async decide(
    body: EventBody,
    { policy, judge, by }: Deciding,
  ): Promise<{ event: NewEvent; expected: ExpectedRevision } | { rejections: readonly Rejection[] }> {
    await this.#onRecord.learnFor(body);
    const brought = body.changes ? followsBroughtBy(body, (key) => this.#onRecord.event(key)?.target) : [];
    const isAbout = isAboutRegistration(body, this.names);
    const isByWhole = isJudgedByWhole(body);
    const at = hasToDoWithOthers(body) ? await this.graphs.of(policy) : undefined;
    const record = isAbout ? await readPolicyRecord(this.needs.log, policy) : undefined;
    const corrected = isByWhole && at ? await this.#corrected(body, at.graph) : undefined;
    const follows =
      brought.length > 0
        ? await this.#onRecord.followsFrom(
            brought.map(({ to }) => to),
            this.graphs,
          )
        : undefined;
    const seen = { ...this.#onRecord.seen(follows), ...(corrected ? { corrected } : {}), recorded: at?.graph };
    const decision = judge(body, seen, this.needs.now());
    const event = newEventOf(body, { newSalt: this.needs.newSalt, by });
    const rejections = [
      ...mismatch(policy, body),
      ...this.names.taken(policy, namesGivenBy(body)),
      ...this.#registrationFaults(body, isAbout ? record : undefined),
      ...(decision.accepted ? [] : decision.rejections),
      ...('code' in event ? [event] : []),
    ];
    if (rejections.length > 0 || 'code' in event) return { rejections: rankRejections(rejections) };
    const isVoidOnceOthersAppend = brought.length > 0 || isAbout || isByWhole;
    return {
      event,
      expected: (isVoidOnceOthersAppend ? (record?.lastRevision ?? at?.revision) : undefined) ?? 'exists',
    };
  }

  /** The body that a correction leaves behind, of the event that it changes in the end. */
  async #corrected(body: EventBody, graph: RecordGraph): Promise<EventBody | undefined> {
    const events = await this.#onRecord.events(graph.treeOf(graph.subjectOf(body.target ?? '')));
    return bodyCorrectedBy(body, [...events.map((event) => event.body), body]);
  }

  /** The rejections by reason of the policy's registration; with the policy's record, of a retraction of that. */
  #registrationFaults(body: EventBody, record: PolicyRecord | undefined): readonly Rejection[] {
    const { names } = this;
    if (record)
      return registrationFaults(body, {
        names,
        events: record.events.map((event) => event.body),
        retractions: names.retractionsOf(body.policy),
      });
    const by = names.withdrawnBy(body.policy);
    return by === undefined || body.type.startsWith('operation.') ? [] : [policyWithdrawn(body.policy, by)];
  }

  /** The warnings about a body, given what its policy's record held before that position. */
  async warningsBefore(body: EventBody, before?: Position): Promise<readonly Warning[]> {
    if (body.target === undefined) return this.#warnings(body, []);
    const { graph } = await this.graphs.of(body.policy);
    const events = await this.#onRecord.events(graph.treeOf(body.target));
    return this.#warnings(body, before === undefined ? events : events.filter(({ position: at }) => at < before));
  }

  /** The warnings about a body, given all records about its target, the target itself included. */
  async #warnings(body: EventBody, events: readonly RecordedEvent[]): Promise<readonly Warning[]> {
    const target = body.target === undefined ? undefined : targetAmong(events, body.target);
    const nearName = await this.#knownNames.nearest();
    return warningsOf(body, { now: this.needs.now(), zone: this.needs.zone, target, nearName });
  }
}

/** True of a body that is about another event, or adds links that date. */
const hasToDoWithOthers = (body: EventBody): boolean => body.target !== undefined || datingPartsOf(body).length > 0;

const followsBroughtBy = (body: EventBody, targetOf: (key: string) => string | undefined): readonly RecordedFollows[] =>
  followsRecordedBy({ ...body, parts: datingPartsOf(body) }, targetOf);

/** The rejection of a body that names another policy than it was sent to. */
export function mismatch(policy: string, body: unknown): readonly Rejection[] {
  const named = typeof body === 'object' && body !== null && 'policy' in body ? body.policy : policy;
  if (named === policy) return [];
  return [
    {
      code: 'policy-mismatch',
      pointer: '/policy',
      message: `The address names the policy "${policy}". Send the event to the address of its own policy, or correct the body.`,
    },
  ];
}
