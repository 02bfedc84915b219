import type { CoordinateRequest, ResolvedCoordinate } from '../rows/answers.js';
import type { PolicyRow } from '../core/descriptions.js';
import { type ShownFacts, type StateAnswer, factsOfAll, shownFacts, stateAnswer } from '../core/state.js';
import type { ReadContext } from './read-context.js';

/** The read models that states rest on. */
export const STATES = ['policies', 'timeline', 'policy-facts'];

/** Finds the states of these policies; what it answers gives each. */
export type StatesOf = (policies: readonly PolicyRow[]) => Promise<(policy: PolicyRow) => StateAnswer>;

/** A place from which the states of policies come; it has each of them. */
type StateSource = (policies: readonly number[]) => Promise<ReadonlyMap<number, ShownFacts>>;

/** The states of policies at a coordinate: those of now as they are stored, where they hold, all others from boxes. */
export const statesFrom = (asked: CoordinateRequest, at: ResolvedCoordinate, context: ReadContext): StatesOf => {
  const isNow = asked.recordedAt === undefined && asked.knownAt === undefined && asked.validAt === undefined;
  const boxes: StateSource = async (policies) =>
    new Map([...(await factsOfAll(context.pool, policies, at))].map(([policy, facts]) => [policy, shownFacts(facts)]));
  const source: StateSource = isNow ? (policies) => context.currentStates.of(policies, at, boxes) : boxes;
  return async (policies) => {
    const states = await source(policies.map(({ policy }) => policy));
    return (row) => stateAnswer(row, at, states.get(row.policy) ?? NOTHING);
  };
};

const NOTHING: ShownFacts = { state: {}, uncertain: [], eventCount: 0 };
