import type { RecordOutcome } from '#recording';
import { busyRefusal } from './problem-filter.js';
import { Refusal } from './refusal.js';

/** Outcomes of a command that recorded nothing and found nothing recorded before. */
export type RefusedOutcome = Exclude<
  RecordOutcome,
  { outcome: 'recorded' | 'repeated' | 'replayed' | 'pending' | 'alias' }
>;

/** Translates a refusal of the write side. */
export function writeRefusal(refusal: RefusedOutcome): Refusal {
  switch (refusal.outcome) {
    case 'rejected': {
      const { rejections } = refusal;
      const [only] = rejections;
      const code = rejections.length === 1 && only?.code === 'key-reused' ? 'key-reused' : 'rejected';
      return new Refusal(code, {
        detail: rejections
          .map(({ pointer, message }) => (pointer === '' ? message : `${pointer}: ${message}`))
          .join(' '),
        errors: rejections,
      });
    }
    case 'idempotency-key-reused':
      return new Refusal('idempotency-key-reused', {
        detail: 'This Idempotency-Key was already used with a different body. Use a new key for a new request.',
      });
    case 'stale':
      return new Refusal('stale-revision', {
        detail: `The current revision of the policy is ${refusal.actual}. Read what is new, then send the request with the current revision.`,
      });
    case 'unknown-policy':
      return new Refusal('unknown-policy', {
        detail: 'No policy has this slug. Register it first: POST /v1/policies.',
      });
    case 'busy':
      return busyRefusal();
  }
}
