import type { AtCoordinate } from '../answers.js';
import type { ModelRow, Stance } from '../model-answers.js';

/** A number of days within bounds, both included; `null`: not bounded. */
export interface DayRange {
  readonly min: number | null;
  readonly max: number | null;
}

/** What may become of a promise. */
export type PromiseState =
  'pending' | 'due' | 'overdue' | 'met' | 'late' | 'met-or-late' | 'missed' | 'dropped' | 'replaced';

/** A date of the form EDTF; its bounds are not used here. */
interface WrittenDate {
  readonly edtf: string;
}

/** One promise, target or forecast, and what became of it. */
export interface PromiseRow extends ModelRow {
  readonly kind: 'plan' | 'target' | 'forecast';
  readonly by: readonly string[];
  readonly summary: string;
  readonly madeOn: string;
  readonly due: WrittenDate | null;
  /** The date that was promised first, where this one moved it. */
  readonly firstDue: WrittenDate | null;
  readonly replaces: string | null;
  readonly revisions: readonly { readonly event: string; readonly due: WrittenDate | null }[];
  readonly state: PromiseState;
  readonly because: readonly string[];
  readonly doneOn: string | null;
  readonly slipDays: DayRange | null;
}

type StateCounts = Readonly<Record<PromiseState, number>>;

/** How many promises are in which state. */
export interface PromiseCounts {
  readonly promises: number;
  readonly states: StateCounts;
  readonly medianSlipDays: DayRange;
  readonly forecasts: number;
  readonly forecastStates: StateCounts;
}

/** The promises of each owner, counted. */
export interface PromiseSummary extends AtCoordinate {
  readonly all: PromiseCounts;
  readonly owners: readonly (PromiseCounts & { readonly by: string })[];
}

/** One end of a turn. */
export interface TurnEnd {
  readonly stance: Stance | null;
  readonly event: string;
  readonly occurred: string | null;
  readonly role: string | null;
}

/** One change of position; `event` is the later of its two. */
export interface TurnRow extends ModelRow {
  readonly actor: string | null;
  readonly onBehalfOf: string | null;
  readonly from: TurnEnd;
  readonly to: TurnEnd;
  readonly kind: 'reversal' | 'hardening' | 'softening' | 'to-silence';
  readonly days: DayRange;
  readonly order: 'certain' | 'uncertain';
  readonly acknowledged: boolean;
  readonly undoes: string | null;
}

/** An event that rests on another thing, so many links away. */
export interface RestingEvent {
  readonly policy: string;
  readonly event: string;
  readonly type: string;
  readonly summary: unknown;
  readonly depth: number;
}

/** Which events rest on a thing. */
export interface Resting extends AtCoordinate {
  readonly of: { readonly kind: string; readonly id: string };
  readonly falls: readonly string[];
  readonly rests: readonly RestingEvent[];
}

interface FieldOfPolicy {
  readonly policy: string;
  readonly field: string;
}

/** What rests on a thing, and what would read otherwise without it. */
export interface Impact extends Resting {
  readonly shared: readonly (FieldOfPolicy & { readonly event: string; readonly legs: readonly string[] })[];
  readonly changed: readonly (FieldOfPolicy & {
    readonly with: unknown;
    readonly without: unknown;
    readonly why: 'left-out' | 'redated';
  })[];
  readonly conflictsResolved: readonly (readonly string[])[];
  readonly promises: readonly {
    readonly promise: string;
    readonly with: PromiseState | null;
    readonly without: PromiseState | null;
  }[];
  /** Absent in an answer that is pinned on all three times. */
  readonly citations?: readonly {
    readonly id: string;
    readonly title: string;
    readonly address: string;
    readonly why: 'changed' | 'evidence';
  }[];
}
