/** The HTTP form of a refusal. */
export interface RefusalKind {
  readonly status: number;
  /** The same for every occurrence. */
  readonly title: string;
}

/** Refusals that arise in the transport itself. */
type TransportRefusal =
  | 'malformed-request'
  | 'broken-json'
  | 'invalid-query'
  | 'invalid-header'
  | 'writes-closed'
  | 'cross-site-write'
  | 'cross-site-read'
  | 'foreign-host'
  | 'key-in-address'
  | 'key-missing'
  | 'key-rejected'
  | 'csrf-token-wrong'
  | 'role-missing'
  | 'role-too-low'
  | 'provider-unavailable'
  | 'unknown-access-key'
  | 'unknown-session'
  | 'too-many-keys'
  | 'unknown-route'
  | 'method-not-allowed'
  | 'not-acceptable'
  | 'request-timeout'
  | 'body-too-large'
  | 'uri-too-long'
  | 'unsupported-media-type'
  | 'headers-too-large'
  | 'expectation-failed'
  | 'precondition-failed'
  | 'not-caught-up'
  | 'clock-behind'
  | 'clock-differs'
  | 'starting'
  | 'shutting-down'
  | 'client-streams-exceeded'
  | 'too-many-streams'
  | 'too-many-requests'
  | 'answer-too-large'
  | 'range-not-satisfiable'
  | 'no-room-for-export'
  | 'took-too-long'
  | 'too-many-imports'
  | 'too-many-citations'
  | 'rate-exceeded'
  | 'database-unavailable'
  | 'internal-error';

/** Refusals of the write side, one for each outcome of a command that records nothing. */
type WriteRefusal =
  | 'rejected'
  | 'policy-differs'
  | 'registration-withdrawn'
  | 'key-reused'
  | 'idempotency-key-reused'
  | 'stale-revision'
  | 'busy';

/** Refusals of the read side. */
type ReadRefusal =
  | 'unknown-policy'
  | 'policy-not-yet-recorded'
  | 'policy-withdrawn'
  | 'unknown-event'
  | 'unknown-left-out'
  | 'unknown-thing'
  | 'beyond-head'
  | 'in-future'
  | 'not-settled'
  | 'unknown-tile'
  | 'unknown-citation'
  | 'invalid-tile'
  | 'not-signed'
  | 'unknown-projection'
  | 'no-rebuild'
  | 'not-set-aside';

/** Every reason for which this API answers a problem; the closed list that the map below must cover to compile. */
export type RefusalCode = TransportRefusal | WriteRefusal | ReadRefusal;

/** The one map from refusals to HTTP. */
export const refusals = {
  'malformed-request': { status: 400, title: 'The request is malformed' },
  'broken-json': { status: 400, title: 'The body is not well-formed JSON' },
  'invalid-query': { status: 400, title: 'A query parameter is wrong' },
  'invalid-header': { status: 400, title: 'A request header is wrong' },
  'invalid-tile': { status: 400, title: 'The address does not name a tile' },
  'beyond-head': { status: 400, title: 'The log does not reach that position yet' },
  'in-future': { status: 400, title: 'The recorded time lies in the future' },
  'key-in-address': { status: 400, title: 'Keys must not be part of an address' },
  'key-missing': { status: 401, title: 'A key is needed' },
  'key-rejected': { status: 401, title: 'The key is not accepted' },
  'csrf-token-wrong': { status: 403, title: 'The write is not shown to be of the page' },
  'role-missing': { status: 403, title: 'The token gives no role' },
  'role-too-low': { status: 403, title: 'The role is not enough' },
  'writes-closed': { status: 403, title: 'Writes are accepted from this machine only' },
  'cross-site-write': { status: 403, title: 'Pages of other sites are not allowed to write' },
  'cross-site-read': { status: 403, title: 'Pages of other sites are not allowed to read' },
  'foreign-host': { status: 403, title: 'The Host header names another server' },
  'unknown-route': { status: 404, title: 'No such address' },
  'unknown-policy': { status: 404, title: 'No such policy' },
  'policy-not-yet-recorded': { status: 404, title: 'The policy was not recorded yet' },
  'policy-withdrawn': { status: 404, title: 'The policy was withdrawn' },
  'unknown-left-out': { status: 404, title: 'What is to be left out is not on record' },
  'unknown-thing': { status: 404, title: 'What is asked about is not on record' },
  'unknown-event': { status: 404, title: 'No such event is in force' },
  'unknown-tile': { status: 404, title: 'The signed log has no such tile' },
  'unknown-citation': { status: 404, title: 'No such citation' },
  'unknown-access-key': { status: 404, title: 'No such key' },
  'unknown-session': { status: 404, title: 'No such session' },
  'unknown-projection': { status: 404, title: 'No such read model' },
  'not-set-aside': { status: 404, title: 'The event is not parked for that read model' },
  'no-rebuild': { status: 409, title: 'No rebuild of that read model is in progress' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed at this address' },
  'not-acceptable': { status: 406, title: 'No acceptable representation' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'too-many-keys': { status: 409, title: 'There are too many keys' },
  'policy-differs': { status: 409, title: 'The policy is registered with a different body' },
  'registration-withdrawn': { status: 409, title: 'The registration was withdrawn' },
  'stale-revision': { status: 412, title: 'The policy has a newer revision' },
  'precondition-failed': { status: 412, title: 'A precondition of the request failed' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'answer-too-large': { status: 413, title: 'The answer would be too large' },
  'uri-too-long': { status: 414, title: 'The address is too long' },
  'unsupported-media-type': { status: 415, title: 'The media type of the body is not supported' },
  'range-not-satisfiable': { status: 416, title: 'The file has no such part' },
  'expectation-failed': { status: 417, title: 'The expectation cannot be met' },
  rejected: { status: 422, title: 'The body was rejected' },
  'key-reused': { status: 422, title: 'The key belongs to a different event' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used for a different body' },
  'too-many-citations': { status: 429, title: 'Too many citations in a minute' },
  'rate-exceeded': { status: 429, title: 'Too much was asked for in a short time' },
  'client-streams-exceeded': { status: 429, title: 'Too many streams of one client are open' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  'internal-error': { status: 500, title: 'Internal error' },
  busy: { status: 503, title: 'Too many writes at once' },
  'not-caught-up': { status: 503, title: 'The read models have not reached that position yet' },
  'not-settled': { status: 503, title: 'The record up to that instant is not settled yet' },
  'not-signed': { status: 503, title: 'Nothing is signed yet' },
  'too-many-requests': { status: 503, title: 'Too many requests at once' },
  'took-too-long': { status: 503, title: 'The answer took too long' },
  'too-many-streams': { status: 503, title: 'Too many streams are open' },
  'too-many-imports': { status: 503, title: 'Too many imports at once' },
  'clock-behind': { status: 503, title: 'The clock is behind the last record' },
  'clock-differs': { status: 503, title: 'The clocks of the database and this machine differ' },
  starting: { status: 503, title: 'The service is starting' },
  'shutting-down': { status: 503, title: 'The server is stopping' },
  'provider-unavailable': { status: 503, title: 'The identity provider cannot be reached' },
  'database-unavailable': { status: 503, title: 'The database cannot be reached' },
  'no-room-for-export': { status: 507, title: 'There is no room for the export' },
} as const satisfies Record<RefusalCode, RefusalKind>;
