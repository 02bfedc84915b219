/** Thrown if the process cannot start as configured; the message says why and what to do, without a stack trace. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}
