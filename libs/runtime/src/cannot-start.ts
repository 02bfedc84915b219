/** The process cannot start as it is set up; the message says why and what to do, so no stack trace is needed. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}
