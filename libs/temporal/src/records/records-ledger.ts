import { type Instant, type Position, type RecordedEvent, instant, position } from '#domain';
import { type Account, type ActingRecords, NO_RECORDS, accountOf, actingAfter, actingAmong } from './account.js';
import { type Piece, type Pieces, cutsFrom, piecesAfter, valueAt } from '../time/pieces.js';
import type { PolicyHistory } from './policy-history.js';
import { type PublicationState, type Publications, publicationStateOf, publicationsOf } from './publications.js';
import { type View, viewOf } from './view.js';

/** Which events one more event can make otherwise, each by what is recorded about it. */
interface RecordsChange {
  /** The event, what it is about, what that is about, and so on: of all others nothing that is their own changes by it. */
  readonly chain: readonly RecordedEvent[];
  /** The earliest known time from which on any of these may be otherwise. */
  readonly since: Instant;
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
    const chain = this.history.chainFrom(event);
    // Most events are about no other, and nothing is about them yet.
    if (chain.length === 1) return { chain, since: this.#publications.knownFrom(event) };
    const since = instant(Math.min(...chain.flatMap((one) => this.#renewPublished(one, one === event))));
    for (const one of chain) this.#keep(one, this.#accountsSince(since, one));
    return { chain, since };
  }

  /** How the events are seen at a known time. */
  viewAt(knownAt: Instant): View {
    const publications = this.#publications;
    return viewOf({ knowledge: { recorded: publications.recorded, knownAt }, publications }, (event) => {
      const account = valueAt(this.#accountsOf(event), knownAt);
      return account ?? accountOf(event, { acting: NO_RECORDS, publications });
    });
  }

  /** The instants from `since` on at which what an event itself says may become another, and `since`; in order. */
  cutsOf(event: RecordedEvent, since: Instant): readonly Instant[] {
    const published = this.#publications.of(event).map(({ at }): Piece<undefined> => ({ from: at, value: undefined }));
    return cutsFrom(since, [this.#accountsOf(event), published]);
  }

  #keep(event: RecordedEvent, accounts: Pieces<Account>): void {
    this.#size += sizeOf(accounts) - sizeOf(this.#accounts.get(event) ?? []);
    this.#accounts.set(event, accounts);
  }

  /** Answers the publications that an event has with or without the newest record and not both. */
  #renewPublished(event: RecordedEvent, isNew: boolean): readonly Instant[] {
    const before = isNew ? undefined : this.#publishedOf(event);
    const about = this.history.about(event.key).map((record) => ({ record, state: this.#publishedOf(record) }));
    const after = publicationStateOf(event, about);
    this.#published.set(event, after);
    return before ? moved(before, after) : after.published.map(({ at }) => at);
  }

  #accountsSince(since: Instant, event: RecordedEvent): Pieces<Account> {
    const pieces = this.#accountsOf(event).filter(({ from }) => from < since);
    for (const { from, value: acting } of this.#actingSince(since, event)) {
      const before = pieces.at(-1)?.value;
      pieces.push({ from, value: accountOf(event, { acting, publications: this.#publications, before }) });
    }
    return pieces;
  }

  /** The records that act about an event, while it is known. */
  *#actingSince(since: Instant, event: RecordedEvent): Iterable<Piece<ActingRecords>> {
    const start = instant(Math.max(since, this.#publications.knownFrom(event)));
    const records = this.history.about(event.key).map((record) => this.#accountsOf(record));
    let acting = actingAmong(records.flatMap((accounts) => valueAt(accounts, start) ?? []));
    yield { from: start, value: acting };
    for (const [from, changed] of changesAfter(start, records)) {
      acting = actingAfter(acting, changed);
      yield { from, value: acting };
    }
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
    const accounts = [
      { from: publications.knownFrom(event), value: accountOf(event, { acting: NO_RECORDS, publications }) },
    ];
    this.#plainAccounts.set(event, accounts);
    return accounts;
  }
}

/** So many places in lists take as much as one more account. */
const LISTED_AS_ONE = 40;

const LISTS = ['corrections', 'retractions', 'attachments', 'withdrawals'] as const;

/** Lists that are those of the account before are kept once. */
const sizeOf = (accounts: Pieces<Account>): number =>
  accounts.reduce((size, { value: { acting } }, index) => {
    const before = accounts[index - 1]?.value.acting;
    const listed = LISTS.reduce((sum, list) => sum + (acting[list] === before?.[list] ? 0 : acting[list].length), 0);
    return size + 1 + listed / LISTED_AS_ONE;
  }, 0);

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
function moved(before: PublicationState, after: PublicationState): readonly Instant[] {
  const [were, are] = [before.published, after.published];
  if (before.own !== after.own || before.correctedBy !== after.correctedBy)
    return [...were, ...are].map(({ at }) => at);
  const [known, kept] = [namesOf(were), namesOf(are)];
  return [...were.filter((one) => !kept.has(nameOf(one))), ...are.filter((one) => !known.has(nameOf(one)))].map(
    ({ at }) => at,
  );
}

const nameOf = ({ at, attachedBy }: PublicationState['published'][number]): string => `${at} ${attachedBy ?? ''}`;

const namesOf = (published: PublicationState['published']): ReadonlySet<string> => new Set(published.map(nameOf));
