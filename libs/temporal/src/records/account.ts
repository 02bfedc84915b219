import { hash } from 'node:crypto';
import { type EventBody, type Instant, type RecordedEvent, type Source, correctBody } from '#domain';
import type { Publications } from './publications.js';

/** A source that an event rests on, at one state of knowledge. */
export interface StandingSource {
  readonly source: Source;
  /** Key of the `source.attached` event that brought it; absent when the event named it itself. */
  readonly attachedBy?: string;
  /** Key of the `source.retracted` event that withdrew it. */
  readonly retractedBy?: string;
}

/** What the records about a known event make of it, at one state of knowledge. */
export interface Account {
  readonly event: RecordedEvent;
  readonly knownFrom: Instant;
  readonly isRetracted: boolean;
  readonly acting: ActingRecords;
  /** The body after every visible correction. */
  readonly body: EventBody;
  /** Names the body in force: two equal signatures of one event mean equal bodies. */
  readonly signature: string;
  /** Of a `source.attached`: what it brings to its target. */
  readonly brings: StandingSource | undefined;
}

/** The accounts of the visible records about an event, by type, each list in the order in which they act. */
export interface ActingRecords {
  readonly corrections: readonly Account[];
  readonly retractions: readonly Account[];
  readonly attachments: readonly Account[];
  readonly withdrawals: readonly Account[];
}

/** What an account follows from, beside the event. */
interface AccountSources {
  readonly acting: ActingRecords;
  readonly publications: Publications;
  /** Another account of the event: where the same records act first, it is gone on from. */
  readonly before?: Account | undefined;
}

/** The account of an event from those of the records about it. */
export function accountOf(event: RecordedEvent, { acting, publications, before }: AccountSources): Account {
  const publishedAt = publications.own(event);
  const isBegun =
    before?.body.publishedAt === publishedAt && isBeginning(before.acting.corrections, acting.corrections);
  const begun = isBegun ? before : undefined;
  const corrections = acting.corrections.slice(begun?.acting.corrections.length ?? 0);
  const corrected = corrections.reduce(correctedBy, begun?.body ?? event.body);
  const body = publishedAt === corrected.publishedAt ? corrected : { ...corrected, publishedAt };
  return {
    event,
    knownFrom: publications.knownFrom(event),
    isRetracted: acting.retractions.length > 0,
    acting,
    body,
    signature: corrections.reduce(
      signedBy,
      begun?.signature ?? (publications.correctedBy(event) ? `${publishedAt.text}@${publishedAt.from}` : ''),
    ),
    brings: broughtBy(event, body),
  };
}

export const NO_RECORDS: ActingRecords = { corrections: [], retractions: [], attachments: [], withdrawals: [] };

/** What acts of the records about one event, by their accounts; in any order. */
export const actingAmong = (records: readonly Account[]): ActingRecords => {
  const visible = records.filter(({ isRetracted }) => !isRetracted).sort(inOrderOfActing);
  const ofType = (type: string): readonly Account[] => visible.filter(({ event }) => event.type === type);
  return {
    corrections: ofType('record.corrected'),
    retractions: ofType('record.retracted'),
    attachments: ofType('source.attached'),
    withdrawals: ofType('source.retracted'),
  };
};

/** What acts once some of the records have other accounts; lists in which nothing changes stay the very ones. */
export function actingAfter(acting: ActingRecords, changed: ReadonlyMap<RecordedEvent, Account>): ActingRecords {
  const added = actingAmong([...changed.values()]);
  const after = (list: readonly Account[], more: readonly Account[]): readonly Account[] => {
    const others = list.some(({ event }) => changed.has(event))
      ? list.filter(({ event }) => !changed.has(event))
      : list;
    return more.length === 0 ? others : [...others, ...more].sort(inOrderOfActing);
  };
  return {
    corrections: after(acting.corrections, added.corrections),
    retractions: after(acting.retractions, added.retractions),
    attachments: after(acting.attachments, added.attachments),
    withdrawals: after(acting.withdrawals, added.withdrawals),
  };
}

/** The order in which the visible records about one event act. */
const inOrderOfActing = (one: Account, other: Account): number =>
  one.knownFrom - other.knownFrom ||
  ordinalOf(one.body) - ordinalOf(other.body) ||
  one.event.position - other.event.position;

/** An event's place within its source; 0 when none is given. */
export const ordinalOf = (body: EventBody): number => body.ordinal ?? 0;

const LONGEST_SIGNATURE = 100;

/** Signatures hold those of corrections in turn: of many, or of a long chain, each would hold all of them. */
export const shortened = (signature: string, longest = LONGEST_SIGNATURE): string =>
  signature.length > longest ? hash('sha256', signature, 'base64') : signature;

const correctedBy = (body: EventBody, correction: Account): EventBody =>
  correctBody(body, correction.body.changes ?? {});

const signedBy = (signature: string, { event, signature: own }: Account): string =>
  shortened(`${signature},${event.position}(${own})`);

const isBeginning = (some: readonly Account[], all: readonly Account[]): boolean =>
  some.length <= all.length && some.every((one, index) => one === all[index]);

function broughtBy({ key, type }: RecordedEvent, { source }: EventBody): StandingSource | undefined {
  if (type !== 'source.attached' || !source || !('genre' in source)) return undefined;
  return { source, attachedBy: key };
}
