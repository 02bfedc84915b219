import type { QueryBus } from '@nestjs/cqrs';
import { type CoordinateRequest, FactTableAt, type LeftOut } from '#projections';
import type { Item } from '#tables';
import { readRefusal } from '../http/problems/read-refusals.js';

/** Each policy has one status. */
const HIGHEST_LIMIT = 10_000;

interface Asked {
  readonly at: CoordinateRequest;
  readonly without?: readonly LeftOut[] | undefined;
}

/** Adds to states the key of the event behind the status of each. */
export async function withStatusEvents(
  queries: Pick<QueryBus, 'execute'>,
  states: readonly (Item & { readonly policy: string })[],
  { at, without }: Asked,
): Promise<readonly Item[]> {
  if (states.length === 0) return states;
  const policies = states.map(({ policy }) => policy);
  const outcome = await queries.execute(
    new FactTableAt({ at, page: { limit: HIGHEST_LIMIT }, policies, field: 'status', without }),
  );
  if (outcome.outcome === 'alias') throw new Error('A table was answered with another name of its policy.');
  if (outcome.outcome !== 'answered') throw readRefusal(outcome);
  const certain = outcome.answer.items.filter(({ isUncertain }) => !isUncertain);
  const events = new Map(certain.map(({ policy, event }) => [policy, event]));
  return states.map((state) => ({ ...state, statusEvent: events.get(state.policy) ?? null }));
}
