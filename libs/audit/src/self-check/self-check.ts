import type { Pool } from 'pg';
import type { EventLog } from '#event-log';
import { type Instant, formatInstant, instant, parseInstant, position } from '#domain';
import { sleep } from '#postgres';
import { type CheckedRows, Replays, checkRowsAfter, compareEngines, enginesAgree } from '#projections';
import type { SignedTree } from '../anchor/anchor.js';
import type { VerifierKey } from '../notes/verifier-key.js';
import { base64 } from '../primitives/bytes.js';
import { countStreams, readTreeState, readTree } from '../store/tree-state.js';
import { type LogFinding, findingAt } from '../log-check/findings.js';
import { checkLog } from './log-pass.js';
import { shareADay } from './pace.js';
import {
  type EngineDifference,
  type Finding,
  type FoundRow,
  FINDINGS_LIMIT,
  type SelfCheckReport,
  saveReport,
  readReport,
} from './report.js';

/** The dependencies of the self-check. */
export interface SelfCheckNeeds {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly key: VerifierKey;
  /** The newest checkpoint that is kept out of the database. */
  readonly anchored: () => Promise<SignedTree | undefined>;
  /** True while this process is the one to check. */
  readonly isMine: () => boolean;
  /** Between two passes over the log, two rounds over the rows, and after trouble. */
  readonly pauseMs: number;
  readonly now: () => number;
  /** From 0 up to, without, 1. */
  readonly random: () => number;
  /** Called for each finding, once a pass. */
  readonly onFound: (finding: Finding | FoundRow) => void;
  /** Called with the fault that prevented a check; the check is repeated. */
  readonly onTrouble: (error: unknown) => void;
}

/** Checking takes at most a tenth of a process's time: after each step it rests nine times as long. */
const REST = 9;

/** Before another look where there is nothing to do, at most. */
const LOOK_AGAIN_MS = 1_000;

/** The time within which the next process stores what a killed one left beside the key. */
const STORED_WITHIN_MS = 5_000;

/** The report is kept at most so often, and at the end of each pass. */
const KEEP_MS = 1_000;

/** Between comparisons of the engines, each of one policy at so many coordinates; at most the pause. */
const BETWEEN_COMPARISONS_MS = 2_000;
const COORDINATES = 5;

/** The longest time for which the events of one policy are folded. */
const REPLAY_LIMIT_MS = 600_000;

/** Between the rows of two policies, at least; so the rows of a million policies are seen in a day. */
const BETWEEN_POLICIES_MS = 50;

/** Checks, in the background and for as long as it runs, that what is stored is what was signed. */
export class SelfCheck {
  #report: SelfCheckReport | undefined;
  #keptAt = 0;
  /** Of its own: nobody waits for the self-check, and it waits for nobody. */
  readonly #replays = new Replays(REPLAY_LIMIT_MS);
  /** As many policies as there were in this round. */
  #policies: number | undefined;

  constructor(private readonly needs: SelfCheckNeeds) {}

  /** Checks until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([
      this.#repeat(signal, () => this.#pass(signal)),
      this.#repeat(signal, () => this.#compare()),
      this.#repeat(signal, () => this.#checkRows()),
    ]);
  }

  /** The report of this process; undefined while another checks. */
  get report(): SelfCheckReport | undefined {
    return this.needs.isMine() ? this.#report : undefined;
  }

  /** Works whenever it is this process's turn; `work` answers how long to wait until the next time. */
  async #repeat(signal: AbortSignal, work: () => Promise<number>): Promise<void> {
    while (!signal.aborted) {
      const waitMs = await this.#workOnce(work);
      await sleep(waitMs, signal);
    }
  }

  async #workOnce(work: () => Promise<number>): Promise<number> {
    if (!this.needs.isMine()) {
      // Another process goes on from where its report is.
      this.#report = undefined;
      return this.#lookAgainMs;
    }
    try {
      this.#report ??= await readReport(this.needs.pool);
      return await work();
    } catch (error) {
      this.needs.onTrouble(error);
      this.#change({ trouble: { message: String(error), at: this.#now() } });
      await this.#keep(0).catch(() => undefined);
      return this.needs.pauseMs;
    }
  }

  async #pass(signal: AbortSignal): Promise<number> {
    const { pool, key, isMine } = this.needs;
    // Read first: what is stored is as new or newer, unless it was put back.
    const anchored = await this.needs.anchored();
    const { treeState, heads } = await readTree(pool);
    const { size, checkpoint } = treeState;
    if (size === 0 && !checkpoint && !anchored) return this.#lookAgainMs;
    const startedAt = this.#now();
    const findings: Finding[] = [];
    let begun = performance.now();
    for await (const { position: at, found } of checkLog({ pool, treeState, heads, key, anchored })) {
      if (signal.aborted || !isMine()) return 0;
      findings.push(...this.#note(found, FINDINGS_LIMIT - findings.length));
      this.#change({ log: { pass: { startedAt, position: at, size }, findings: this.#mergeFindings(findings) } });
      await this.#keep(KEEP_MS);
      await sleep((performance.now() - begun) * REST, signal);
      begun = performance.now();
    }
    findings.push(...this.#note(await this.#findRollback(anchored, signal), FINDINGS_LIMIT - findings.length));
    const finishedAt = this.#now();
    const root = checkpoint ? base64(checkpoint.root) : '';
    const lastFullPass = { startedAt, finishedAt, size, root, findings: findings.length };
    const passes = (this.#report?.log.passes ?? 0) + 1;
    this.#change({ log: { pass: null, lastFullPass, passes, findings }, trouble: null });
    await this.#keep(0);
    return this.needs.pauseMs;
  }

  /** What is kept beside the key is stored within moments, unless what is stored was put back. */
  async #findRollback(anchored: SignedTree | undefined, signal: AbortSignal): Promise<readonly LogFinding[]> {
    const { pool } = this.needs;
    if (!anchored || (await readTreeState(pool)).size >= anchored.size) return [];
    await sleep(STORED_WITHIN_MS, signal);
    const [{ size }, newest] = [await readTreeState(pool), await this.needs.anchored()];
    if (signal.aborted || size >= anchored.size || newest?.note !== anchored.note) return [];
    const detail = `The stored tree ends at ${size}; the checkpoint is over ${anchored.size} entries.`;
    return [findingAt(size + 1, 'rolled-back', detail)];
  }

  async #checkRows(): Promise<number> {
    const { pool, log, now } = this.needs;
    const before = this.#report?.rows;
    if (!before) return this.needs.pauseMs;
    const begun = performance.now();
    const round = before.round ?? { startedAt: this.#now(), position: 0, policies: 0, rows: 0 };
    const checked = await checkRowsAfter({ pool, log, now: () => instant(now()) }, round.position);
    const found = this.#noteRows(checked, before);
    const done = { ...round, policies: round.policies + 1, rows: round.rows + checked.rows };
    if (checked.cursor === null) this.#endRound({ ...done, policies: round.policies }, checked, found);
    else
      this.#change({
        rows: {
          ...before,
          round: { ...done, position: checked.cursor },
          shareADay: await this.#shareADay(done),
          lastComparedAt: this.#now(),
          passedOver: [...checked.passedOver],
          findings: [...found, ...before.findings].slice(0, FINDINGS_LIMIT),
        },
      });
    await this.#keep(KEEP_MS);
    return checked.cursor === null
      ? this.needs.pauseMs
      : Math.max(BETWEEN_POLICIES_MS, (performance.now() - begun) * REST);
  }

  #endRound({ startedAt, policies, rows }: Round, { passedOver }: CheckedRows, found: readonly FoundRow[]): void {
    const before = this.#report?.rows;
    if (!before) return;
    // Some may be added until the next round.
    this.#policies = undefined;
    const finishedAt = this.#now();
    const tookMs = Date.parse(finishedAt) - Date.parse(startedAt) + this.needs.pauseMs;
    const isOfThis = ({ foundAt }: FoundRow): boolean => foundAt >= startedAt;
    this.#change({
      rows: {
        round: null,
        lastFullRound: { startedAt, finishedAt, policies, rows },
        rounds: before.rounds + 1,
        lastComparedAt: finishedAt,
        shareADay: shareADay({ policies, rows, tookMs }, { policies, rows }),
        passedOver: [...passedOver],
        findings: [...found, ...before.findings.filter(isOfThis)].slice(0, FINDINGS_LIMIT),
      },
    });
  }

  async #shareADay({ startedAt, policies, rows }: Round): Promise<number> {
    const before = this.#report?.rows.lastFullRound;
    const tookMs = Date.parse(this.#now()) - Date.parse(startedAt);
    this.#policies ??= await countStreams(this.needs.pool);
    return shareADay(
      { policies, rows, tookMs },
      { policies: this.#policies, ...(before ? { rows: before.rows } : {}) },
    );
  }

  #noteRows({ findings }: CheckedRows, { findings: known }: SelfCheckReport['rows']): readonly FoundRow[] {
    const found = findings.map((each) => ({ ...each, foundAt: this.#now() }));
    const isKnown = (one: FoundRow): boolean =>
      known.some(({ policy, table, row }) => policy === one.policy && table === one.table && row === one.row);
    for (const each of found) if (!isKnown(each)) this.needs.onFound(each);
    return found;
  }

  #note(found: readonly LogFinding[], room: number): readonly Finding[] {
    const findings = found.slice(0, Math.max(0, room)).map((each) => ({ ...each, foundAt: this.#now() }));
    for (const finding of findings) this.needs.onFound(finding);
    return findings;
  }

  /** While a pass is under way, what the last one found is not known to be gone. */
  #mergeFindings(current: readonly Finding[]): Finding[] {
    const before = this.#report?.log.findings ?? [];
    const isNew = (old: Finding): boolean =>
      !current.some((found) => found.position === old.position && found.reason === old.reason);
    return [...current, ...before.filter(isNew)].slice(0, FINDINGS_LIMIT);
  }

  async #compare(): Promise<number> {
    const { pool, log, random } = this.needs;
    const begun = performance.now();
    const comparisons = await compareEngines({ pool, log, replays: this.#replays, random }, COORDINATES);
    const restMs = Math.min(BETWEEN_COMPARISONS_MS, this.needs.pauseMs);
    if (comparisons.length === 0) return restMs;
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
    const remaining = await this.#findRemaining(before?.differences ?? []);
    this.#change({
      engines: {
        compared: (before?.compared ?? 0) + comparisons.length,
        differing: (before?.differing ?? 0) + differences.length,
        lastComparedAt: foundAt,
        differences: [...differences, ...remaining].slice(0, FINDINGS_LIMIT),
      },
    });
    await this.#keep(KEEP_MS);
    return Math.max(restMs, (performance.now() - begun) * REST);
  }

  /** Asks again where the engines disagreed. */
  async #findRemaining(differences: readonly EngineDifference[]): Promise<readonly EngineDifference[]> {
    const { pool, log } = this.needs;
    const remaining: EngineDifference[] = [];
    for (const each of differences) {
      const at = {
        recorded: position(each.recorded),
        knownAt: instantOf(each.knownAt),
        validAt: instantOf(each.validAt),
      };
      if (!(await enginesAgree({ pool, log, replays: this.#replays }, { policy: each.policy, at })))
        remaining.push(each);
    }
    return remaining;
  }

  get #lookAgainMs(): number {
    return Math.min(LOOK_AGAIN_MS, this.needs.pauseMs);
  }

  #change({ log, ...changed }: Change): void {
    if (!this.#report) return;
    this.#report = { ...this.#report, ...changed, log: { ...this.#report.log, ...log } };
  }

  async #keep(atMostEachMs: number): Promise<void> {
    const now = performance.now();
    if (!this.#report || now - this.#keptAt < atMostEachMs) return;
    this.#keptAt = now;
    await saveReport(this.needs.pool, this.#report);
  }

  #now(): string {
    return formatInstant(instant(this.needs.now()));
  }
}

type Round = NonNullable<SelfCheckReport['rows']['round']>;

type Change = Partial<Omit<SelfCheckReport, 'log'>> & { readonly log?: Partial<SelfCheckReport['log']> };

const instantOf = (text: string): Instant => parseInstant(text) ?? instant(Number.NaN);
