import type { Instant, Position, Rejection, Revision, Warning } from '#domain';
import type { Rehearsal } from './rehearsal.js';

/** The location of a recorded event. */
export interface RecordedPlace {
  readonly id: string;
  readonly key: string;
  readonly position: Position;
  readonly revision: Revision;
  readonly recordedAt: Instant;
}

/**
 * The outcome of recording an event.
 *
 * - `recorded`: durable. `repeated`: its key was on record with the same body. `replayed`: the idempotency key was.
 * - `rejected`: every reason why it cannot be recorded; nothing was.
 * - `idempotency-key-reused`: the key came with another body before.
 * - `stale`: the policy is not at the revision that the request was made for.
 * - `unknown-policy`: nothing is registered under that slug.
 * - `alias`: the policy is recorded under another name, its slug.
 * - `pending`: durable, and not yet in the log that reads are answered from: it can be read by its key once it is.
 * - `busy`: others were faster too often; the same request may succeed later.
 */
export type RecordOutcome =
  | ({ readonly outcome: 'recorded' | 'repeated' | 'replayed'; readonly warnings: readonly Warning[] } & RecordedPlace)
  | { readonly outcome: 'rejected'; readonly rejections: readonly Rejection[] }
  | { readonly outcome: 'idempotency-key-reused' }
  | { readonly outcome: 'stale'; readonly actual: Revision }
  | { readonly outcome: 'unknown-policy' }
  | { readonly outcome: 'alias'; readonly slug: string }
  | { readonly outcome: 'pending'; readonly key: string }
  | { readonly outcome: 'busy' };

/** The outcome of rehearsing an event: what recording it would change, or the outcome that refuses it. */
export type RehearsalOutcome =
  | {
      readonly outcome: 'rehearsed';
      readonly rehearsal: Rehearsal;
      readonly warnings: readonly Warning[];
      /** The position of the same event on record: recording it again would change nothing. */
      readonly repeats?: Position;
    }
  | Extract<RecordOutcome, { outcome: 'rejected' | 'idempotency-key-reused' | 'stale' | 'unknown-policy' | 'alias' }>;

/** The outcome of registering a policy; `differs`: it is registered with another body; `withdrawn`: it was, and the retraction of that key took it back. */
export type RegisterOutcome =
  | Exclude<RecordOutcome, { outcome: 'stale' | 'unknown-policy' | 'alias' }>
  | { readonly outcome: 'differs' }
  | { readonly outcome: 'withdrawn'; readonly by: string };

/** Conditions under which an event is to be recorded. */
export interface RecordConditions {
  readonly idempotencyKey?: string | undefined;
  /** The policy's last revision, as the request knew it. */
  readonly ifMatch?: number | undefined;
  /** Id of whoever records it, which the entry keeps: that of a key or of a subject, never a name. */
  readonly by?: string | undefined;
}
