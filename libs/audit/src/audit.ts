import type { Pool } from 'pg';
import type { EventLog } from '#event-log';
import { AuditFollower } from './follower/follower.js';
import type { AuditKey } from './follower/key-file.js';
import { AuditRecord } from './record/audit-record.js';

/** What the audit stands on. All of it is the caller's to close. */
export interface AuditNeeds {
  /** Works as the application's role. */
  readonly pool: Pool;
  readonly log: EventLog;
  readonly key: AuditKey;
  /** Whether this process follows the log, or only shows what others sign. */
  readonly follows: boolean;
  /** Told why nothing more is signed, once for each reason. */
  readonly onHalted: (error: Error) => void;
}

/**
 * How the audit stands. `following`: some process signs what is appended. `halted`: the log contradicts what was
 * signed, or cannot be read, and `error` says how. `unattended`: no process that has the key follows.
 */
export interface AuditStatus {
  readonly state: 'following' | 'halted' | 'unattended';
  /** Entries signed so far. */
  readonly size: number;
  readonly lagEvents: number;
  readonly error: string | null;
}

/** The audit as one process sees it: follows the log, if it is to, and shows what was signed. */
export class Audit {
  readonly record: AuditRecord;
  readonly vkey: string;
  readonly #follower: AuditFollower | undefined;
  readonly #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(private readonly needs: AuditNeeds) {
    const { pool, log, key, follows, onHalted } = needs;
    this.vkey = key.vkey;
    this.record = new AuditRecord({ pool, log, ...key });
    if (key.signer && follows) this.#follower = new AuditFollower({ pool, log, key: key.signer, onHalted });
  }

  /** Begins to follow. */
  start(): void {
    const { signal } = this.#stop;
    this.#running = Promise.resolve(this.#follower?.run(signal));
  }

  /** Stops after what is being signed, and lets others follow. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** How the audit stands, whichever process follows. */
  async status(): Promise<AuditStatus> {
    const [{ size, error, isFollowed }, head] = await Promise.all([this.record.standing(), this.needs.log.head()]);
    const state = error === null ? (isFollowed ? 'following' : 'unattended') : 'halted';
    return { state, size, lagEvents: Math.max(0, head.position - size), error };
  }
}
