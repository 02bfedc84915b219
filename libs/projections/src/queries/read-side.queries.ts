import { Query } from '@nestjs/cqrs';
import { z } from 'zod';
import type { Instant, Position } from '#domain';
import { type ActorAnswer, shownActor } from '../read-models/actors.js';
import { type AnomalyAnswer, shownAnomaly } from '../read-models/anomalies/anomalies.js';
import type { Between, CoordinateRequest, Engine, Page, Paged, ReadOutcome } from '../rows/answers.js';
import { type ClaimAnswer, shownClaim } from '../read-models/claims/claims.js';
import { type FigureAnswer, shownFigure } from '../read-models/figures/figures.js';
import type { FigureFilter } from '../read-models/figures/figure-filter.js';
import { type NegotiationAnswer, shownNegotiation } from '../read-models/negotiations.js';
import { shownBlame } from '../core/blame.js';
import { type DifferenceAnswer, shownChange, shownDifference, shownPatch } from '../core/difference-answer.js';
import { type FactRowAnswer, shownFactRow } from '../core/boxes/fact-rows.js';
import { HISTORY_SLICES, type HistoryAnswer, type HistorySlice, shownHistory } from '../core/boxes/history.js';
import { SERIES_AXES, type SeriesAxis, type SeriesRowAnswer, shownSeriesRow } from '../core/boxes/series.js';
import { shownState } from '../core/state.js';
import type { Mementos } from './mementos.js';
import type { Hypothetical } from './counterfactual/context-for.js';
import type { PolicyFilter } from './states.js';
import type { ExplainedState } from './states-of.js';
import { type PositionAnswer, shownPosition } from '../read-models/positions.js';
import { type HiddenEvents, shownHiddenEvents } from './events/hidden-events.js';
import { type EventIndexAnswer, shownEventIndex } from './events/index-columns.js';
import { type SourceAnswer, shownSource } from '../read-models/sources.js';
import { type EventAnswer, type EventInFull, shownEvent, shownEventInFull } from './events/event-answer.js';
import type { EventFilter, EventScope } from './events/event-filter.js';
import type { EventOrder, EventShowing } from './events/events.js';

/**
 * The questions that can be asked of the read side, each at a coordinate. `answer` is the schema of an answer, of a list
 * that of an item: types and documents follow from it.
 */

interface Listed extends Hypothetical {
  readonly at: CoordinateRequest;
  readonly page: Page;
}

type Filtered<Name extends string> = Listed & { readonly filter: { readonly [Field in Name]?: string | undefined } };

type Outcome<Item> = ReadOutcome<Paged<Item>>;

/** The state of one policy; with `explain`, what is behind each field. */
export class StateAt extends Query<ReadOutcome<ExplainedState>> {
  static readonly answer = shownState.extend({
    blame: z.record(z.string(), shownBlame).optional().meta({ description: 'With `explain=true`: of each field.' }),
  });

  constructor(
    readonly asked: Hypothetical & {
      readonly policy: string;
      readonly at: CoordinateRequest;
      readonly explain?: boolean | undefined;
      readonly engine?: Engine | undefined;
    },
  ) {
    super();
  }
}

/** The states of the policies, by slug; with `explain`, what is behind each field, of at most 100 policies a page. */
export class PoliciesAt extends Query<Outcome<ExplainedState>> {
  static readonly answer = StateAt.answer;

  constructor(readonly asked: Listed & { readonly filter: PolicyFilter; readonly explain?: boolean | undefined }) {
    super();
  }
}

/** The events of one policy in force. */
export class TimelineAt extends Query<Outcome<EventAnswer>> {
  static readonly answer = shownEvent;

  constructor(
    readonly asked: Listed &
      EventShowing & {
        readonly policy: string;
        readonly order?: EventOrder | undefined;
        readonly scope?: EventScope | undefined;
        readonly filter: EventFilter;
      },
  ) {
    super();
  }
}

/** The events of all policies in force. */
export class EventsAt extends Query<Outcome<EventAnswer>> {
  static readonly answer = shownEvent;

  constructor(
    readonly asked: Listed & EventShowing & { readonly order?: EventOrder | undefined; readonly filter: EventFilter },
  ) {
    super();
  }
}

/** The events of all policies in force, as columns of one answer. */
export class EventIndexAt extends Query<ReadOutcome<EventIndexAnswer>> {
  static readonly answer = shownEventIndex;

  constructor(
    readonly asked: {
      readonly at: CoordinateRequest;
      readonly order?: EventOrder | undefined;
      readonly filter: EventFilter;
    },
  ) {
    super();
  }
}

/** How many events a coordinate hides, of those that a filter lets through. */
export class HiddenEventsAt extends Query<ReadOutcome<HiddenEvents>> {
  static readonly answer = shownHiddenEvents;

  constructor(
    readonly asked: {
      readonly at: CoordinateRequest;
      readonly filter: EventFilter;
      readonly scope?: EventScope | undefined;
    },
  ) {
    super();
  }
}

/** One event, by its id or key. */
export class EventAt extends Query<ReadOutcome<EventInFull>> {
  static readonly answer = shownEventInFull;

  constructor(readonly asked: EventShowing & { readonly event: string; readonly at: CoordinateRequest }) {
    super();
  }
}

/**
 * When the answer about a policy became another, with all three times at that instant. `pick` chooses, among the
 * instants, those of which positions are needed.
 */
export class MementosOf extends Query<ReadOutcome<Mementos>> {
  constructor(
    readonly asked: {
      readonly policy: string;
      readonly pick: (beginnings: readonly Instant[]) => readonly number[];
    },
  ) {
    super();
  }
}

/** The last position recorded by an instant. */
export class RecordAt extends Query<ReadOutcome<{ readonly recorded: Position }>> {
  constructor(readonly asked: { readonly at: Instant }) {
    super();
  }
}

interface HistoryListing extends Listed {
  readonly field?: string | undefined;
  readonly slice: HistorySlice;
  /** List also where a value may have held already. */
  readonly withUncertain: boolean;
}

/** Each value that a policy's fields had, with the box in which it held. */
export class HistoryAt extends Query<Outcome<HistoryAnswer>> {
  static readonly answer = shownHistory;
  static readonly slices = HISTORY_SLICES;

  constructor(readonly asked: HistoryListing & { readonly policy: string }) {
    super();
  }
}

/** The same of all policies, or of those that are named. */
export class HistoriesAt extends Query<Outcome<HistoryAnswer>> {
  static readonly answer = shownHistory;

  constructor(readonly asked: HistoryListing & { readonly policies?: readonly string[] | undefined }) {
    super();
  }
}

interface OfPolicies extends Listed {
  /** Names of policies; all policies when undefined. */
  readonly policies?: readonly string[] | undefined;
  readonly field?: string | undefined;
}

/** The values of fields along one axis, at a coordinate on the two others. */
export class SeriesAt extends Query<Outcome<SeriesRowAnswer>> {
  static readonly answer = shownSeriesRow;
  static readonly axes = SERIES_AXES;

  constructor(readonly asked: OfPolicies & { readonly axis: SeriesAxis }) {
    super();
  }
}

/** The states of policies as one table. */
export class FactTableAt extends Query<Outcome<FactRowAnswer>> {
  static readonly answer = shownFactRow;

  constructor(readonly asked: Hypothetical & OfPolicies & { readonly group?: string | undefined }) {
    super();
  }
}

/** What differs between two coordinates, in one policy or in all. */
export class DiffBetween extends Query<ReadOutcome<DifferenceAnswer, Between>> {
  static readonly answer = shownDifference;
  static readonly patch = shownPatch;
  static readonly change = shownChange;

  constructor(
    readonly asked: Hypothetical & {
      readonly policy?: string;
      readonly from: CoordinateRequest;
      readonly to: CoordinateRequest;
      readonly format?: 'changes' | 'json-patch' | undefined;
    },
  ) {
    super();
  }
}

export class FiguresAt extends Query<Outcome<FigureAnswer>> {
  static readonly answer = shownFigure;

  constructor(readonly asked: Listed & { readonly filter: FigureFilter }) {
    super();
  }
}

export class PositionsAt extends Query<Outcome<PositionAnswer>> {
  static readonly answer = shownPosition;

  constructor(
    readonly asked: Listed & {
      readonly filter: {
        readonly policy?: string | undefined;
        readonly actor?: string | undefined;
        readonly all?: boolean | undefined;
      };
    },
  ) {
    super();
  }
}

export class NegotiationsAt extends Query<Outcome<NegotiationAnswer>> {
  static readonly answer = shownNegotiation;

  constructor(readonly asked: Filtered<'policy' | 'counterparty'>) {
    super();
  }
}

export class ClaimsAt extends Query<Outcome<ClaimAnswer>> {
  static readonly answer = shownClaim;

  constructor(readonly asked: Filtered<'policy' | 'by' | 'standing'>) {
    super();
  }
}

export class SourcesAt extends Query<Outcome<SourceAnswer>> {
  static readonly answer = shownSource;

  constructor(readonly asked: Filtered<'policy' | 'publisher' | 'genre'>) {
    super();
  }
}

export class ActorsAt extends Query<Outcome<ActorAnswer>> {
  static readonly answer = shownActor;

  constructor(readonly asked: Filtered<'policy' | 'actor'>) {
    super();
  }
}

export class AnomaliesAt extends Query<Outcome<AnomalyAnswer>> {
  static readonly answer = shownAnomaly;

  constructor(readonly asked: Filtered<'policy' | 'kind'>) {
    super();
  }
}
