/** Answers as these tests read them: what they look at is named, the rest is left open. */
export interface AnsweredCoordinate {
  readonly recordedAt: { readonly position: number; readonly at: string | null };
  readonly knownAt: string;
  readonly validAt: string;
}

/** What every answer to a read has. */
export interface Read {
  readonly coordinate: AnsweredCoordinate;
  readonly permalink: string;
  readonly url: string;
  readonly meta: {
    readonly engine: string;
    readonly fold: number;
    readonly position?: number;
    readonly lagMs?: number;
  };
}

export interface State extends Read {
  readonly policy: string;
  readonly title: string;
  readonly state: Readonly<Record<string, unknown>> & { readonly status?: string; readonly terms?: unknown };
  readonly uncertain: readonly {
    readonly field: string;
    readonly value: unknown;
    readonly event: string;
    readonly from: string;
    readonly settled: string;
  }[];
  readonly eventCount: number;
  readonly resume: string;
  readonly blame?: Readonly<Record<string, { readonly event: string; readonly position: number }>>;
}

export interface List<Row> extends Read {
  readonly items: readonly Row[];
  readonly next: string | null;
}

export interface Event {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly policy: string;
  readonly position: number;
  readonly revision: number;
  readonly occurred: string;
  readonly publishedAt: string;
  readonly knownFrom: string;
  readonly status?: string | null;
  readonly actors?: readonly { readonly name: string }[];
  readonly attributedTo?: readonly { readonly name: string }[];
  readonly links?: readonly { readonly rel: string; readonly to: string }[];
  readonly linkedFrom?: readonly { readonly rel: string; readonly from: string }[];
  readonly recordedAs?: unknown;
  readonly retracted?: unknown;
}

interface PolicyEvent {
  readonly policy: string;
  readonly key: string;
}

export interface Difference {
  readonly from: AnsweredCoordinate;
  readonly to: AnsweredCoordinate;
  readonly changes: readonly {
    readonly policy: string;
    readonly field: string;
    readonly before: unknown;
    readonly after: unknown;
    readonly why: string;
    readonly events: readonly string[];
    readonly causes: readonly string[];
  }[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly addedEvents: readonly PolicyEvent[];
  readonly removedEvents: readonly PolicyEvent[];
  readonly permalink: string;
  readonly url: string;
}

export interface ProblemAnswer {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly message: string }[];
}
