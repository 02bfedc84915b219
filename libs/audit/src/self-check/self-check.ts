import type { Pool } from 'pg';
import type { EventLog } from '#event-log';
import { type Instant, formatInstant, instant, parseInstant, position } from '#domain';
import { compareEngines, enginesAgree, paused } from '#projections';
import type { VerifierKey } from '../note-keys.js';
import { base64 } from '../reading.js';
import { readStanding } from '../store/standing.js';
import { type Found, passOver } from './log-pass.js';
import { type EngineDifference, type Finding, KEPT, type SelfCheckReport, keepReport, readReport } from './report.js';

/** What the self-check stands on. */
export interface SelfCheckNeeds {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly key: VerifierKey;
  /** True while this process is the one to check. */
  readonly isMine: () => boolean;
  readonly now: () => number;
  /** From 0 up to, without, 1. */
  readonly random: () => number;
  /** Told of what is not as it was signed, once a pass. */
  readonly onFound: (finding: Finding) => void;
  /** Told what kept a check from being made; it is made again. */
  readonly onTrouble: (error: unknown) => void;
}

/** Checking takes at most a tenth of a process's time: after each step it rests nine times as long. */
const REST = 9;

/** Before the next pass over a log that was gone through, and before another look where there is nothing to do. */
const BETWEEN_PASSES_MS = 5_000;
const LOOK_AGAIN_MS = 1_000;

/** The report is kept at most so often, and at the end of each pass. */
const KEEP_MS = 1_000;

/** Between comparisons of the engines, each of one policy at so many coordinates. */
const BETWEEN_COMPARISONS_MS = 2_000;
const COORDINATES = 5;

/** Checks, in the background and for as long as it runs, that what is stored is what was signed. */
export class SelfCheck {
  #report: SelfCheckReport | undefined;
  #keptAt = 0;

  constructor(private readonly needs: SelfCheckNeeds) {}

  /** Checks until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#again(signal, () => this.#pass(signal)), this.#again(signal, () => this.#compare())]);
  }

  /** Works whenever it is this process's turn; `work` answers how long to wait until the next time. */
  async #again(signal: AbortSignal, work: () => Promise<number>): Promise<void> {
    while (!signal.aborted) {
      const waitMs = await this.#worked(work);
      await paused(waitMs, signal);
    }
  }

  async #worked(work: () => Promise<number>): Promise<number> {
    if (!this.needs.isMine()) {
      // Another process goes on from where its report is.
      this.#report = undefined;
      return LOOK_AGAIN_MS;
    }
    try {
      this.#report ??= await readReport(this.needs.pool);
      return await work();
    } catch (error) {
      this.needs.onTrouble(error);
      return BETWEEN_PASSES_MS;
    }
  }

  async #pass(signal: AbortSignal): Promise<number> {
    const { pool, key, isMine } = this.needs;
    const standing = await readStanding(pool);
    if (!standing.checkpoint) return LOOK_AGAIN_MS;
    const { size, checkpoint } = standing;
    const startedAt = this.#now();
    const findings: Finding[] = [];
    let begun = performance.now();
    for await (const { position: at, found } of passOver({ pool, standing, key })) {
      if (signal.aborted || !isMine()) return 0;
      findings.push(...this.#noted(found, KEPT - findings.length));
      this.#change({ log: { pass: { startedAt, position: at, size }, findings: this.#shown(findings) } });
      await this.#keep(KEEP_MS);
      await paused((performance.now() - begun) * REST, signal);
      begun = performance.now();
    }
    const finishedAt = this.#now();
    const lastFullPass = { startedAt, finishedAt, size, root: base64(checkpoint.root), findings: findings.length };
    const passes = (this.#report?.log.passes ?? 0) + 1;
    this.#change({ log: { pass: null, lastFullPass, passes, findings } });
    await this.#keep(0);
    return BETWEEN_PASSES_MS;
  }

  #noted(found: readonly Found[], room: number): readonly Finding[] {
    const findings = found.slice(0, Math.max(0, room)).map((each) => ({ ...each, foundAt: this.#now() }));
    for (const finding of findings) this.needs.onFound(finding);
    return findings;
  }

  /** While a pass is under way, what the last one found is not known to be gone. */
  #shown(current: readonly Finding[]): Finding[] {
    const before = this.#report?.log.findings ?? [];
    const isNew = (old: Finding): boolean =>
      !current.some((found) => found.position === old.position && found.reason === old.reason);
    return [...current, ...before.filter(isNew)].slice(0, KEPT);
  }

  async #compare(): Promise<number> {
    const { pool, log, random } = this.needs;
    const begun = performance.now();
    const comparisons = await compareEngines({ pool, log, random }, COORDINATES);
    if (comparisons.length === 0) return BETWEEN_COMPARISONS_MS;
    const foundAt = this.#now();
    const differences = comparisons
      .filter(({ isEqual }) => !isEqual)
      .map(({ policy, at }): EngineDifference => ({
        policy,
        recorded: at.recorded,
        knownAt: formatInstant(at.knownAt),
        validAt: formatInstant(at.validAt),
        foundAt,
      }));
    const before = this.#report?.engines;
    const standing = await this.#stillDiffering(before?.differences ?? []);
    this.#change({
      engines: {
        compared: (before?.compared ?? 0) + comparisons.length,
        differing: (before?.differing ?? 0) + differences.length,
        lastComparedAt: foundAt,
        differences: [...differences, ...standing].slice(0, KEPT),
      },
    });
    await this.#keep(KEEP_MS);
    return Math.max(BETWEEN_COMPARISONS_MS, (performance.now() - begun) * REST);
  }

  /** Asks again where the engines disagreed. */
  async #stillDiffering(differences: readonly EngineDifference[]): Promise<readonly EngineDifference[]> {
    const { pool, log } = this.needs;
    const standing: EngineDifference[] = [];
    for (const each of differences) {
      const at = {
        recorded: position(each.recorded),
        knownAt: instantOf(each.knownAt),
        validAt: instantOf(each.validAt),
      };
      if (!(await enginesAgree({ pool, log }, { policy: each.policy, at }))) standing.push(each);
    }
    return standing;
  }

  #change({
    log,
    engines,
  }: {
    readonly log?: Partial<SelfCheckReport['log']>;
    readonly engines?: SelfCheckReport['engines'];
  }): void {
    if (!this.#report) return;
    this.#report = { log: { ...this.#report.log, ...log }, engines: engines ?? this.#report.engines };
  }

  async #keep(atMostEachMs: number): Promise<void> {
    const now = performance.now();
    if (!this.#report || now - this.#keptAt < atMostEachMs) return;
    this.#keptAt = now;
    await keepReport(this.needs.pool, this.#report);
  }

  #now(): string {
    return formatInstant(instant(this.needs.now()));
  }
}

const instantOf = (text: string): Instant => parseInstant(text) ?? instant(Number.NaN);
