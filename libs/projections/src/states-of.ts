import type { CoordinateRequest, ResolvedCoordinate } from './answers.js';
import type { PolicyRow } from './policies/descriptions.js';
import { NOTHING, type StateAnswer, factsOfAll, stateAnswer } from './policy-facts/state.js';
import { headAnswer } from './policy-heads/policy-heads.js';
import type { ReadContext } from './read-context.js';

/** Finds the states of these policies; what it answers gives each. */
export type StatesOf = (policies: readonly PolicyRow[]) => Promise<(policy: PolicyRow) => StateAnswer>;

/**
 * The states of policies at a coordinate: from facts in memory, else at the latest record and now from the heads, else
 * from one statement over the facts of all that are left.
 */
export const statesFrom =
  (asked: CoordinateRequest, at: ResolvedCoordinate, { pool, facts, heads }: ReadContext): StatesOf =>
  async (policies) => {
    const numbers = policies.map(({ policy }) => policy);
    const kept = facts.keptOf(numbers, at);
    const others = numbers.filter((policy) => !kept.has(policy));
    const ready = isNow(asked) ? await heads.headsOf(others, { recorded: at.recorded, now: at.validAt }) : NONE;
    const left = others.filter((policy) => !ready.has(policy));
    const read = await factsOfAll(pool, left, at);
    return (row) => {
      const head = ready.get(row.policy);
      if (head) return headAnswer(head, at);
      return stateAnswer(row, at, kept.get(row.policy) ?? read.get(row.policy) ?? NOTHING);
    };
  };

const NONE: ReadonlyMap<number, StateAnswer> = new Map();

const isNow = ({ recordedAt, knownAt, validAt }: CoordinateRequest): boolean =>
  recordedAt === undefined && knownAt === undefined && validAt === undefined;
