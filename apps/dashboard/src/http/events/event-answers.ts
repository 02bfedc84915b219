import type { AtCoordinate, List, PolicyEvent, Source } from '../answers.js';

/** A page of a list of events. */
export interface EventPage extends List<PolicyEvent> {
  /** Names like the one asked for, where no event ever had that one. */
  readonly near?: readonly string[];
}

/** One event with all that is on record about it; fields of its type come beside these. */
export interface FullEvent extends AtCoordinate, Omit<PolicyEvent, 'linkedFrom'> {
  readonly linkedFrom: readonly { readonly rel: string; readonly from: string }[];
  /** The corrections in force, as events of their own. */
  readonly corrections: readonly CorrectionEvent[];
  /** The body as first recorded, where it was corrected since. */
  readonly recordedAs?: Readonly<Record<string, unknown>>;
  /** The event that it speaks of, where it speaks of a record. */
  readonly target?: string;
  readonly alsoPolicies?: readonly string[];
  /** The keys of the events whose links date it. */
  readonly datedBy?: readonly string[];
  readonly attachedSources?: readonly { readonly by: string; readonly source: Source }[];
  readonly withdrawnSources?: readonly { readonly by: string; readonly publisher: string; readonly title: string }[];
}

/** A correction: what it changes, and why. */
export interface CorrectionEvent extends PolicyEvent {
  readonly reason?: string;
  readonly changes?: Readonly<Record<string, unknown>>;
}
