/**
 * What kind of fault PostgreSQL, its driver or the network reports.
 *
 * - `lost-connection`: the connection ended, or the server is stopping or away; what became of the statement is not known
 * - `too-many-connections`, `connect-timeout`: no connection could be had
 * - `cannot-connect`: the login, the database or the host is refused or does not exist
 * - `cancelled`: the statement took longer than it may
 * - `lock-timeout`: another transaction held a lock for longer than may be waited
 * - `conflict`: the transaction was rolled back because of another one
 * - `disk-full`, `out-of-memory`, `out-of-resources`: the server lacks what the statement needs
 * - `read-only`: the server takes no writes; another may have taken over
 * - `system`: the server cannot read or write its files
 * - `integrity`: the rows would violate a constraint
 */
export type DatabaseFault =
  | 'lost-connection'
  | 'too-many-connections'
  | 'connect-timeout'
  | 'cannot-connect'
  | 'cancelled'
  | 'lock-timeout'
  | 'conflict'
  | 'disk-full'
  | 'out-of-memory'
  | 'out-of-resources'
  | 'read-only'
  | 'system'
  | 'integrity';

/** By SQLSTATE, and by what Node calls a fault of the network; the first that fits counts. */
const BY_CODE: readonly (readonly [code: RegExp, fault: DatabaseFault])[] = [
  // 08 connection, 57P shutdown or idle too long, 25P03 and 25P04 a transaction that idled or lasted too long.
  [/^(08...|57P..|25P0[34])$/, 'lost-connection'],
  [/^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/, 'lost-connection'],
  [/^(28...|3D...|ENOTFOUND)$/, 'cannot-connect'],
  [/^57014$/, 'cancelled'],
  [/^55P03$/, 'lock-timeout'],
  [/^40...$/, 'conflict'],
  [/^53300$/, 'too-many-connections'],
  [/^53100$/, 'disk-full'],
  [/^53200$/, 'out-of-memory'],
  [/^53...$/, 'out-of-resources'],
  [/^25006$/, 'read-only'],
  [/^58...$/, 'system'],
  [/^23...$/, 'integrity'],
];

/** By the messages of the driver that have no code; the first that fits counts. */
const BY_MESSAGE: readonly (readonly [message: RegExp, fault: DatabaseFault])[] = [
  [
    /^(Connection terminated due to connection timeout|timeout exceeded when trying to connect|timeout expired)/,
    'connect-timeout',
  ],
  [/^(Connection terminated|Client has encountered a connection error|Client was closed)/, 'lost-connection'],
  [/^Query read timeout/, 'cancelled'],
];

/** The kind of fault that a thrown value reports; undefined for anything else, such as a mistake in a statement. */
export function faultOf(error: unknown): DatabaseFault | undefined {
  const code = errorCodeOf(error);
  // A socket that is not there, or else a file, which is no fault of the database.
  if (code === 'ENOENT') return textOf(error, 'syscall') === 'connect' ? 'lost-connection' : undefined;
  if (code === undefined) return firstMatch(BY_MESSAGE, textOf(error, 'message') ?? '');
  // A fatal error ends the connection, whatever its code: with a full disk a connection cannot even be opened.
  return (
    firstMatch(BY_CODE, code) ??
    (/^(FATAL|PANIC)$/.test(textOf(error, 'severity') ?? '') ? 'lost-connection' : undefined)
  );
}

/** The code of an error, SQLSTATE or Node's; undefined where it has none. */
export const errorCodeOf = (error: unknown): string | undefined => textOf(error, 'code');

const LASTING: ReadonlySet<DatabaseFault> = new Set(['cannot-connect', 'integrity']);

/**
 * True for a fault of the surroundings, which passes; false for one that the same statement would meet again.
 *
 * An error of another kind is transient where it has a member `isTransient` that is true, as those of the log do.
 */
export function isTransient(error: unknown): boolean {
  if (memberOf(error, 'isTransient') === true) return true;
  const fault = faultOf(error);
  return fault !== undefined && !LASTING.has(fault);
}

/**
 * True for a transient fault that the statement may have caused itself, by being too much for the database: then it
 * comes back. A full disk is none: it comes and goes, whatever is written.
 */
export function isSelfInflicted(error: unknown): boolean {
  const fault = faultOf(error);
  return fault === 'out-of-memory' || fault === 'cancelled';
}

/** True for an error that says nothing of the statement, only that its fate is not known or that it was never sent. */
export const isConnectionFault = (error: unknown): boolean =>
  isLostConnection(error) || faultOf(error) === 'connect-timeout';

/** True when a connection broke or was refused; not when none could be had in time, which another try would only wait for again. */
export function isLostConnection(error: unknown): boolean {
  const fault = faultOf(error);
  return fault === 'lost-connection' || fault === 'too-many-connections';
}

const firstMatch = (
  table: readonly (readonly [pattern: RegExp, fault: DatabaseFault])[],
  text: string,
): DatabaseFault | undefined => table.find(([pattern]) => pattern.test(text))?.[1];

/** A member of an error. Asks for no class: errors of sockets come from outside a test's realm. */
const memberOf = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;

function textOf(error: unknown, name: string): string | undefined {
  const value = memberOf(error, name);
  return typeof value === 'string' ? value : undefined;
}
