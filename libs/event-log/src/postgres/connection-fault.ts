/** SQLSTATE classes that say the connection or the server is gone: 08 connection, 57P0 shutdown, 53300 too many. */
const GONE = /^(08...|57P0[1-5]|53300)$/;

const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT']);

/** True for an error that says nothing of the statement, only that its fate is not known. */
export function isConnectionFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code !== undefined) return GONE.test(code) || NETWORK.has(code);
  return /Connection terminated|connection timeout|timeout exceeded when trying to connect|Client has encountered a connection error/i.test(
    error.message,
  );
}

/** True when a statement gave up waiting for a lock that others hold; nothing of it was done. */
export const isLockTimeout = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '55P03';
