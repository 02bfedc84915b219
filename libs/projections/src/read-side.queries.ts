import { Query } from '@nestjs/cqrs';
import type { ActorAnswer } from './actors/actors.js';
import type { AnomalyAnswer } from './anomalies/anomalies.js';
import type { Between, CoordinateRequest, Engine, Page, Paged, ReadOutcome } from './answers.js';
import type { ClaimAnswer } from './claims/claims.js';
import type { FigureAnswer } from './figures/figures.js';
import type { NegotiationAnswer } from './negotiations/negotiations.js';
import type { FieldBlame } from './policy-facts/blame.js';
import type { DifferenceAnswer } from './policy-facts/difference-answer.js';
import type { HistoryAnswer } from './policy-facts/history.js';
import type { StateAnswer } from './policy-facts/state.js';
import type { PolicyFilter } from './policies/states.js';
import type { PositionAnswer } from './positions/positions.js';
import type { SourceAnswer } from './sources/sources.js';
import type { EventAnswer, EventFilter, EventOrder, EventScope } from './timeline/events.js';

/** The questions that can be asked of the read side, each at a coordinate. */

interface Listed {
  readonly at: CoordinateRequest;
  readonly page: Page;
}

type Filtered<Name extends string> = Listed & { readonly filter: { readonly [Field in Name]?: string | undefined } };

type Outcome<Item> = ReadOutcome<Paged<Item>>;

/** The state of one policy; with `explain`, what is behind each field. */
export class StateAt extends Query<
  ReadOutcome<StateAnswer & { readonly blame?: Readonly<Record<string, FieldBlame>> }>
> {
  constructor(
    readonly asked: {
      readonly policy: string;
      readonly at: CoordinateRequest;
      readonly explain?: boolean | undefined;
      readonly engine?: Engine | undefined;
    },
  ) {
    super();
  }
}

/** The states of the policies, by slug. */
export class PoliciesAt extends Query<Outcome<StateAnswer>> {
  constructor(readonly asked: Listed & { readonly filter: PolicyFilter }) {
    super();
  }
}

/** The events of one policy in force. */
export class TimelineAt extends Query<Outcome<EventAnswer>> {
  constructor(
    readonly asked: Listed & {
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
  constructor(readonly asked: Listed & { readonly order?: EventOrder | undefined; readonly filter: EventFilter }) {
    super();
  }
}

/** One event, by its id or key. */
export class EventAt extends Query<ReadOutcome<EventAnswer>> {
  constructor(readonly asked: { readonly event: string; readonly at: CoordinateRequest }) {
    super();
  }
}

/** Each value that a policy's fields had, with the box in which it held. */
export class PolicyHistory extends Query<Outcome<HistoryAnswer>> {
  constructor(readonly asked: Listed & { readonly policy: string; readonly field?: string | undefined }) {
    super();
  }
}

/** What differs between two coordinates, in one policy or in all. */
export class DiffBetween extends Query<ReadOutcome<DifferenceAnswer, Between>> {
  constructor(
    readonly asked: {
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
  constructor(readonly asked: Filtered<'policy' | 'measure'>) {
    super();
  }
}

export class PositionsAt extends Query<Outcome<PositionAnswer>> {
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
  constructor(readonly asked: Filtered<'policy' | 'counterparty'>) {
    super();
  }
}

export class ClaimsAt extends Query<Outcome<ClaimAnswer>> {
  constructor(readonly asked: Filtered<'policy' | 'by' | 'standing'>) {
    super();
  }
}

export class SourcesAt extends Query<Outcome<SourceAnswer>> {
  constructor(readonly asked: Filtered<'policy' | 'publisher' | 'genre'>) {
    super();
  }
}

export class ActorsAt extends Query<Outcome<ActorAnswer>> {
  constructor(readonly asked: Filtered<'policy' | 'actor'>) {
    super();
  }
}

export class AnomaliesAt extends Query<Outcome<AnomalyAnswer>> {
  constructor(readonly asked: Filtered<'policy' | 'kind'>) {
    super();
  }
}
