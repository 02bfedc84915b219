import { position } from '#domain/stored';
import { differenceBetween, replaySteps } from '#temporal';
import { type PausingWork, knownSteps } from '#temporal/fold';
import { coordinateOf } from '../answer-document.js';
import type { DifferenceQuestion } from '../question.js';
import { eventRows } from './event-rows.js';
import { figureRows } from './figure-rows.js';
import { type Recount, type Recounted, asJson } from './recount.js';
import { negotiationRows, positionRows } from './stance-rows.js';

/** Answers every question again that a proof can be about. */
export function* recountAll({ question, ...recounted }: Recounted): PausingWork<Recount> {
  if (question.of === 'difference') return { document: yield* difference(recounted, question) };
  const { policy, events, at } = recounted;
  const versions = yield* knownSteps(events, at);
  switch (question.of) {
    case 'events':
      return { rows: yield* eventRows(versions, question) };
    case 'figures':
      return { rows: yield* figureRows(versions, { policy, question }) };
    case 'positions':
      return { rows: positionRows({ policy, versions, at }, question) };
    case 'negotiations':
      return { rows: negotiationRows({ policy, versions, at }, question) };
  }
}

function* difference({ policy, events, at }: Omit<Recounted, 'question'>, { from }: DifferenceQuestion) {
  const before = yield* replaySteps(events, coordinateOf({ at: from }, position(from.recorded)));
  const { changes, added, removed } = differenceBetween(before, yield* replaySteps(events, at));
  return asJson({ changes: changes.map((change) => ({ policy, ...change })), added, removed });
}
