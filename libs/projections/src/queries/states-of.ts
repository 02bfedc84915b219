import type { CoordinateRequest, ResolvedCoordinate } from '../rows/answers.js';
import type { PolicyRow } from '../core/descriptions.js';
import type { FactsAt } from '../core/replay/fold-entries.js';
import { NOTHING, type StateAnswer, factsOfAll, stateAnswer } from '../core/state.js';
import { headAnswer } from '../core/states/policy-heads.js';
import type { ReadContext } from './read-context.js';

/** The read models that states rest on. */
export const STATES = ['policies', 'timeline', 'policy-facts'];

/** Finds the states of these policies; what it answers gives each. */
export type StatesOf = (policies: readonly PolicyRow[]) => Promise<(policy: PolicyRow) => StateAnswer>;

type States = ReadonlyMap<number, StateAnswer>;

/** Where states are looked for: some are found, the others are looked for elsewhere. */
type Place = (policies: readonly PolicyRow[]) => States | Promise<States>;

/** The states of policies at a coordinate, each from the first place that has it. */
export const statesFrom =
  (asked: CoordinateRequest, at: ResolvedCoordinate, context: ReadContext): StatesOf =>
  async (policies) => {
    const found = new Map<number, StateAnswer>();
    for (const place of placesFor(policies, { asked, at, context })) {
      const left = policies.filter(({ policy }) => !found.has(policy));
      if (left.length === 0) break;
      for (const [policy, state] of await place(left)) found.set(policy, state);
    }
    return (row) => found.get(row.policy) ?? stateAnswer(row, at, NOTHING);
  };

interface Question {
  readonly asked: CoordinateRequest;
  readonly at: ResolvedCoordinate;
  readonly context: ReadContext;
}

/** Memory has one policy sooner than its head; many heads are read sooner than they are worked out; measured. */
function placesFor(policies: readonly PolicyRow[], { asked, at, context }: Question): readonly Place[] {
  const [memory, heads, boxes] = [inMemory(at, context), asHeads(at, context), inBoxes(at, context)];
  const isNow = asked.recordedAt === undefined && asked.knownAt === undefined && asked.validAt === undefined;
  if (!isNow) return [memory, boxes];
  return policies.length === 1 ? [memory, heads, boxes] : [heads, memory, boxes];
}

const inMemory =
  (at: ResolvedCoordinate, { facts }: ReadContext): Place =>
  (policies) =>
    statesOfKnown(policies, at, (policy) => facts.kept(policy, at));

const asHeads =
  (at: ResolvedCoordinate, { heads }: ReadContext): Place =>
  async (policies) => {
    const found = await heads.headsOf(policies.map(numberOf), { recorded: at.recorded, now: at.validAt });
    return new Map([...found].map(([policy, head]) => [policy, headAnswer(head, at)]));
  };

const inBoxes =
  (at: ResolvedCoordinate, { pool }: ReadContext): Place =>
  async (policies) => {
    const found = await factsOfAll(pool, policies.map(numberOf), at);
    return statesOfKnown(policies, at, (policy) => found.get(policy));
  };

const numberOf = ({ policy }: PolicyRow): number => policy;

const statesOfKnown = (
  policies: readonly PolicyRow[],
  at: ResolvedCoordinate,
  factsOf: (policy: number) => FactsAt | undefined,
): States =>
  new Map(
    policies.flatMap((row) => {
      const facts = factsOf(row.policy);
      return facts ? [[row.policy, stateAnswer(row, at, facts)]] : [];
    }),
  );
