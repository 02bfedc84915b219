/** What every row of a read model tells of the event that it comes from. */
export interface ModelRow {
  /** Slug of the policy. */
  readonly policy: string;
  readonly policyTitle?: string;
  /** Key of the event. */
  readonly event: string;
  readonly knownFrom: string;
  readonly position: number;
}

/** Where somebody may stand on a policy. */
export type Stance = 'support' | 'conditional' | 'noncommittal' | 'oppose' | 'refuse';

/** One stance of one actor about one policy. */
export interface PositionRow extends ModelRow {
  readonly actor: string;
  readonly stance: Stance;
  readonly previous: { readonly stance: Stance; readonly event: string } | null;
}

/** The stage of the negotiations of one policy with one counterparty. */
export interface NegotiationRow extends ModelRow {
  readonly counterparty: string;
  readonly stage: string;
  readonly since: string | null;
}

/** One figure as one event claims it. */
export interface FigureRow extends ModelRow {
  readonly measure: string;
  readonly value: number | null;
  readonly comparator: string;
  readonly unit: string;
  readonly period: string | null;
  readonly comparedTo: string | null;
  readonly purpose: string | null;
  readonly claimedBy: readonly string[];
  readonly epistemic: string;
  readonly conflicts: { readonly count: number; readonly events: readonly string[] };
  readonly supersededBy: string | null;
}

/** A claim, and how it stands by what bears on it. */
export interface ClaimRow extends ModelRow {
  readonly by: readonly string[];
  readonly summary: string;
  readonly standing: string;
  /** Keys of the events that make it stand so. */
  readonly because: readonly string[];
}

/** One source of one policy, with what rests on it. */
export interface SourceRow extends ModelRow {
  /** The same wherever it is cited. */
  readonly id: string;
  readonly publisher: string;
  readonly title: string;
  readonly url: string | null;
  readonly publishedAt: string;
  readonly genre: string;
  readonly sha256: string | null;
  readonly events: readonly string[];
  readonly eventCount: number;
  readonly retractedBy: readonly string[];
}

/** One actor of one policy. */
export interface ActorRow extends ModelRow {
  readonly actor: string;
  readonly kind: string;
  readonly roles: readonly { readonly role: string; readonly event: string }[];
  readonly events: number;
}

/** Something that was accepted and is worth a look. */
export interface AnomalyRow extends ModelRow {
  readonly kind: string;
  readonly detail: string;
}
