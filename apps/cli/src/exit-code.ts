/** What a command's exit code says. */
export const EXIT = { ok: 0, differs: 1, usage: 2, notFound: 3, rejected: 4, unavailable: 5 } as const;

/** One of them. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A command cannot go on; the message says why and what to do. */
export class Failure extends Error {
  override readonly name = 'Failure';
  constructor(
    readonly code: ExitCode,
    message: string,
  ) {
    super(message);
  }
}
