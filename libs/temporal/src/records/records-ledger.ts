import { BEGINNING, FOREVER, type Instant, type Position, type RecordedEvent, instant, position } from '#domain';
import { type Account, accountOf, actingAmong, correctionsAfter, plainAccountOf } from './account.js';
import { correctedDigest } from './corrected-digest.js';
import { contains, union } from '../time/coordinate.js';
import { type Piece, type Pieces, cutsFrom, piecesAfter, stretchesOf, valueAt } from '../time/pieces.js';
import type { PolicyHistory } from './policy-history.js';
import {
  type PublicationState,
  type Publications,
  firstWithin,
  publicationStateOf,
  publicationsOf,
} from './publications.js';
import { sourcesOver } from './sources-in-force.js';
import { type View, viewOf } from './view.js';

/** Which events one more event makes otherwise, each by what is recorded about it. */
interface RecordsChange {
  /** The event, what it is about, what that is about, and so on, as far as each has changed. */
  readonly chain: readonly RecordedEvent[];
  /** The earliest known time from which on any of these may be otherwise. */
  readonly since: Instant;
  /** The known time from which on one of these is as it was. */
  readonly untilOf: (event: RecordedEvent) => Instant;
}

/**
 * What the records about each event make of it, for all of known time, at the newest position.
 *
 * Guarantee: at every known time an event is seen as `viewAt` sees it. A record is set against the others about the same
 * events, from when it acts on: bodies are worked out for what it changes, and for nothing else.
 */
export class RecordsLedger {
  /** Of records, and of what they are about. */
  readonly #published = new Map<RecordedEvent, PublicationState>();
  readonly #accounts = new Map<RecordedEvent, Pieces<Account>>();
  /** Of all other events, forgotten with the next. */
  readonly #plainPublished = new Map<RecordedEvent, PublicationState>();
  readonly #plainAccounts = new Map<RecordedEvent, Pieces<Account>>();
  #publications = this.#publicationsAt(position(0));
  #size = 0;

  constructor(private readonly history: PolicyHistory) {}

  /** How many accounts are kept; places in their lists count, so many as one. */
  get size(): number {
    return this.#size;
  }

  /** Takes account of the event that was recorded last. */
  renew(event: RecordedEvent): RecordsChange {
    this.#plainPublished.clear();
    this.#plainAccounts.clear();
    this.#publications = this.#publicationsAt(event.position);
    // Most events are about no other, and nothing is about them yet.
    if (!this.history.targetOf(event))
      return { chain: [event], since: this.#publications.knownFrom(event), untilOf: () => FOREVER };
    // Below the first that is as it was nothing is otherwise.
    const moved: Instant[] = [];
    const published = this.history.chainFrom(event, (one) =>
      this.#renewPublished(one, { isNew: one === event, moved }),
    );
    const since = instant(Math.min(...moved));
    const until = new Map<RecordedEvent, Instant>();
    const chain = this.history.chainFrom(event, (one) => {
      const sameFrom = this.#renewAccounts(one, since);
      until.set(one, published.includes(one) ? FOREVER : sameFrom);
      return until.get(one) !== BEGINNING;
    });
    return { chain, since, untilOf: (one) => until.get(one) ?? FOREVER };
  }

  /** How the events are seen at a known time. */
  viewAt(knownAt: Instant): View {
    const publications = this.#publications;
    return viewOf({ knowledge: { recorded: publications.recorded, knownAt }, publications }, (event) => {
      const account = valueAt(this.#accountsOf(event), knownAt);
      return account ?? plainAccountOf(event, publications);
    });
  }

  /** The instants from `since` on at which what an event says of its own date may become another, and `since`; in order. */
  dateCutsOf(event: RecordedEvent, since: Instant): readonly Instant[] {
    return this.#cutsOf(
      event,
      since,
      this.#publications.of(event).map(({ at }) => at),
    );
  }

  /** The same of how it stands, as far as no link dates it. */
  cutsOf(event: RecordedEvent, since: Instant): readonly Instant[] {
    const published = this.#publications.of(event);
    const dates = new Set(this.#accountsOf(event).map(({ value }) => value.body.occurred));
    const settled = [...dates].flatMap((date) => firstWithin(date, published)?.at ?? []);
    return this.#cutsOf(event, since, [this.#publications.knownFrom(event), ...settled]);
  }

  #cutsOf(event: RecordedEvent, since: Instant, others: readonly Instant[]): readonly Instant[] {
    const cuts = new Set([...cutsFrom(since, [this.#accountsOf(event)]), ...others.filter((at) => at > since)]);
    return [...cuts].sort((one, other) => one - other);
  }

  /** Answers from when on the accounts of an event are as they were. */
  #renewAccounts(event: RecordedEvent, since: Instant): Instant {
    const before = this.#accounts.get(event) ?? [];
    const after = this.#accountsSince(since, event);
    this.#size += sizeOf(after) - sizeOf(before);
    this.#accounts.set(event, after);
    return sameSince(before, after);
  }

  /** Adds the publications that an event has with or without the newest record and not both. */
  #renewPublished(event: RecordedEvent, { isNew, moved }: { isNew: boolean; moved: Instant[] }): boolean {
    const before = isNew ? undefined : this.#publishedOf(event);
    const about = this.history.about(event.key).map((record) => ({ record, state: this.#publishedOf(record) }));
    const after = publicationStateOf(event, about);
    this.#published.set(event, after);
    const otherwise = before ? movedBetween(before, after) : after.published.map(({ at }) => at);
    moved.push(...otherwise);
    return otherwise.length > 0 || !before || !sameForTarget(before, after);
  }

  #accountsSince(since: Instant, event: RecordedEvent): Pieces<Account> {
    const publications = this.#publications;
    const pieces = this.#accountsOf(event).filter(({ from }) => from < since);
    const start = instant(Math.max(since, publications.knownFrom(event)));
    const accounts = (type: string): readonly Pieces<Account>[] =>
      this.history.about(event.key).flatMap((record) => (record.type === type ? [this.#accountsOf(record)] : []));
    const retracted = union(
      accounts('record.retracted').flatMap((one) => stretchesOf(one, ({ isRetracted }) => !isRetracted)),
    );
    const sources = sourcesOver(accounts('source.attached'), accounts('source.retracted'));
    const corrections = correctionsSince(start, accounts('record.corrected'));
    const others = [...sources.cuts, ...retracted.flatMap(({ from, to }) => [from, to])];
    const cuts = new Set([
      ...corrections.map(({ from }) => from),
      ...others.filter((at) => start < at && at < FOREVER),
    ]);
    for (const from of [...cuts].sort((one, other) => one - other)) {
      const before = pieces.at(-1)?.value;
      const account = accountOf(event, {
        corrections: valueAt(corrections, from) ?? [],
        isRetracted: retracted.some((known) => contains(known, from)),
        isUnsourced: (own) => sources.isUnsourcedAt(from, own),
        publications,
        before,
      });
      if (!before || !sameAccount(before, account)) pieces.push({ from, value: account });
    }
    return pieces;
  }

  #publicationsAt(recorded: Position): Publications {
    return publicationsOf(recorded, (event) => this.#publishedOf(event));
  }

  #publishedOf(event: RecordedEvent): PublicationState {
    const known = this.#published.get(event) ?? this.#plainPublished.get(event);
    if (known) return known;
    const state = publicationStateOf(event, []);
    this.#plainPublished.set(event, state);
    return state;
  }

  #accountsOf(event: RecordedEvent): Pieces<Account> {
    const known = this.#accounts.get(event) ?? this.#plainAccounts.get(event);
    if (known) return known;
    const publications = this.#publications;
    const accounts = [{ from: publications.knownFrom(event), value: plainAccountOf(event, publications) }];
    this.#plainAccounts.set(event, accounts);
    return accounts;
  }
}

/** So many places in lists take as much as one more account. */
const LISTED_AS_ONE = 40;

/** A list that is that of the account before is kept once. */
const sizeOf = (accounts: Pieces<Account>): number =>
  accounts.reduce((size, { value: { corrections } }, index) => {
    const isKept = corrections === accounts[index - 1]?.value.corrections;
    return size + 1 + (isKept ? 0 : corrections.length / LISTED_AS_ONE);
  }, 0);

/** The corrections that act from an instant on, by the accounts of all of them. */
function correctionsSince(start: Instant, records: readonly Pieces<Account>[]): Pieces<readonly Account[]> {
  let { corrections } = actingAmong(records.flatMap((accounts) => valueAt(accounts, start) ?? []));
  const pieces: Piece<readonly Account[]>[] = [{ from: start, value: corrections }];
  for (const [from, changed] of changesAfter(start, records)) {
    corrections = correctionsAfter(corrections, changed);
    pieces.push({ from, value: corrections });
  }
  return pieces;
}

/** The accounts that begin after an instant, by the event that they are of, at each instant at which some do; in order. */
function changesAfter(
  since: Instant,
  records: readonly Pieces<Account>[],
): readonly (readonly [Instant, ReadonlyMap<RecordedEvent, Account>])[] {
  const changes = new Map<Instant, Map<RecordedEvent, Account>>();
  for (const accounts of records)
    for (const { from, value } of piecesAfter(accounts, since)) {
      const there = changes.get(from) ?? new Map<RecordedEvent, Account>();
      changes.set(from, there.set(value.event, value));
    }
  return [...changes].sort(([one], [other]) => one - other);
}

/** The publications that one state has and the other has not; all of both where the event's own is shown otherwise. */
function movedBetween(before: PublicationState, after: PublicationState): readonly Instant[] {
  const [were, are] = [before.published, after.published];
  if (before.own !== after.own || before.correctedBy !== after.correctedBy)
    return [...were, ...are].map(({ at }) => at);
  const [known, kept] = [namesOf(were), namesOf(are)];
  return [...were.filter((one) => !kept.has(nameOf(one))), ...are.filter((one) => !known.has(nameOf(one)))].map(
    ({ at }) => at,
  );
}

/** What is on record about a record, and bears on what that is about. */
const sameForTarget = (one: PublicationState, other: PublicationState): boolean =>
  one.isRetracted === other.isRetracted && one.ordinal === other.ordinal && one.changes === other.changes;

/** From when on the accounts are the same: the beginning of time, where all are. */
function sameSince(before: Pieces<Account>, after: Pieces<Account>): Instant {
  let since = FOREVER;
  for (let back = 1; back <= Math.max(before.length, after.length); back += 1) {
    const [one, other] = [before.at(-back), after.at(-back)];
    if (!one || !other || one.from !== other.from || !sameAccount(one.value, other.value)) return since;
    since = one.from;
  }
  return BEGINNING;
}

const sameAccount = (one: Account, other: Account): boolean =>
  one.knownFrom === other.knownFrom &&
  one.isRetracted === other.isRetracted &&
  one.isUnsourced === other.isUnsourced &&
  correctedDigest(one) === correctedDigest(other);

const nameOf = ({ at, attachedBy }: PublicationState['published'][number]): string => `${at} ${attachedBy ?? ''}`;

const namesOf = (published: PublicationState['published']): ReadonlySet<string> => new Set(published.map(nameOf));
