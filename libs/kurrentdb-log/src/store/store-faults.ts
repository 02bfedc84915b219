import { LogUnavailableError } from '#event-log/adapter';

/** The client's names of faults that say nothing of what was asked for: only that it was not, or may not have been, done. */
const UNREACHABLE = new Set(['timeout', 'deadline-exceeded', 'unavailable', 'cancelled', 'not-leader']);

/** gRPC: cancelled, deadline exceeded, aborted, internal, unavailable. */
const UNREACHABLE_CODES = new Set([1, 4, 10, 13, 14]);

/** Errors of the client that come without a name: no node answered, or a connection broke under a call. */
const UNREACHABLE_TEXT =
  /failed to discover|unavailable|deadline|timed? ?out|transport error|connect|broken pipe|channel|cancel|not leader|not ready|maximum discovery/i;

/** Messages for errors of the store that are no matter of the connection. */
const REFUSALS: ReadonlyMap<string, string> = new Map([
  [
    'access-denied',
    'The event store refused access. Give a user with the right to append, and its password, in KURRENTDB_URL.',
  ],
  [
    'stream-deleted',
    'A stream of the log was permanently deleted in the event store and accepts no more events. Restore the store from a backup.',
  ],
  [
    'stream-tombstoned',
    'A stream of the log was permanently deleted in the event store and accepts no more events. Restore the store from a backup.',
  ],
  ['maximum-append-size-exceeded', 'The event store does not accept an append of that size. Send less at once.'],
  ['append-record-size-exceeded', 'The event store does not accept an event of that size. Send less at once.'],
  ['transaction-max-size-exceeded', 'The event store does not accept an append of that size. Send less at once.'],
]);

/** A call that was given up, since the store said nothing for too long. */
export class StoreSilentError extends Error {
  override readonly name = 'StoreSilentError';
  constructor(
    readonly what: string,
    limitMs: number,
  ) {
    super(`The event store did not answer ${what} within ${limitMs} ms.`);
  }
}

/** The error that the port promises for one of the client: {@link LogUnavailableError} for a store that is unreachable. */
export function toStoreFault(error: unknown): Error {
  if (error instanceof LogUnavailableError) return error;
  const cause = error instanceof Error ? error : new Error(textOf(error, 'message') ?? String(error));
  const type = textOf(error, 'type') ?? '';
  const refusal = REFUSALS.get(type);
  if (refusal !== undefined) return new Error(refusal, { cause });
  return isUnreachable(error, type)
    ? new LogUnavailableError(
        'The event store cannot be reached. Send the same request again: it is recorded at most once.',
        {
          cause,
        },
      )
    : cause;
}

/** True when the node that was asked is not the leader, which nothing was given to. */
export const isNotLeader = (error: unknown): boolean => textOf(error, 'type') === 'not-leader';

/** True for a stream that has no events that could be read. */
export const isStreamNotFound = (error: unknown): boolean => textOf(error, 'type') === 'stream-not-found';

/** The last revision of the stream, null for none, where an error says that it was not as expected; else undefined. */
export function readActualRevision(
  error: unknown,
): { readonly stream: string; readonly actual: number | null } | undefined {
  if (textOf(error, 'type') !== 'wrong-expected-version') return undefined;
  const actual = memberOf(error, 'actualState');
  return { stream: textOf(error, 'streamName') ?? '', actual: typeof actual === 'bigint' ? Number(actual) : null };
}

function isUnreachable(error: unknown, type: string): boolean {
  if (error instanceof StoreSilentError || UNREACHABLE.has(type)) return true;
  const code = memberOf(error, 'code');
  if (typeof code === 'number' && UNREACHABLE_CODES.has(code)) return true;
  return UNREACHABLE_TEXT.test(textOf(error, 'message') ?? '');
}

/** Asks for no class: errors of sockets and of native code come from elsewhere. */
const memberOf = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;

function textOf(error: unknown, name: string): string | undefined {
  const value = memberOf(error, name);
  return typeof value === 'string' ? value : undefined;
}
