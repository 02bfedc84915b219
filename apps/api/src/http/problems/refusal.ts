import type { RefusalCode } from './refusals.js';

/** One mistake in a request: where it is, which rule it breaks, and what to do about it. */
export interface Mistake {
  /** JSON Pointer (RFC 6901) into the body; for a query parameter `/query/<name>`. */
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

/** The details of a refusal beside its code. */
export interface RefusalDetail {
  /** What was wrong and what to do, in a sentence. */
  readonly detail: string;
  readonly errors?: readonly Mistake[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that is answered with a problem. Thrown anywhere while answering; turned into HTTP by the problem filter alone. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly detail: string;
  readonly errors: readonly Mistake[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: RefusalCode,
    { detail, errors, headers = {} }: RefusalDetail,
  ) {
    super(`${code}: ${detail}`);
    this.detail = detail;
    this.errors = errors;
    this.headers = headers;
  }
}
