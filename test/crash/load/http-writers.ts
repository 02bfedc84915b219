import { setTimeout as delay } from 'node:timers/promises';
import { REGISTERED, policyStream, registrationKey } from '#domain';
import { corpusLines } from '../../bench/harness/corpus.js';
import type { Acknowledgements } from './acknowledgements.js';
import type { Pace } from './pace.js';
import type { ProcessUnderTest } from '../servers/process-under-test.js';
import { type Random, itemAt, randomFrom } from './random.js';
import { unkindLinesInOrder } from './unkind-series.js';
import { type Met, note, wrong } from './writers.js';

/** Who writes over HTTP, and to whom. */
export interface HttpWriting {
  readonly apis: readonly ProcessUnderTest[];
  readonly seed: number;
  readonly acknowledgements: Acknowledgements;
  readonly pace: Pace;
  readonly met: Met;
}

const WRITERS = 3;
const EVENTS_A_POLICY = 40;
const UNKIND_SHARE = 0.25;
const AGAIN_AFTER_MS = 50;
const ANSWER_LIMIT_MS = 5000;
const REFUSED_FROM = 400;
const FAULTS_FROM = 500;

/** Records policies and events through whichever API is up, one after the other, until the other writers are done. */
export async function writeOverHttp(writing: HttpWriting): Promise<void> {
  if (writing.apis.length === 0) return;
  await Promise.all(
    Array.from({ length: WRITERS }, (_, index) => writer(`web-${index}`, writing.seed + index, writing)),
  );
}

async function writer(name: string, seed: number, writing: HttpWriting): Promise<void> {
  const random = randomFrom(seed);
  for (let policy = 0; !writing.pace.isOver; policy += 1)
    for (const post of postsOf(`${name}-${policy}`, random)) {
      if (writing.pace.isOver) return;
      if (!(await recorded(post, () => random.share(), writing))) return;
    }
}

/** A request that is sent until it is answered, and what it records. */
export interface Post {
  readonly path: string;
  readonly body: object;
  readonly key: string;
  readonly type: string;
  readonly stream: string;
}

/** A policy under another slug, of the corpus or of an unkind shape: its registration, then its events. */
export function postsOf(slug: string, random: Random): readonly Post[] {
  const stream = policyStream(slug);
  const registration = { slug, title: slug, kind: 'scheme', jurisdiction: 'GB' };
  const lines = random.chance(UNKIND_SHARE)
    ? unkindLinesInOrder(random).map((line) => JSON.stringify(line))
    : [...corpusLines({ events: EVENTS_A_POLICY, policies: 1, seed: random.between(0, 2 ** 30) })].slice(1);
  return [
    { path: '/v1/policies', body: registration, key: registrationKey(slug), type: REGISTERED, stream },
    ...lines.map((line) => {
      const event: Recorded = JSON.parse(line);
      const body = moved(event, slug);
      return { path: `/v1/policies/${slug}/events`, body, key: body.key, type: event.type, stream };
    }),
  ];
}

/** An event, as far as it names other events. */
interface Recorded {
  readonly key: string;
  readonly type: string;
  readonly target?: string;
  readonly links?: readonly { readonly to: string }[];
}

const moved = (event: Recorded, slug: string): Recorded & { readonly policy: string } => ({
  ...event,
  key: `${slug}-${event.key}`,
  policy: slug,
  ...(event.target === undefined ? {} : { target: `${slug}-${event.target}` }),
  ...(event.links === undefined ? {} : { links: event.links.map((link) => ({ ...link, to: `${slug}-${link.to}` })) }),
});

/** Durable, and without a position yet. */
const PENDING = 202;

/** False when it was refused, which none of these is to be. */
async function recorded(post: Post, share: () => number, writing: HttpWriting): Promise<boolean> {
  const { apis, met, acknowledgements } = writing;
  for (;;) {
    const addresses = apis.flatMap(({ address }) => address ?? []);
    const answer = await answerTo(post, itemAt(addresses, share()), met);
    if (answer?.status !== undefined && answer.status >= REFUSED_FROM && answer.status < FAULTS_FROM) {
      wrong(met, `${post.key}: ${answer.status} ${answer.text}`);
      return false;
    }
    if (answer && answer.status < REFUSED_FROM && answer.status !== PENDING) {
      const place: { id: string; position: number; revision: number; recordedAt: string } = JSON.parse(answer.text);
      acknowledgements.noteOne(post.key, {
        ...place,
        recordedAt: Date.parse(place.recordedAt),
        stream: post.stream,
        type: post.type,
      });
      met.overHttp += 1;
      return true;
    }
    if (answer) note(met, `HTTP ${answer.status}: ${answer.text}`);
    await delay(AGAIN_AFTER_MS);
  }
}

/** Undefined when there was none: whether it was recorded is then not known. */
async function answerTo(
  { path, body, key }: Post,
  address: string | undefined,
  met: Met,
): Promise<{ readonly status: number; readonly text: string } | undefined> {
  if (address === undefined) return undefined;
  try {
    const response = await fetch(`${address}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `web-${key}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    note(met, `no answer over HTTP: ${error instanceof Error ? error.name : String(error)}`);
    return undefined;
  }
}
