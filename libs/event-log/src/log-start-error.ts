/** The log cannot be used as things are set up; the message says why, and what to do about it. */
export class LogStartError extends Error {
  override readonly name: string = 'LogStartError';
}
