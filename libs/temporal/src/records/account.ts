import { correctBody, type EventBody, type Instant, type RecordedEvent, type Source } from '#domain/facts';
import type { Publications } from './publications.js';

/** What the records about a known event make of it, at one state of knowledge. */
export interface Account {
  readonly event: RecordedEvent;
  readonly knownFrom: Instant;
  readonly isRetracted: boolean;
  /** The accounts of the visible corrections, in the order in which they act. */
  readonly corrections: readonly Account[];
  /** The body after every visible correction. */
  readonly body: EventBody;
  /** True where a correction acts on it, that of its publication included; otherwise its body is as first recorded. */
  readonly isCorrected: boolean;
  /** It has sources, and all of them were withdrawn. */
  readonly isUnsourced: boolean;
}

/** The accounts of the visible records about an event, by type, each list in the order in which they act. */
export interface ActingRecords {
  readonly corrections: readonly Account[];
  readonly retractions: readonly Account[];
  readonly attachments: readonly Account[];
  readonly withdrawals: readonly Account[];
}

/** What an account follows from, beside the event. */
interface AccountSources extends Pick<Account, 'corrections' | 'isRetracted'> {
  readonly isUnsourced: (own: readonly Source[]) => boolean;
  readonly publications: Publications;
  /** Another account of the event: where the same corrections act first, it is gone on from. */
  readonly before?: Account | undefined;
}

/** The account of an event from those of the records about it. */
export function accountOf(
  event: RecordedEvent,
  { corrections, isRetracted, isUnsourced, publications, before }: AccountSources,
): Account {
  const publishedAt = publications.own(event);
  const isBegun = before?.body.publishedAt === publishedAt && isBeginning(before.corrections, corrections);
  const begun = isBegun ? before : undefined;
  const corrected = corrections
    .slice(begun?.corrections.length ?? 0)
    .reduce(applyCorrection, begun?.body ?? event.body);
  const body = publishedAt === corrected.publishedAt ? corrected : { ...corrected, publishedAt };
  return {
    event,
    knownFrom: publications.knownFrom(event),
    isRetracted,
    corrections,
    body,
    isCorrected: corrections.length > 0 || publications.correctedBy(event) !== undefined,
    isUnsourced: isUnsourced(body.sources ?? []),
  };
}

/** The account of an event about which no record is visible. */
export const plainAccountOf = (event: RecordedEvent, publications: Publications): Account =>
  accountOf(event, { corrections: [], isRetracted: false, isUnsourced: () => false, publications });

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

/** The corrections that act once some of the records have other accounts; stays the very list where none does. */
export function correctionsAfter(
  corrections: readonly Account[],
  changed: ReadonlyMap<RecordedEvent, Account>,
): readonly Account[] {
  const added = [...changed.values()].filter(({ isRetracted }) => !isRetracted);
  const isSame = added.length === 0 && !corrections.some(({ event }) => changed.has(event));
  if (isSame) return corrections;
  return [...corrections.filter(({ event }) => !changed.has(event)), ...added].sort(inOrderOfActing);
}

/** The order in which the visible records about one event act. */
const inOrderOfActing = (one: Account, other: Account): number =>
  one.knownFrom - other.knownFrom ||
  ordinalOf(one.body) - ordinalOf(other.body) ||
  one.event.position - other.event.position;

/** An event's place within its source; 0 when none is given. */
export const ordinalOf = (body: EventBody): number => body.ordinal ?? 0;

const applyCorrection = (body: EventBody, correction: Account): EventBody =>
  correctBody(body, correction.body.changes ?? {});

const isBeginning = (some: readonly Account[], all: readonly Account[]): boolean =>
  some.length <= all.length && some.every((one, index) => one === all[index]);
