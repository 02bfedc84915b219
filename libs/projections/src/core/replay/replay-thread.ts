// A thread that folds the entries it is told, at the coordinates it is asked for. See replay-threads.ts.
import { constants, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import type { RecordedEvent } from '#domain';
import { type FactsAt, eventTold, foldAt } from './fold-entries.js';
import type { ReplayPiece, ReplayRequest } from './replay-threads.js';

// On Linux a priority is the thread's own, elsewhere the process's: other answers come first.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

/** So many facts are told at a time: whoever reads them has other things to do in between. */
const FACTS_AT_ONCE = 500;

const events: RecordedEvent[] = [];
let left: FactsAt = { facts: [], uncertain: [], eventCount: 0 };

parentPort?.on('message', (request: ReplayRequest) => {
  if ('entries' in request) {
    for (const entry of request.entries) events.push(eventTold(entry));
    return;
  }
  if ('at' in request) left = foldAt(events, request.at);
  parentPort?.postMessage(nextPiece());
});

function nextPiece(): ReplayPiece {
  const { facts, uncertain, eventCount } = left;
  left = { facts: facts.slice(FACTS_AT_ONCE), uncertain: uncertain.slice(FACTS_AT_ONCE), eventCount };
  return {
    facts: facts.slice(0, FACTS_AT_ONCE),
    uncertain: uncertain.slice(0, FACTS_AT_ONCE),
    eventCount,
    isLast: left.facts.length === 0 && left.uncertain.length === 0,
  };
}
