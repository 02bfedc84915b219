import { setTimeout as delay } from 'node:timers/promises';
import { parseEventBody } from '#domain';
import type { AppendRequest, EventLog } from '#event-log';
import { bodyRequest, registrationRequest } from '../../support/events/append-bodies.js';
import { corpusLines } from './corpus.js';

const ZONE = 'Europe/London';
const BATCH = 500;

/** The appends of a corpus, in order: the policies, then the events. */
export function* corpusRequests(size: Parameters<typeof corpusLines>[0]): Generator<AppendRequest> {
  for (const line of corpusLines(size)) {
    const input = JSON.parse(line) as { policy: unknown };
    if (typeof input.policy === 'object')
      yield registrationRequest(input.policy as Parameters<typeof registrationRequest>[0]);
    else {
      const parsed = parseEventBody(input, ZONE);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
      yield bodyRequest(parsed.body);
    }
  }
}

/** Appends as many as there are up to a number, as fast as they go. */
export async function appendFast(log: EventLog, requests: Iterator<AppendRequest>, count: number): Promise<void> {
  for (let left = count; left > 0; left -= BATCH) await log.appendMany(taken(requests, Math.min(BATCH, left)));
}

const taken = (requests: Iterator<AppendRequest>, count: number): readonly AppendRequest[] =>
  Array.from({ length: count }, () => requests.next()).flatMap(({ value, done }) => (done ? [] : [value]));

/** An append: where it came to stand, and when that was known here, in milliseconds. */
export interface Committed {
  readonly position: number;
  readonly stream: string;
  readonly begunAt: number;
  readonly committedAt: number;
}

/** Appends so many a second for so long, each on its own, however long one takes. */
export async function appendPaced(
  log: EventLog,
  requests: Iterator<AppendRequest>,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<readonly Committed[]> {
  const under: Promise<Committed>[] = [];
  const begun = performance.now();
  for (let index = 0; index < perSecond * seconds; index += 1) {
    await delay(Math.max(0, begun + (index * 1000) / perSecond - performance.now()));
    const { value, done } = requests.next();
    if (done) throw new Error('The corpus is too short.');
    under.push(appended(log, value));
  }
  return Promise.all(under);
}

async function appended(log: EventLog, request: AppendRequest): Promise<Committed> {
  const begunAt = performance.now();
  const outcome = await log.append(request);
  const committedAt = performance.now();
  if (outcome.outcome !== 'appended') throw new Error(`Not appended: ${JSON.stringify(outcome)}`);
  return { position: outcome.locations[0]?.position ?? 0, stream: request.stream, begunAt, committedAt };
}
