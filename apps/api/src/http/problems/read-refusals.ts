import type { ReadRefusal } from '#projections';
import { Refusal } from './refusal.js';

/** Translates a refusal of the read side. */
export function readRefusal(refusal: ReadRefusal): Refusal {
  switch (refusal.outcome) {
    case 'unknown-policy':
      return new Refusal('unknown-policy', {
        detail: `No policy has the slug or alias ${JSON.stringify(refusal.name)}.${refusal.near === undefined ? '' : ` Did you mean ${refusal.near}?`} GET /v1/policies lists all policies.`,
        wayOn: { near: refusal.near },
      });
    case 'not-recorded-yet':
      return new Refusal('policy-not-yet-recorded', {
        detail: `At the requested recordedAt the policy was not registered yet; it exists since position ${refusal.since}. Ask for that position or a later one.`,
        wayOn: { since: refusal.since },
      });
    case 'withdrawn':
      return new Refusal('policy-withdrawn', {
        detail: `The registration of the policy was withdrawn at position ${refusal.since}, by the event "${refusal.by}". An earlier recordedAt still answers as before.`,
      });
    case 'unknown-event':
      return new Refusal('unknown-event', {
        detail:
          'No event with this id or key is in force at this coordinate. Check the key, or ask for another coordinate.',
      });
    case 'beyond-head':
      return new Refusal('beyond-head', {
        detail: `recordedAt: the last position in the log is ${refusal.head}. Ask for that position or an earlier one.`,
        wayOn: { head: refusal.head },
      });
    case 'behind':
      return new Refusal('not-caught-up', {
        detail: `The read models have reached position ${refusal.reached} so far, or one of them is being built. Try again; GET /v1/projections shows the progress.`,
        headers: { 'retry-after': '1' },
      });
    case 'not-settled':
      return new Refusal('not-settled', {
        detail:
          'recordedAt: an append that began before that instant is still in progress, so the record up to it is not settled yet. Try again.',
        headers: { 'retry-after': '1' },
      });
    case 'in-future':
      return new Refusal('in-future', {
        detail: 'recordedAt: the instant is in the future. Ask for now or earlier.',
      });
  }
}
