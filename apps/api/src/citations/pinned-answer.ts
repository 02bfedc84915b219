import { z } from 'zod';
import type { CitedAnswer, CitedPoint } from '#citations';
import { hashAnswer } from '#event-log/answer-hash';
import { type ShownCoordinate, coordinateAnswer, metaAnswer } from '../http/response/frame.js';

/** The parts of an answer that are needed to cite it. */
const pinnedAnswer = z.looseObject({
  coordinate: coordinateAnswer.optional(),
  from: coordinateAnswer.optional().catch(undefined),
  to: coordinateAnswer.optional().catch(undefined),
  permalink: z.string(),
  meta: metaAnswer,
  policy: z.string().optional().catch(undefined),
  title: z.string().optional().catch(undefined),
});

/** An answer at a pinned address, or why what was answered is none. */
export type PinnedAnswer =
  | { readonly ok: true; readonly answer: Omit<CitedAnswer, 'root' | 'size' | 'address'>; readonly permalink: string }
  | { readonly ok: false; readonly message: string; readonly permalink?: string };

/** Reads the answer of an address. */
export function readPinnedAnswer(text: string): PinnedAnswer {
  const body = readJson(text);
  const read = pinnedAnswer.safeParse(body);
  if (!read.success) return { ok: false, message: 'has no answer at a coordinate, so there is nothing to cite' };
  const { permalink, meta, coordinate, from, to } = read.data;
  const points = (coordinate ? [coordinate] : [from, to]).flatMap((point) => (point ? [pointOf(point)] : []));
  if (meta.position !== undefined)
    return {
      ok: false,
      permalink,
      message: `is not pinned, so its answer changes; the same answer is kept at ${permalink}`,
    };
  const answer = {
    title: titleOf(permalink, read.data),
    answerSha256: hashAnswer(body),
    fold: meta.fold,
    points,
  };
  return { ok: true, permalink, answer };
}

/** Undefined for what is not JSON: a calendar, a note. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const pointOf = ({ recordedAt, knownAt, validAt }: ShownCoordinate): CitedPoint => ({
  recorded: recordedAt.position,
  recordedAt: recordedAt.at,
  knownAt,
  validAt,
});

const OF_A_POLICY: Readonly<Record<string, string>> = {
  timeline: 'Events of',
  diff: 'Changes of',
  history: 'History of',
};

/** A title for an answer, which references show: the policy, or what the list is of. */
function titleOf(permalink: string, { title, policy }: { title?: string | undefined; policy?: string | undefined }) {
  const [, subject = '', name, part] = (permalink.split('?')[0] ?? '').replace(/^\/v1/, '').split('/');
  if (subject === 'policies' && part !== undefined) return `${OF_A_POLICY[part] ?? part} ${name}`;
  if (subject === 'policies' && name !== undefined) return title ?? policy ?? name;
  if (subject === 'events' && name !== undefined) return `Event ${name}`;
  return subject === 'diff' ? 'Changes of all policies' : subject.replace(/^./, (letter) => letter.toUpperCase());
}
