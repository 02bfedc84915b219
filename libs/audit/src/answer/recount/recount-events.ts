import { type PausingWork, knownSteps } from '#temporal/fold';
import { eventRows } from './event-rows.js';
import type { Recount, Recounted } from './recount.js';

/** Lists events again, which the fold alone is enough for: it reaches nothing of Node, and can run in browsers. */
export function* recountEvents({ question, events, at }: Recounted): PausingWork<Recount | undefined> {
  if (question.of !== 'events') return undefined;
  return { rows: yield* eventRows(yield* knownSteps(events, at), question) };
}
