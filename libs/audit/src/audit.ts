import type { Pool } from 'pg';
import type { EventLog } from '#event-log';
import type { Replays } from '#projections';
import { Anchor } from './anchor/anchor.js';
import { CheckpointSigner } from './signer/checkpoint-signer.js';
import type { AuditKey } from './signer/key-file.js';
import { AuditRecord } from './record/audit-record.js';
import { type Finding, type FoundRow, type SelfCheckReport, readReport } from './self-check/report.js';
import { SelfCheck } from './self-check/self-check.js';
import { type SelfCheckVerdict, judgeReport } from './self-check/status.js';

/** The dependencies of the audit. The caller closes all of them. */
export interface AuditNeeds {
  /** Works as the application's role. */
  readonly pool: Pool;
  readonly log: EventLog;
  readonly key: AuditKey;
  /** The file in which the newest checkpoint is kept, outside the database. */
  readonly noteFile: string;
  /** True where this process may sign; otherwise it only serves what others sign. */
  readonly follows: boolean;
  /** The self-check rests so long between two passes. */
  readonly selfCheckPauseMs: number;
  /** Folds long streams for proofs; without it, the audit has its own. */
  readonly replays?: Replays;
  /** Called with a sentence that an operator should know, though signing continues. */
  readonly onWarning: (message: string) => void;
  /** Called with the reason why nothing more is signed, once for each reason. */
  readonly onHalted: (error: Error) => void;
  /** Called for each finding of the self-check, once a pass. */
  readonly onFound: (finding: Finding | FoundRow) => void;
  /** Called with the fault that prevented a self-check. */
  readonly onTrouble: (error: unknown) => void;
  readonly now: () => number;
}

/**
 * The state of the audit. `following`: some process signs what is appended. `halted`: the log contradicts what was
 * signed, or cannot be read, and `error` says how. `unattended`: no process that has the key follows.
 */
export interface AuditStatus {
  readonly state: 'following' | 'halted' | 'unattended';
  /** Entries signed so far. */
  readonly size: number;
  /** When the newest checkpoint was signed, by the clock of the database; null before the first. */
  readonly signedAt: number | null;
  readonly lagEvents: number;
  readonly error: string | null;
}

/** The state of the audit, the report of the self-check and the verdict on both. */
export interface AuditHealth {
  readonly report: SelfCheckReport;
  readonly status: AuditStatus;
  readonly verdict: SelfCheckVerdict;
}

/** The audit as one process sees it: follows the log, if it is to, and shows what was signed. */
export class Audit {
  readonly record: AuditRecord;
  readonly vkey: string;
  readonly #follower: CheckpointSigner | undefined;
  readonly #selfCheck: SelfCheck | undefined;
  readonly #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(private readonly needs: AuditNeeds) {
    const { pool, log, key, follows, onHalted, onWarning } = needs;
    this.vkey = key.vkey;
    this.record = new AuditRecord({ pool, log, vkey: key.vkey, replays: needs.replays });
    if (!key.signer || !follows) return;
    const anchor = new Anchor(needs.noteFile, key.signer.verifier);
    const follower = new CheckpointSigner({ pool, log, key: key.signer, anchor, onHalted, onWarning });
    this.#follower = follower;
    this.#selfCheck = new SelfCheck({
      pool,
      log,
      key: key.signer.verifier,
      anchored: () => anchor.newest(),
      isMine: () => follower.leads,
      pauseMs: needs.selfCheckPauseMs,
      now: needs.now,
      random: Math.random,
      onFound: needs.onFound,
      onTrouble: needs.onTrouble,
    });
  }

  /** Begins to follow. */
  start(): void {
    const { signal } = this.#stop;
    this.#running = Promise.all([this.#follower?.run(signal), this.#selfCheck?.run(signal)]);
  }

  /** Stops after what is being signed, and lets others follow. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** The report of the self-check, in whichever process it runs; from this one's memory where it is this one. */
  selfCheck(): Promise<SelfCheckReport> {
    const own = this.#selfCheck?.report;
    return own ? Promise.resolve(own) : readReport(this.needs.pool);
  }

  /** Reads the report and the state of the audit, and judges both. */
  async health(): Promise<AuditHealth> {
    const [report, status] = await Promise.all([this.selfCheck(), this.status()]);
    const { selfCheckPauseMs: pauseMs, now } = this.needs;
    const verdict = judgeReport(report, { isHalted: status.state === 'halted', now: now(), pauseMs });
    return { report, status, verdict };
  }

  /** The state of the audit, whichever process signs. */
  async status(): Promise<AuditStatus> {
    const [{ size, error, isFollowed, checkpoint }, head] = await Promise.all([
      this.record.treeState(),
      this.needs.log.head(),
    ]);
    const state = error === null ? (isFollowed ? 'following' : 'unattended') : 'halted';
    return { state, size, signedAt: checkpoint?.signedAt ?? null, lagEvents: Math.max(0, head.position - size), error };
  }
}
