import type { RefusalCode } from './refusals.js';

/** One mistake in a request: where it is, which rule it breaks, and what to do about it. */
export interface Mistake {
  /** JSON Pointer (RFC 6901) into the body; for a query parameter `/query/<name>`. */
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

/** What leads on from a refusal, for programs: extension members of its problem (RFC 9457, section 3.2). */
export interface WayOn {
  /** The position from which on the answer would be another. */
  readonly since?: number;
  /** A name like the one that is not on record. */
  readonly near?: string | undefined;
  /** The last position in the log. */
  readonly head?: number;
}

/** The details of a refusal beside its code. */
export interface RefusalDetail {
  /** What was wrong and what to do, in a sentence. */
  readonly detail: string;
  readonly errors?: readonly Mistake[];
  readonly wayOn?: WayOn;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that is answered with a problem. Thrown anywhere while answering; turned into HTTP by the problem filter alone. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly detail: string;
  readonly errors: readonly Mistake[] | undefined;
  readonly wayOn: WayOn;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: RefusalCode,
    { detail, errors, wayOn = {}, headers = {} }: RefusalDetail,
  ) {
    super(`${code}: ${detail}`);
    this.detail = detail;
    this.errors = errors;
    this.wayOn = wayOn;
    this.headers = headers;
  }
}
