import type { SelfCheckReport } from './report.js';

/**
 * The verdict of the self-check. `ok`: a whole pass and a comparison of rows are younger than `staleAfterMs`, and
 * nothing was found. `found`: something is not as it was signed or does not follow from the log, or signing has halted.
 * `stale`: nothing is found, and nobody has looked lately; so nothing is known.
 */
export interface SelfCheckVerdict {
  readonly status: 'ok' | 'stale' | 'found';
  /** A sentence: why. */
  readonly message: string;
  /** A pass that ended longer ago says nothing of now. */
  readonly staleAfterMs: number;
}

/** Beside the pause between two passes. One that takes long may take three times as long the next time. */
const STALE_AFTER_MS = 60_000;
const LONGER = 3;

/** The facts beside the report on which the verdict rests. */
export interface VerdictInputs {
  readonly isHalted: boolean;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  /** Between two passes. */
  readonly pauseMs: number;
}

/** Judges a report. Fails closed: what is not known is not `ok`. */
export function judgeReport(report: SelfCheckReport, { isHalted, now, pauseMs }: VerdictInputs): SelfCheckVerdict {
  const staleAfterMs = pauseMs + staleAfter(report);
  const found = foundIn(report, isHalted);
  if (found !== undefined) return { status: 'found', message: found, staleAfterMs };
  const stale = staleIn(report, now - staleAfterMs);
  if (stale !== undefined) return { status: 'stale', message: stale, staleAfterMs };
  const size = report.log.lastFullPass?.size ?? 0;
  const message = `The log was checked lately up to position ${size}, where it ended then, and nothing was found.`;
  return { status: 'ok', message, staleAfterMs };
}

function staleAfter({ log: { lastFullPass } }: SelfCheckReport): number {
  const tookMs = lastFullPass === null ? 0 : Date.parse(lastFullPass.finishedAt) - Date.parse(lastFullPass.startedAt);
  return STALE_AFTER_MS + LONGER * tookMs;
}

function foundIn({ log, rows, engines }: SelfCheckReport, isHalted: boolean): string | undefined {
  const [finding] = log.findings;
  if (finding) return finding.message;
  if (isHalted) return 'Nothing more is signed: the log contradicts what was signed.';
  const [row] = rows.findings;
  if (row) return `The row ${row.row} of ${row.policy} in the table ${row.table} ${WORDS[row.fault]}.`;
  const [difference] = engines.differences;
  return difference && `The engines disagree about ${difference.policy} at position ${difference.recorded}.`;
}

const WORDS = {
  extra: 'should not be there',
  missing: 'is missing',
  differs: 'does not follow from the log',
} as const;

function staleIn({ log, rows, trouble }: SelfCheckReport, since: number): string | undefined {
  const isOld = (at: string | null | undefined): boolean => at === null || at === undefined || Date.parse(at) < since;
  const because = trouble ? ` The last check could not be made: ${trouble.message}` : '';
  if (log.lastFullPass === null) return `No pass over the whole log has ended yet.${because}`;
  if (isOld(log.lastFullPass.finishedAt))
    return `The last pass over the whole log ended at ${log.lastFullPass.finishedAt}: no passes are running.${because}`;
  if (isOld(rows.lastComparedAt)) return `No rows of the read models were compared lately.${because}`;
  const [passedOver] = rows.passedOver;
  return passedOver === undefined
    ? undefined
    : `The read model ${passedOver} is being built or of another version, and was not compared.`;
}
