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

/** What the audit stands on. All of it is the caller's to close. */
export interface AuditNeeds {
  /** Works as the application's role. */
  readonly pool: Pool;
  readonly log: EventLog;
  readonly key: AuditKey;
  /** Where the newest checkpoint is kept, out of the database. */
  readonly noteFile: string;
  /** Whether this process follows the log, or only shows what others sign. */
  readonly follows: boolean;
  /** The self-check rests so long between two passes. */
  readonly selfCheckPauseMs: number;
  /** Folds long streams for proofs; of its own unless told. */
  readonly replays?: Replays;
  /** Told, in a sentence, what an operator should know though nothing stands still. */
  readonly onWarning: (message: string) => void;
  /** Told why nothing more is signed, once for each reason. */
  readonly onHalted: (error: Error) => void;
  /** Told of each thing that the self-check finds not to be as it was signed, or not to follow from it, once a pass. */
  readonly onFound: (finding: Finding | FoundRow) => void;
  /** Told what kept a self-check from being made. */
  readonly onTrouble: (error: unknown) => void;
  readonly now: () => number;
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

/** What there is to know of how the audit stands and what the self-check has found. */
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

  /** What the self-check has come to, in whichever process it runs; from this one's memory where it is this one. */
  selfCheck(): Promise<SelfCheckReport> {
    const own = this.#selfCheck?.report;
    return own ? Promise.resolve(own) : readReport(this.needs.pool);
  }

  /** The report, how the audit stands, and what both come to in a word. */
  async health(): Promise<AuditHealth> {
    const [report, status] = await Promise.all([this.selfCheck(), this.status()]);
    const { selfCheckPauseMs: pauseMs, now } = this.needs;
    const verdict = judgeReport(report, { isHalted: status.state === 'halted', now: now(), pauseMs });
    return { report, status, verdict };
  }

  /** How the audit stands, whichever process follows. */
  async status(): Promise<AuditStatus> {
    const [{ size, error, isFollowed }, head] = await Promise.all([this.record.treeState(), this.needs.log.head()]);
    const state = error === null ? (isFollowed ? 'following' : 'unattended') : 'halted';
    return { state, size, lagEvents: Math.max(0, head.position - size), error };
  }
}
