import type { StatusFamily } from '../../words/words.js';

/** How sure it is that an event happened as told. */
export type LaneEpistemic = 'confirmed' | 'reported' | 'claimed' | 'disputed' | 'denied';

/** Whether something is so, is intended, or depends on something that may not happen. */
export type LaneModality = 'actual' | 'planned' | 'conditional';

/** An event as lanes draw it. Instants are milliseconds, infinite where open. */
export interface LaneEvent {
  readonly key: string;
  /** What is said of it in words: its summary, or the words of its type. */
  readonly name: string;
  /** The bounds of when it happened, both included. */
  readonly earliest: number;
  readonly latest: number;
  /** From then on it had happened. */
  readonly settled: number;
  readonly modality: LaneModality;
  readonly epistemic: LaneEpistemic;
  /** Its date is given as approximate. */
  readonly isApproximate?: boolean;
  readonly isCorrected?: boolean;
  readonly isRetracted?: boolean;
  /** It turns round what was decided, or where its actor stood. */
  readonly isReversal?: boolean;
  /** Something else is said that cannot be true together with it. */
  readonly isConflicting?: boolean;
  readonly isAnomalous?: boolean;
  /** From then on it was public; known at any time where this is absent. */
  readonly knownFrom?: number;
}

/** The families by which bars are coloured, and the neutral one of values that are no statuses. */
export type Tone = StatusFamily | 'neutral';

/** What is drawn over a colour, so that it can be told apart without it. */
export type Pattern = 'plain' | 'lines' | 'stripes' | 'dots' | 'solid' | 'diagonal' | 'cross-hatch';

/** How the bars of one value are drawn. */
export interface BarLook {
  readonly tone: Tone;
  readonly pattern: Pattern;
  /** Written where there is no room for the words. */
  readonly letter: string;
}

/** A value of the state over the time for which it holds. Instants are milliseconds, infinite where open. */
export interface LaneSegment {
  readonly words: string;
  readonly look: BarLook;
  /** Key of the event behind it. */
  readonly event: string;
  /** From then on it may hold. */
  readonly from: number;
  /** From then on it holds; `Infinity`: it is never sure. */
  readonly settled: number;
  /** It holds no longer; the end is excluded. */
  readonly to: number;
  readonly modality: LaneModality;
}

/** One line of a plot: a policy, or within one its status, a term, a counterparty or an actor. */
export interface Lane {
  readonly id: string;
  readonly label: string;
  readonly events: readonly LaneEvent[];
  /** In any order. Those that hold may touch, never overlap. */
  readonly segments: readonly LaneSegment[];
}
