/** The coordinate at which an answer holds: the three times, resolved. */
export interface Coordinate {
  readonly recordedAt: { readonly position: number; readonly at: string | null };
  readonly knownAt: string;
  readonly validAt: string;
}

/** What every answer says about itself. */
export interface AboutAnswer {
  readonly engine: string;
  readonly fold: number;
  readonly position: number;
  readonly lagMs: number;
}

/** The fields that every answer at a coordinate has. */
export interface AtCoordinate {
  readonly coordinate: Coordinate;
  readonly permalink: string;
  readonly meta: AboutAnswer;
  /** True of what would be without some events. */
  readonly hypothetical?: true;
}

/** A page of a list. */
export interface List<Item> extends AtCoordinate {
  readonly items: readonly Item[];
  readonly next?: string | null;
  /** In an empty list: names like one that no row has. */
  readonly near?: readonly string[];
  /** In an empty list, counted by the page: what there is without each of its filters. */
  readonly dropped?: readonly Dropped[];
}

/** A filter, and how many rows there are without it. */
export interface Dropped {
  readonly name: string;
  readonly count: number;
  /** True if there are more than were counted. */
  readonly isMore: boolean;
}

/** What the service says about itself (`/v1/about`). */
export interface About {
  readonly name: string;
  readonly version: string;
  readonly timeZone: string;
  readonly head: number;
  readonly fold: number;
  readonly writes: 'open' | 'closed';
  /** What the reader may do; `null`: nothing. */
  readonly role: 'reader' | 'recorder' | 'operator' | null;
  /** Whether people can sign in, and whether this reader did. */
  readonly signIn: 'none' | 'out' | 'in';
  /** What a write must bring besides; only for who is signed in. */
  readonly csrfToken?: string;
  readonly publisher: string | null;
  readonly licence: string | null;
}

/** An assertion that may hold already, but whose date is not settled. */
export interface Uncertain {
  readonly field: string;
  readonly value: unknown;
  readonly event: string;
  readonly from: string | null;
  readonly settled: string | null;
}

/** Why a field has its value. */
export interface BlameEntry {
  readonly event: string;
  readonly position: number;
  readonly publishedAt: string;
  readonly occurred: string;
  readonly sources: readonly Source[];
  readonly replaced: string | null;
  readonly correctedBy: readonly string[];
}

/** The state of a policy at a coordinate. `state` nests at the first dot of a field's path. */
export interface PolicyState extends AtCoordinate {
  readonly policy: string;
  readonly title: string;
  readonly kind: string;
  readonly jurisdiction: string;
  readonly aliases: readonly string[];
  /** Addresses that stand for the same policy elsewhere; absent where there are none. */
  readonly sameAs?: readonly string[];
  readonly state: Readonly<Record<string, unknown>>;
  readonly uncertain: readonly Uncertain[];
  readonly eventCount: number;
  readonly resume: string;
  readonly blame?: Readonly<Record<string, BlameEntry>>;
}

/** A source as cited by an event. */
export interface Source {
  readonly publisher: string;
  readonly title: string;
  readonly url?: string;
  readonly publishedAt: string;
  readonly genre: string;
  readonly sha256?: string;
  readonly locator?: string;
}

/** Somebody who acts in an event. */
export interface Actor {
  readonly name: string;
  readonly kind: string;
  readonly role?: string;
  readonly onBehalfOf?: string;
  readonly anonymous?: boolean;
}

/** An event as answers show it; fields of its type come beside these. */
export interface PolicyEvent {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly policy: string;
  readonly position: number;
  readonly revision: number;
  readonly recordedAt: string;
  readonly knownFrom: string;
  readonly occurred: string;
  readonly publishedAt: string;
  readonly summary: string;
  readonly epistemic?: string;
  readonly modality?: string;
  readonly status?: string | null;
  readonly actors?: readonly Actor[];
  readonly counterparties?: readonly Actor[];
  readonly sources?: readonly Source[];
  /** Further sources, each with the key of the event that attached it. */
  readonly attachedSources?: readonly { readonly by: string; readonly source: Source }[];
  /** Sources that their publisher withdrew, each with the key of the event that says so. */
  readonly withdrawnSources?: readonly { readonly by: string; readonly publisher: string; readonly title: string }[];
  readonly links?: readonly { readonly rel: string; readonly to: string }[];
  readonly linkedFrom?: readonly { readonly rel: string; readonly from: string }[];
  readonly dating?: {
    readonly earliest: string | null;
    readonly latest: string | null;
    readonly settled: string | null;
  };
  readonly correctedBy?: readonly string[];
  readonly retractedBy?: readonly string[];
  readonly note?: string;
}
