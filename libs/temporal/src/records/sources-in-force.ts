import { type EventBody, FOREVER, type Instant, type Source, type SourceName } from '#domain/facts';
import type { Account, ActingRecords } from './account.js';
import { type Interval, contains, union } from '../time/coordinate.js';
import type { Pieces } from '../time/pieces.js';
import { subtractAll } from '../time/rectangle.js';

/** A source that an event rests on, at one state of knowledge. */
export interface SourceInForce<Own = Source> {
  readonly source: Own | Source;
  /** Key of the `source.attached` event that brought it; absent when the event named it itself. */
  readonly attachedBy?: string;
  /** Key of the `source.retracted` event that withdrew it. */
  readonly retractedBy?: string;
}

/** A record that names a source of an event, by the key of the record. */
export interface NamingSource {
  readonly by: string;
  readonly source: EventBody['source'];
}

/** The visible records that attach sources to an event or withdraw them, each in the order in which they act. */
interface SourceRecords {
  readonly attachments: readonly NamingSource[];
  readonly withdrawals: readonly NamingSource[];
}

/** The sources that an event names itself, then those attached to it, each with the first record that withdraws it. */
export function sourcesInForce<Own extends SourceName>(
  own: readonly Own[],
  { attachments, withdrawals }: SourceRecords,
): readonly SourceInForce<Own>[] {
  const attached = attachments.flatMap(({ by, source }): readonly SourceInForce<Own>[] =>
    isWhole(source) ? [{ source, attachedBy: by }] : [],
  );
  const sources = [...own.map((source): SourceInForce<Own> => ({ source })), ...attached];
  if (withdrawals.length === 0) return sources;
  return sources.map((version) => {
    const withdrawal = withdrawals.find(({ source }) => source && nameOf(source) === nameOf(version.source));
    return withdrawal ? { ...version, retractedBy: withdrawal.by } : version;
  });
}

/** The records that attach or withdraw sources, of all that act about an event. */
export const namingSources = ({ attachments, withdrawals }: ActingRecords): SourceRecords => ({
  attachments: attachments.map(namingSource),
  withdrawals: withdrawals.map(namingSource),
});

const namingSource = ({ event, body: { source } }: Account): NamingSource => ({ by: event.key, source });

/** There are sources, and all of them were withdrawn. */
export const isUnsourced = (sources: readonly SourceInForce[]): boolean =>
  sources.length > 0 && sources.every(({ retractedBy }) => retractedBy !== undefined);

/** Which sources an event has left, over known time. */
interface SourcesOverTime {
  /** The instants at which that may become otherwise. */
  readonly cuts: readonly Instant[];
  /** True when the event has sources, with those that it names itself, and all of them are withdrawn. */
  readonly isUnsourcedAt: (at: Instant, own: readonly Source[]) => boolean;
}

/** The same as {@link sourcesInForce} for all of known time, as far as it tells whether any source is left. */
export function sourcesOver(
  attachments: readonly Pieces<Account>[],
  withdrawals: readonly Pieces<Account>[],
): SourcesOverTime {
  if (withdrawals.length === 0) return { cuts: [], isUnsourcedAt: () => false };
  const [attached, withdrawn] = [namedOver(attachments), namedOver(withdrawals)];
  const cited = union([...attached.values()].flat());
  const left = union([...attached].flatMap(([name, known]) => subtractAll(known, withdrawn.get(name) ?? [])));
  return {
    cuts: [cited, left, ...withdrawn.values()].flat().flatMap(({ from, to }) => [from, to]),
    isUnsourcedAt: (at, own) =>
      (own.length > 0 || isWithin(cited, at)) &&
      !isWithin(left, at) &&
      own.every((source) => isWithin(withdrawn.get(nameOf(source)) ?? [], at)),
  };
}

/** Over which known times a visible record names each source. */
function namedOver(records: readonly Pieces<Account>[]): ReadonlyMap<string, readonly Interval[]> {
  const known = new Map<string, Interval[]>();
  for (const accounts of records)
    for (const { name, over } of namings(accounts)) known.set(name, [...(known.get(name) ?? []), over]);
  return known;
}

const namings = (accounts: Pieces<Account>) =>
  accounts.flatMap(({ from, value: { isRetracted, event, body } }, index) =>
    isRetracted || !body.source || (event.type === 'source.attached' && !isWhole(body.source))
      ? []
      : [{ name: nameOf(body.source), over: { from, to: accounts[index + 1]?.from ?? FOREVER } }],
  );

const isWithin = (intervals: readonly Interval[], at: Instant): boolean =>
  intervals.some((interval) => contains(interval, at));

/** A source with all that there is to say of it, not only what it is called. */
export const isWhole = (source: EventBody['source']): source is Source => source !== undefined && 'genre' in source;

const nameOf = ({ publisher, title }: SourceName): string => JSON.stringify([publisher, title]);
