import { setTimeout as delay } from 'node:timers/promises';
import { corpusLines, policySlug } from '../../bench/harness/corpus.js';
import { ptl } from '../../e2e/cli/running-ptl.js';
import { type Post, postsOf } from '../load/http-writers.js';
import type { Pace } from '../load/pace.js';
import { type Random, randomFrom } from '../load/random.js';
import { requireDone } from './killed-commands.js';
import { contentOf } from './pinned-answers.js';

/** A service, and the key with which it is written to. */
export interface WrittenTo {
  readonly url: string;
  readonly key: string;
}

/** A request that was answered as recorded, and what the answer said. */
export interface GivenAnswer {
  readonly post: Post;
  readonly content: string;
  readonly position: number;
}

/** What steady writers have come to so far. */
export interface Written {
  readonly answered: GivenAnswer[];
  /** Answers that none of the requests can have. */
  readonly wrong: string[];
}

const WRITERS = 24;
const PRIVATE_SHARE = 0.2;
const PENDING = 202;
const RECORDED = 201;
const AGAIN_AFTER_MS = 20;
/** A connection that is kept can be closed just when it is used again. */
const FAILED_LIMIT = 10;
const EVENTS_A_POLICY = 100;
const CITATIONS = 20;

/** Fills a log: many events in one import, citations of them, and a key, which is answered. */
export async function prepareLog(
  url: string,
  { events, seed }: { readonly events: number; readonly seed: number },
): Promise<string> {
  const lines = [...corpusLines({ events, policies: Math.ceil(events / EVENTS_A_POLICY), seed })];
  const summary = await posted(`${url}/v1/imports`, 'application/x-ndjson', lines.join('\n'));
  if (/"result":"rejected"/.test(summary)) throw new Error(summary.slice(0, 1000));
  for (let count = 1; count <= CITATIONS; count += 1) {
    const cited = `/v1/policies/${policySlug(0)}?knownAt=2020-01-01&validAt=2020-01-01&recordedAt=@${count}`;
    await posted(`${url}/v1/citations`, 'application/json', JSON.stringify({ url: cited }));
  }
  const made = ['keys', 'create', '--name', 'Campaign', '--role', 'operator'];
  return requireDone(await ptl(made, { variables: { PTL_URL: url } }), 'ptl keys create').trim();
}

async function posted(url: string, type: string, body: string): Promise<string> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text.slice(0, 1000)}`);
  return text;
}

/** Records policies and events one by one over HTTP, at a pace, until that stops; a share of them names private persons. */
export async function writeSteadily(
  to: WrittenTo,
  { seed, pace, written }: { readonly seed: number; readonly pace: Pace; readonly written: Written },
): Promise<void> {
  const writers = Array.from({ length: WRITERS }, (_, index) => ({ to, name: `steady-${index}`, pace, written }));
  await Promise.all(writers.map((each, index) => writer(each, seed + index)));
}

interface Writer {
  readonly to: WrittenTo;
  readonly name: string;
  readonly pace: Pace;
  readonly written: Written;
}

async function writer({ to, name, pace, written }: Writer, seed: number): Promise<void> {
  const random = randomFrom(seed);
  for (let policy = 0; !pace.isOver; policy += 1)
    for (const post of postsOf(`${name}-${policy}`, random).map((each) => withPerson(each, random))) {
      if (!(await pace.turn(1))) return;
      const { status, content, position } = await settlePost(to, post);
      pace.settle(1);
      if (status === RECORDED) written.answered.push({ post, content, position });
      else written.wrong.push(`${post.key}: ${status} ${content.slice(0, 300)}`);
    }
}

/** An answer to a request that was settled, without what names the service. */
export interface Settled {
  readonly status: number;
  readonly isReplayed: boolean;
  readonly content: string;
  /** NaN where nothing was recorded. */
  readonly position: number;
}

/** Sends a request, with its idempotency key: until it is answered, and once more while it is recorded without a position. */
export async function settlePost({ url, key }: WrittenTo, post: Post): Promise<Settled> {
  for (let failed = 0; ;) {
    const response = await sent({ url, key }, post).catch((error: unknown) => {
      failed += 1;
      if (failed > FAILED_LIMIT) throw error;
    });
    if (response && response.status !== PENDING) {
      const { status, headers } = response;
      const { content, body } = await contentOf(response, url);
      const isReplayed = headers.get('idempotency-replayed') === 'true';
      return { status, isReplayed, content: content.toString('latin1'), position: Number(body['position']) };
    }
    await response?.body?.cancel();
    await delay(AGAIN_AFTER_MS);
  }
}

const sent = ({ url, key }: WrittenTo, { path, key: name, body }: Post): Promise<Response> =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': `steady-${name}`,
      authorization: `Bearer ${key}`,
    },
    body: JSON.stringify(body),
  });

/** An event with a private person among its actors, whose name can be erased, where it has actors. */
function withPerson(post: Post, random: Random): Post {
  const { actors }: { readonly actors?: unknown } = post.body;
  if (!Array.isArray(actors) || !random.chance(PRIVATE_SHARE)) return post;
  const person = { name: `Person ${random.between(1, 400)}`, kind: 'person', private: true };
  return { ...post, body: { ...post.body, actors: [...actors, person] } };
}
