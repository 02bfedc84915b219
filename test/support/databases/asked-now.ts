import type { Pool } from 'pg';
import { instant } from '#domain';
import { factsOfAll, shownFacts } from '../../../libs/projections/src/core/state.js';
import type { ProjectionsOfProcess } from './projections.js';

/** Asks for the state of every policy now, as a list does, and waits until what is to be stored behind it is stored. */
export async function askedNow(pool: Pool, { readModels, readSide }: ProjectionsOfProcess): Promise<void> {
  const now = instant(Date.now());
  const at = { recorded: readSide.progressOf().position, recordedAt: null, knownAt: now, validAt: now };
  const policies = readModels.descriptions.current().map(({ policy }) => policy);
  await readModels.currentStates.of(policies, at, async (others) => {
    const facts = await factsOfAll(pool, others, at);
    return new Map([...facts].map(([policy, found]) => [policy, shownFacts(found)]));
  });
  await readModels.currentStates.settle();
}
