/**
 * Every reason for which input is rejected, in the order in which they are reported.
 *
 * A rejection is about the input: the same input is rejected again until it, or what is on record, changes.
 */
export const REJECTION_CODES = {
  'not-json': 'The text is not one JSON value.',
  'not-an-object': 'The value must be a JSON object.',
  'malformed-text':
    'A text contains a control character or half of a surrogate pair, or a name contains an invisible character.',
  'unsafe-number': 'A number is too large for every JSON reader to keep it exactly.',
  'unsafe-name': 'A name is a reserved word.',
  'unknown-type': 'There is no such type of event.',
  'operators-only': 'Only the service itself records this type.',
  'unknown-field': 'The type of event has no such field.',
  'missing-field': 'A required field is missing.',
  'missing-reason': 'A correction or retraction must give a reason.',
  'figure-without-unit': 'A figure must have a unit.',
  'money-without-currency': 'An amount of money must name its currency by its ISO 4217 code.',
  'invalid-value': 'The value does not have the form that the field requires, or is not in its list.',
  'names-disagree': 'A field and its former name have different values.',
  'over-limit': 'A text, list or number exceeds its limit.',
  'date-outside-profile': 'The date has none of the supported forms, or is not a day of the calendar.',
  'inverted-interval': 'An interval, or the effect of an event, ends before it begins.',
  'empty-interval': 'An interval contains no instant.',
  'duplicate-term': 'Two terms of one event have the same key.',
  'duplicate-identifier': 'Two addresses under which the policy is described elsewhere are the same.',
  'empty-changes': 'A correction, or a redescription of a policy, must change at least one field.',
  'unchangeable-field': 'A correction cannot change the key, type, policy or target of an event.',
  'policy-mismatch': 'The body names a different policy from the address.',
  'repeated-policy': 'The policy itself is named where another policy is required.',
  'unknown-policy': 'No policy with that slug is registered.',
  'policy-withdrawn': 'The registration of the policy was withdrawn.',
  'events-in-force': 'A policy can be withdrawn only while no event about it is in force.',
  'name-taken': 'Another policy has, or had, the slug or alias.',
  'self-link': 'An event cannot link to itself.',
  'unknown-link-target': 'A link points to an event that is not on record.',
  'self-target': 'A correction, retraction or source cannot have itself as its target.',
  'unknown-target': 'The target is not on record.',
  'foreign-target': 'The target belongs to another policy.',
  'forbidden-target': 'Events of that type cannot be corrected, retracted or given sources.',
  'target-chain-too-long': 'The chain of records about records is too deep.',
  'too-many-records-about': 'Too many records are about one event.',
  'target-rejected': 'An event that this one depends on was rejected.',
  cycle: 'The links or targets lead back to the event.',
  'linked-set-too-large': 'The dates of too many events depend on each other.',
  'too-many-dating-links': 'Too many links of one event affect its date.',
  'published-in-future': 'The publication is in the future, and the event is not marked as forthcoming.',
  'key-reused': 'The key belongs to another event.',
  'too-many': 'Further mistakes are not listed.',
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

const RANK = new Map(Object.keys(REJECTION_CODES).map((code, rank) => [code, rank]));

/** The rejections to report: without repeats, in the order of the list of codes, cut at the limit. */
export function rankRejections(rejections: readonly Rejection[]): readonly Rejection[] {
  const unique = new Map(rejections.map((rejection) => [`${rejection.code} ${rejection.pointer}`, rejection]));
  const sorted = [...unique.values()].sort((one, other) => (RANK.get(one.code) ?? 0) - (RANK.get(other.code) ?? 0));
  if (sorted.length <= REJECTIONS_LISTED) return sorted;
  const rest = sorted.length - REJECTIONS_LISTED + 1;
  const message = `${rest} further mistakes are not listed. Correct these first and send it again.`;
  return [...sorted.slice(0, REJECTIONS_LISTED - 1), { code: 'too-many', pointer: '', message }];
}
