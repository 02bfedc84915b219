import type { CoordinateRequest, ResolvedCoordinate } from '../rows/answers.js';
import { type FieldBlame, blameOf } from '../core/blame.js';
import type { PolicyRow } from '../core/descriptions.js';
import { type ShownFacts, type StateAnswer, factsOfAll, shownFacts, stateAnswer } from '../core/state.js';
import type { ReadContext } from './read-context.js';

/** The read models that states rest on. */
export const STATES = ['policies', 'timeline', 'policy-facts'];

/** A state, and with an explanation what is behind each of its fields. */
export type ExplainedState = StateAnswer & { readonly blame?: Readonly<Record<string, FieldBlame>> };

/** Finds the states of these policies; what it answers gives each. */
export type StatesOf = (policies: readonly PolicyRow[]) => Promise<(policy: PolicyRow) => ExplainedState>;

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

/** The states of policies with what is behind each field, which is worked out policy by policy. */
export const explainedStatesFrom =
  (at: ResolvedCoordinate, { pool }: ReadContext): StatesOf =>
  async (policies) => {
    const found = await factsOfAll(
      pool,
      policies.map(({ policy }) => policy),
      at,
    );
    const states = new Map<number, Pick<ExplainedState, 'blame'> & ShownFacts>();
    for (const [policy, facts] of found) {
      states.set(policy, { ...shownFacts(facts), blame: await blameOf(pool, policy, { at, facts: facts.facts }) });
    }
    return (row) => stateAnswer(row, at, states.get(row.policy) ?? { ...NOTHING, blame: {} });
  };

const NOTHING: ShownFacts = { state: {}, uncertain: [], eventCount: 0 };
