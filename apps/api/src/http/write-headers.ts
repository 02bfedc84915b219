import type { FastifyRequest } from 'fastify';
import { Refused } from './refusal.js';

const LONGEST_IDEMPOTENCY_KEY = 255;
const A_REVISION = /^"(\d{1,15})"$/;

/** What a write says in its headers, for the document. */
export const WRITE_HEADERS = {
  'Idempotency-Key':
    'A word of the client for this request, at most 255 characters. Sent again with the same body, it answers the same and records nothing.',
  'If-Match':
    'Revision of the last event of the policy that the client knows, in quotes; 412 when there are later ones.',
};

/** What a write's headers ask for. */
export interface WriteConditions {
  readonly idempotencyKey?: string;
  readonly ifMatch?: number;
}

/** Reads the headers of a write. */
export function writeConditions({ headers }: FastifyRequest): WriteConditions {
  const idempotencyKey = headers['idempotency-key'];
  const ifMatch = headers['if-match'];
  return {
    ...(idempotencyKey === undefined ? {} : { idempotencyKey: keyIn(String(idempotencyKey)) }),
    ...(ifMatch === undefined ? {} : { ifMatch: revisionIn(ifMatch) }),
  };
}

function keyIn(text: string): string {
  if (text === '')
    throw new Refused('invalid-header', { detail: 'Idempotency-Key is empty; leave it out or give it a value.' });
  if (text.length <= LONGEST_IDEMPOTENCY_KEY) return text;
  throw new Refused('invalid-header', {
    detail: `Idempotency-Key has ${text.length} characters; at most ${LONGEST_IDEMPOTENCY_KEY} are allowed.`,
  });
}

function revisionIn(text: string): number {
  const [, digits] = A_REVISION.exec(text) ?? [];
  if (digits !== undefined) return Number(digits);
  throw new Refused('invalid-header', { detail: 'If-Match must be one revision in quotes, like "3".' });
}
