/** SQLSTATE classes that say the connection or the server is gone: 08 connection, 57P0 shutdown, 53300 too many. */
const GONE = /^(08...|57P0[1-5]|53300)$/;

const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT']);

/** True for an error that says nothing of the statement, only that its fate is not known. */
export function isConnectionFault(error: unknown): boolean {
  const code = textOf(error, 'code');
  if (code !== undefined) return GONE.test(code) || NETWORK.has(code);
  return /Connection terminated|connection timeout|timeout exceeded when trying to connect|Client has encountered a connection error/i.test(
    textOf(error, 'message') ?? '',
  );
}

/** True when a connection broke; not when none could be had in time, which another try would only wait for again. */
export const isLostConnection = (error: unknown): boolean =>
  isConnectionFault(error) && !/timeout/i.test(textOf(error, 'message') ?? '');

/** True when a statement gave up waiting for a lock that others hold; nothing of it was done. */
export const isLockTimeout = (error: unknown): boolean => textOf(error, 'code') === '55P03';

/** A member of an error that is text. Asks for no class: errors of sockets come from outside a test's realm. */
function textOf(error: unknown, name: string): string | undefined {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}
