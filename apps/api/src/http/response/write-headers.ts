import type { FastifyRequest } from 'fastify';
import { Refusal } from '../problems/refusal.js';

const LONGEST_IDEMPOTENCY_KEY = 255;
const A_REVISION = /^"(\d{1,9})"$/;
const A_TAG = /(?:W\/)?"[^"]*"/g;
const TAGS_LIMIT = 16;

/** No policy has so many events, so this is never the last revision. */
const NO_REVISION = 2 ** 31 - 1;

/** The headers of a write, as the document describes them. */
export const WRITE_HEADERS = {
  'Idempotency-Key':
    'A value chosen by the client for this request, at most 255 characters. A repeat with the same body gets the same answer and records nothing.',
  'If-Match':
    'Revision of the last event of the policy that the client knows, in quotes; 412 if there are later ones. Also a list of revisions, or `*`.',
};

/** The conditions that the headers of a write give. */
export interface WriteConditions {
  readonly idempotencyKey?: string;
  readonly ifMatch?: number;
}

/** Reads the headers of a write: its conditions, once for each acceptable revision; at least once. */
export function readWriteConditions({ headers }: Pick<FastifyRequest, 'headers'>): Conditions {
  const key = headers['idempotency-key'];
  const ifMatch = headers['if-match'];
  const always = key === undefined ? {} : { idempotencyKey: keyIn(String(key)) };
  // An unknown policy is refused in any case.
  if (ifMatch === undefined || ifMatch.trim() === '*') return [always];
  const [first, ...others] = revisionsIn(ifMatch).map((revision) => ({ ...always, ifMatch: revision }));
  return [first ?? { ...always, ifMatch: NO_REVISION }, ...others];
}

type Conditions = readonly [WriteConditions, ...WriteConditions[]];

/** Tries a write under each of its conditions, until the outcome is not a stale revision. */
export async function tryEach<Outcome extends { readonly outcome: string }>(
  [first, ...others]: Conditions,
  write: (conditions: WriteConditions) => Promise<Outcome>,
): Promise<Outcome> {
  let outcome = await write(first);
  for (const conditions of others) {
    if (outcome.outcome !== 'stale') break;
    outcome = await write(conditions);
  }
  return outcome;
}

function keyIn(text: string): string {
  if (text === '')
    throw new Refusal('invalid-header', { detail: 'Idempotency-Key is empty. Leave it out or give it a value.' });
  if (text.length <= LONGEST_IDEMPOTENCY_KEY) return text;
  throw new Refusal('invalid-header', {
    detail: `Idempotency-Key has ${text.length} characters; at most ${LONGEST_IDEMPOTENCY_KEY} are allowed. Use a shorter one.`,
  });
}

/** The revisions among the tags of `If-Match`; other tags match nothing here, and weak ones never match. */
function revisionsIn(header: string): readonly number[] {
  const tags = [...new Set(header.match(A_TAG) ?? [])];
  if (tags.length === 0 || tags.length > TAGS_LIMIT || header.replaceAll(A_TAG, '').replaceAll(/[\s,]/g, '') !== '')
    throw new Refusal('invalid-header', {
      detail: `If-Match must be a revision in quotes, like "3", a list of up to ${TAGS_LIMIT} of them, or *.`,
    });
  return tags.flatMap((tag) => {
    const [, digits] = A_REVISION.exec(tag) ?? [];
    return digits === undefined ? [] : [Number(digits)];
  });
}
