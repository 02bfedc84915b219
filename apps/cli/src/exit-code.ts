/** The exit codes of commands, by meaning. */
export const EXIT = { ok: 0, differs: 1, usage: 2, notFound: 3, rejected: 4, unavailable: 5 } as const;

/** The exit code of a command. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Thrown when a command cannot continue; the message says why and what to do. */
export class Failure extends Error {
  override readonly name = 'Failure';
  constructor(
    readonly code: ExitCode,
    message: string,
  ) {
    super(message);
  }
}
