import { z } from 'zod';
import type { Citation } from '#citations';
import { hashAnswer } from '#event-log/answer-hash';
import type { OwnAnswer } from '../http/ask-itself.js';
import { askedToday, dataOf } from './citable-address.js';
import { hashContent, keysNamedIn } from './content-hash.js';

/** Why a citation does not hold any more. */
export const reasonAnswer = z
  .object({
    code: z.enum(['changed', 'erased', 'restated', 'differs', 'unanswered']).meta({
      description:
        '`changed`: what was recorded since changes the answer; `erased`: a text in it was erased; `restated`: other rules of the fold; `differs`: another answer under the same rules; `unanswered`: none at all.',
    }),
    text: z.string().meta({ description: 'The reason in a sentence.' }),
    events: z.array(z.string()).readonly().meta({ description: 'Keys of the events that made the difference.' }),
  })
  .meta({ id: 'CitationReason' });

/** Whether a citation still holds. */
export interface CitationVerdict {
  /** The pinned address answers what was cited, and today's record says the same of the same times. */
  readonly holds: boolean;
  /** The pinned address answers what was cited. */
  readonly isReproduced: boolean;
  readonly reasons: readonly z.output<typeof reasonAnswer>[];
  /** Of the answer at the pinned address now. */
  readonly answerSha256: string | null;
  readonly fold: number | null;
  /** The same question to the record of today; null for a comparison of two records, which has no other. */
  readonly today: string | null;
}

/** Asks this service. */
export type Ask = (address: string) => Promise<OwnAnswer>;

const framed = z.looseObject({ meta: z.object({ fold: z.int() }) });

type Reason = CitationVerdict['reasons'][number];

/** Asks for what was cited again, at its pinned address and of the record of today, and compares. */
export async function judge(citation: Citation, ask: Ask): Promise<CitationVerdict> {
  const data = dataOf(citation.address);
  const again = await ask(data);
  const answered = again.status === 200 ? readJson(again.text) : undefined;
  const read = framed.safeParse(answered);
  const fold = read.success ? read.data.meta.fold : null;
  const answerSha256 = answered === undefined ? null : hashAnswer(answered);
  const isReproduced = answerSha256 === citation.answerSha256;
  const today = todayOf(citation, data);
  const lost = isReproduced ? [] : [whyLost(citation, again, fold)];
  const changed = today === null || answered === undefined ? [] : await whyChanged({ citation, answered, today }, ask);
  const reasons = [...lost, ...changed];
  return { holds: reasons.length === 0, isReproduced, reasons, answerSha256, fold, today };
}

/** A page of a list has its coordinate in its cursor, and a comparison of two records is about just those. */
function todayOf({ points }: Citation, data: string): string | null {
  const [first, ...others] = points;
  const isOfOneRecord = others.every(({ recorded }) => recorded === first?.recorded);
  return isOfOneRecord && !data.includes('cursor=') ? askedToday(data) : null;
}

function whyLost(citation: Citation, { status, text }: OwnAnswer, fold: number | null): Reason {
  if (status !== 200)
    return {
      code: 'unanswered',
      text: `The pinned address answers ${status} now: ${detailIn(text)}`,
      events: [],
    };
  if (text.includes('"erased":true'))
    return { code: 'erased', text: 'A text in the cited answer was erased since.', events: [] };
  if (fold !== citation.fold)
    return {
      code: 'restated',
      text: `Facts follow from events by version ${String(fold)} of the rules now; it was ${citation.fold}.`,
      events: [],
    };
  return {
    code: 'differs',
    text: 'The answer differs although the rules are the same. Check the log: GET /v1/audit/self-check.',
    events: [],
  };
}

interface Compared {
  readonly citation: Citation;
  readonly answered: unknown;
  readonly today: string;
}

async function whyChanged({ citation, answered, today }: Compared, ask: Ask): Promise<readonly Reason[]> {
  const now = await ask(today);
  if (now.status !== 200)
    return [
      {
        code: 'changed',
        text: `The record of today has no such answer: ${detailIn(now.text)}`,
        events: await sinceThen({ citation, before: answered, after: null }, ask),
      },
    ];
  const after = readJson(now.text);
  if (hashContent(after) === hashContent(answered)) return [];
  const events = await causesOf({ citation, before: answered, after }, ask);
  const named = events.length === 0 ? '' : ` The difference was made by ${events.join(', ')}.`;
  return [{ code: 'changed', text: `The record of today says otherwise about the same times.${named}`, events }];
}

interface Difference {
  readonly citation: Citation;
  readonly before: unknown;
  readonly after: unknown;
}

const A_STATE = /^\/v1\/(?:policies(?:\/[^/?]+)?|facts)(?=\?|$)/;

const differenceAnswer = z.looseObject({ changes: z.array(z.looseObject({ causes: z.array(z.string()) })) });

/** The events behind a difference: of states the comparison names them, of lists those recorded since that concern its events. */
async function causesOf(difference: Difference, ask: Ask): Promise<readonly string[]> {
  const data = dataOf(difference.citation.address);
  const [point] = difference.citation.points;
  if (point === undefined || !A_STATE.test(data)) return sinceThen(difference, ask);
  const [, slug] = /^\/v1\/policies\/([^/?]+)/.exec(data) ?? [];
  const { recorded, knownAt, validAt } = point;
  const times = `from.recordedAt=@${recorded}&from.knownAt=${knownAt}&from.validAt=${validAt}&to.knownAt=${knownAt}&to.validAt=${validAt}`;
  const compared = await ask(`${slug === undefined ? '/v1' : `/v1/policies/${slug}`}/diff?${times}`);
  const read = differenceAnswer.safeParse(compared.status === 200 ? readJson(compared.text) : undefined);
  const causes = read.success ? read.data.changes.flatMap((change) => change.causes) : [];
  return causes.length === 0 ? sinceThen(difference, ask) : mostOf(causes);
}

const laterEvents = z.looseObject({
  items: z.array(
    z.looseObject({
      key: z.string(),
      target: z.string().optional(),
      links: z.array(z.looseObject({ to: z.string() })).optional(),
    }),
  ),
});

/** Those of the events recorded since that speak of an event in the answer, or are in the new one; else all of them. */
async function sinceThen({ citation, before, after }: Difference, ask: Ask): Promise<readonly string[]> {
  const data = dataOf(citation.address);
  const recorded = Math.max(0, ...citation.points.map((point) => point.recorded));
  const policy = /^\/v1\/policies\/([^/?]+)/.exec(data)?.[1] ?? new URLSearchParams(data.split('?')[1]).get('policy');
  const list = await ask(
    `/v1/events?recordedAfter=@${recorded}&records=true&retracted=true&order=recorded&limit=1000${policy === null ? '' : `&policy=${policy}`}`,
  );
  const read = laterEvents.safeParse(list.status === 200 ? readJson(list.text) : undefined);
  const later = read.success ? read.data.items : [];
  const [old, current] = [keysNamedIn(before), keysNamedIn(after)];
  const concerned = later.filter(
    ({ key, target, links = [] }) =>
      (current.has(key) && !old.has(key)) || [target, ...links.map(({ to }) => to)].some((to) => to && old.has(to)),
  );
  return mostOf((concerned.length === 0 ? later : concerned).map(({ key }) => key));
}

/** Of many events the first are named. */
const MOST_NAMED = 20;

const mostOf = (keys: readonly string[]): readonly string[] => [...new Set(keys)].slice(0, MOST_NAMED);

const readJson = (text: string): unknown => JSON.parse(text);

const problem = z.looseObject({ detail: z.string() });

/** The detail of a problem. */
export function detailIn(text: string): string {
  const read = problem.safeParse(text.startsWith('{') ? readJson(text) : undefined);
  return read.success ? read.data.detail : 'it could not be read.';
}
