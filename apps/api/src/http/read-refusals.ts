import type { ReadRefusal } from '#projections';
import { Refused } from './refusal.js';

/** What the read side refuses, as a problem. */
export function refusedRead(refusal: ReadRefusal): Refused {
  switch (refusal.outcome) {
    case 'unknown-policy':
      return new Refused('unknown-policy', {
        detail: `No policy has the slug or alias ${JSON.stringify(refusal.name)}.${refusal.near === undefined ? '' : ` Did you mean ${refusal.near}?`} GET /v1/policies lists all.`,
      });
    case 'not-recorded-yet':
      return new Refused('policy-not-yet-recorded', {
        detail: `At the position asked for, the policy was not recorded yet; it exists since position ${refusal.since}.`,
      });
    case 'withdrawn':
      return new Refused('policy-withdrawn', {
        detail: `The registration of the policy was withdrawn at position ${refusal.since}, by the event "${refusal.by}". What was answered before is still answered for an earlier recordedAt.`,
      });
    case 'unknown-event':
      return new Refused('unknown-event', { detail: 'No event with this id or key is in force at this coordinate.' });
    case 'beyond-head':
      return new Refused('beyond-head', { detail: `recordedAt: the last position recorded is ${refusal.head}.` });
    case 'behind':
      return new Refused('not-caught-up', {
        detail: `The answers reach position ${refusal.reached} so far, or what they rest on is being built. Try again; GET /v1/projections says how far it is.`,
        headers: { 'retry-after': '1' },
      });
    case 'not-settled':
      return new Refused('not-settled', {
        detail:
          'recordedAt: an append that began before that instant is still under way, so what had been recorded by then is not known yet. Try again.',
        headers: { 'retry-after': '1' },
      });
    case 'in-future':
      return new Refused('in-future', {
        detail: 'recordedAt: what will have been recorded by a future instant is not known.',
      });
  }
}
