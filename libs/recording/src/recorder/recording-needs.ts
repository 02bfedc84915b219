import type { Instant, Position } from '#domain';
import type { EventLog } from '#event-log';
import type { RecordedNames } from '../policies/known-names.js';
import type { NamingNeeds } from '../policies/policy-names.js';

/** The dependencies of recording. */
export interface RecordingNeeds extends NamingNeeds {
  readonly log: EventLog;
  /** The zone in which dates are read. */
  readonly zone: string;
  readonly now: () => Instant;
  /** Reads the names that were recorded, to warn of those that are nearly one of them. */
  readonly recordedNames?: () => Promise<RecordedNames>;
  /** Fresh random bytes in base64, for what can be erased. */
  readonly newSalt: () => string;
  /**
   * Called with the last position that was acknowledged as durable, and every name under which a policy that it concerns can
   * be looked for.
   */
  readonly onAcknowledged: (position: Position, policyNames: readonly string[]) => void;
}
