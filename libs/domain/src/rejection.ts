/**
 * Every reason for which input is rejected, in the order in which they are reported.
 *
 * A rejection is about the input: the same input is rejected again until it, or what is on record, changes.
 */
export const REJECTION_CODES = {
  'not-json': 'The text is not one JSON value.',
  'not-an-object': 'The value must be a JSON object.',
  'malformed-text':
    'Text holds a control character or half of a surrogate pair, or a name a character that does not show.',
  'unsafe-number': 'A number lies beyond what every JSON reader keeps exactly.',
  'unsafe-name': 'A name would be taken for part of an object itself.',
  'unknown-type': 'There is no such type of event.',
  'operators-only': 'Only the service itself records this type.',
  'unknown-field': 'The type of event has no such field.',
  'missing-field': 'A required field is missing.',
  'missing-reason': 'A correction or retraction says why.',
  'figure-without-unit': 'A figure says in what it counts.',
  'money-without-currency': 'An amount of money names its currency by ISO 4217.',
  'invalid-value': 'The value is not of the form or list that the field takes.',
  'names-disagree': 'A field and its older name say different things.',
  'over-limit': 'Text, list or number is over its limit.',
  'date-outside-profile': 'The date is none of the accepted forms, or a day that the calendar lacks.',
  'inverted-interval': 'An interval, or what an event says, ends before it begins.',
  'empty-interval': 'An interval in which no instant lies.',
  'duplicate-term': 'Two terms of one event have the same key.',
  'empty-changes': 'A correction, or a redescription of a policy, changes at least one field.',
  'unchangeable-field': 'A correction cannot change what names or places an event.',
  'policy-mismatch': 'The body names another policy than the address does.',
  'repeated-policy': 'The policy itself stands where another policy belongs.',
  'unknown-policy': 'No policy of that slug is registered.',
  'policy-withdrawn': 'The registration of the policy was withdrawn.',
  'events-in-force': 'A policy is withdrawn only when no event about it is in force.',
  'name-taken': 'Another policy has, or had, the slug or alias.',
  'self-link': 'An event cannot link to itself.',
  'unknown-link-target': 'A link points to an event that is not on record.',
  'self-target': 'A correction, retraction or source cannot be about itself.',
  'unknown-target': 'The event that it is about is not on record.',
  'foreign-target': 'The event that it is about belongs to another policy.',
  'forbidden-target': 'Events of that type cannot be corrected, retracted or given sources.',
  'target-chain-too-long': 'Records about records go no deeper.',
  'too-many-records-about': 'No more records can be about one event.',
  'target-rejected': 'The event that it hangs on was rejected.',
  cycle: 'Following the links or targets leads back to the event.',
  'linked-set-too-large': 'No more events can depend on each other for their dates.',
  'too-many-dating-links': 'Too many links of one event date it.',
  'published-in-future': 'It cannot have been published later than now, unless it is forthcoming.',
  'key-reused': 'The key belongs to another event.',
  'too-many': 'Further faults are not listed.',
} as const;

export type RejectionCode = keyof typeof REJECTION_CODES;

/** One reason why input is rejected: what, where, and what to do. */
export interface Rejection {
  readonly code: RejectionCode;
  /** JSON Pointer (RFC 6901) into the input; empty for the whole. */
  readonly pointer: string;
  readonly message: string;
}

/** At most this many rejections are listed; the last then says that there are more. */
export const REJECTIONS_LISTED = 100;

/** A JSON Pointer from member names and indexes. */
export const pointerTo = (path: readonly (string | number)[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const RANK = new Map(Object.keys(REJECTION_CODES).map((code, rank) => [code, rank]));

/** The rejections to report: without repeats, in the order of the list of codes, cut at the limit. */
export function ranked(rejections: readonly Rejection[]): readonly Rejection[] {
  const unique = new Map(rejections.map((rejection) => [`${rejection.code} ${rejection.pointer}`, rejection]));
  const sorted = [...unique.values()].sort((one, other) => (RANK.get(one.code) ?? 0) - (RANK.get(other.code) ?? 0));
  if (sorted.length <= REJECTIONS_LISTED) return sorted;
  const rest = sorted.length - REJECTIONS_LISTED + 1;
  const message = `${rest} further faults are not listed. Correct these first and send it again.`;
  return [...sorted.slice(0, REJECTIONS_LISTED - 1), { code: 'too-many', pointer: '', message }];
}
