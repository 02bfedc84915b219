import { Query } from '@nestjs/cqrs';
import { z } from 'zod';
import { PROMISE_KINDS, PROMISE_STATES, type SettledPromise, TURN_KINDS } from '#analysis';
import type { CoordinateRequest, Engine, Page, Paged, ReadOutcome } from '../../rows/answers.js';
import type { Hypothetical } from '../counterfactual/context-for.js';
import { type PromiseAnswer, dayRange, shownPromise } from './promise-answer.js';
import type { FindCited } from '../impact/citations-behind.js';
import {
  IMPACT_KINDS,
  type ImpactAnswer,
  type ImpactOf,
  type RestingAnswer,
  shownImpact,
  shownResting,
} from '../impact/impact-at.js';
import type { PromiseFilter, SummarizedPromises } from './promises-at.js';
import { type TurnAnswer, type TurnFilter, shownTurn } from './turns-at.js';

/** The questions of analysts. Each is answered from what is stored, or by folding the events again: the same by both. */

export interface AskedPromises extends Hypothetical {
  readonly at: CoordinateRequest;
  readonly filter: PromiseFilter;
  readonly engine?: Engine | undefined;
}

/** Promises, and what became of them. */
export class PromisesAt extends Query<ReadOutcome<Paged<PromiseAnswer>>> {
  static readonly answer = shownPromise;
  static readonly states = PROMISE_STATES;
  static readonly kinds = PROMISE_KINDS;

  constructor(readonly asked: AskedPromises & { readonly page: Page }) {
    super();
  }
}

const countsOfStates = z.record(z.enum(PROMISE_STATES), z.int());

const shownCounts = z.object({
  promises: z.int().meta({ description: 'Plans and targets.' }),
  states: countsOfStates,
  medianSlipDays: dayRange.meta({
    description: 'Over the promises that were fulfilled: the medians of the least and of the most days of slip.',
  }),
  forecasts: z.int().meta({ description: 'Forecasts are no promises, and are counted apart.' }),
  forecastStates: countsOfStates,
});

/** How many promises are in which state, in all and by owner. */
export class PromiseSummaryAt extends Query<ReadOutcome<SummarizedPromises>> {
  static readonly answer = z.object({
    all: shownCounts.meta({ id: 'PromiseCounts', description: 'How many promises are in which state.' }),
    owners: z
      .array(shownCounts.extend({ by: z.string().meta({ description: 'Name of the owner.' }) }))
      .readonly()
      .meta({ description: 'In order of name. A promise with several owners counts for each.' }),
  });

  constructor(readonly asked: AskedPromises) {
    super();
  }
}

/** All promises that a filter lets through, without what lists tell of their events. */
export class EveryPromiseAt extends Query<ReadOutcome<{ readonly promises: readonly SettledPromise[] }>> {
  constructor(readonly asked: AskedPromises) {
    super();
  }
}

/** Who changed position, when, in which role; and which policies turned. */
export class TurnsAt extends Query<ReadOutcome<Paged<TurnAnswer>>> {
  static readonly answer = shownTurn;
  static readonly kinds = TURN_KINDS;

  constructor(
    readonly asked: Hypothetical & {
      readonly at: CoordinateRequest;
      readonly filter: TurnFilter;
      readonly engine?: Engine | undefined;
      readonly page: Page;
    },
  ) {
    super();
  }
}

/** What rests on an event, a source, an actor or a correction, and what would be without it. */
export class ImpactAt extends Query<ReadOutcome<ImpactAnswer>> {
  static readonly answer = shownImpact;
  static readonly kinds = IMPACT_KINDS;

  constructor(
    readonly asked: {
      readonly at: CoordinateRequest;
      readonly of: ImpactOf;
      readonly depth: number;
      readonly engine?: Engine | undefined;
      readonly findCited?: FindCited | undefined;
    },
  ) {
    super();
  }
}

/** Which events rest on an event, a source, an actor or a correction; nothing of what would be without it. */
export class RestingAt extends Query<ReadOutcome<RestingAnswer>> {
  static readonly answer = shownResting;

  constructor(readonly asked: Pick<ImpactAt['asked'], 'at' | 'of' | 'depth'>) {
    super();
  }
}
