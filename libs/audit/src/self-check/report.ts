import type { Pool } from 'pg';
import { z } from 'zod';
import { read, unreadable, type ParseResult } from '../primitives/parse-result.js';

const instant = z.string();

const finding = z.object({
  /** The bad position; null where the fault is in no single entry. */
  position: z.int().nullable(),
  reason: z.string(),
  message: z.string(),
  foundAt: instant,
});

const pass = z.object({ startedAt: instant, position: z.int(), size: z.int() });

const fullPass = z.object({
  startedAt: instant,
  finishedAt: instant,
  size: z.int(),
  root: z.string(),
  findings: z.int(),
});

const difference = z.object({
  policy: z.string(),
  recorded: z.int(),
  knownAt: instant,
  validAt: instant,
  foundAt: instant,
});

const rowFinding = z.object({
  /** Slug of the policy; its number where there is no such policy. */
  policy: z.string(),
  table: z.string(),
  /** Which of the policy's rows: `id.part`. */
  row: z.string(),
  fault: z.enum(['extra', 'missing', 'differs']),
  foundAt: instant,
});

const round = z.object({
  startedAt: instant,
  /** The position up to which every registered policy was compared. */
  position: z.int(),
  policies: z.int(),
  rows: z.int(),
});

const fullRound = z.object({ startedAt: instant, finishedAt: instant, policies: z.int(), rows: z.int() });

/**
 * The report of the self-check: the re-hash of the stored log, pass after pass; the rows of every read model, policy
 * by policy, round after round; and the comparison of the two engines at random coordinates.
 */
export const selfCheckReport = z.object({
  log: z.object({
    /** The pass under way; null between two. */
    pass: pass.nullable(),
    lastFullPass: fullPass.nullable(),
    passes: z.int(),
    /** Of the pass under way and, until it ends, of the last one; at most 20. */
    findings: z.array(finding),
  }),
  rows: z.object({
    /** The round under way; null between two. */
    round: round.nullable(),
    lastFullRound: fullRound.nullable(),
    rounds: z.int(),
    lastComparedAt: instant.nullable(),
    /** Of all rows, at this pace; 1 where each is seen once a day or more. Null before there is a pace. */
    shareADay: z.number().nullable(),
    /** Read models passed over when looked at last, since they are being built or are of another version. */
    passedOver: z.array(z.string()),
    /** Of the round under way and, until it ends, of the last one; at most 20. */
    findings: z.array(rowFinding),
  }),
  engines: z.object({
    compared: z.int(),
    /** Of all that were compared. */
    differing: z.int(),
    lastComparedAt: instant.nullable(),
    /** The coordinates at which they disagreed, and still did when last asked; at most 20. */
    differences: z.array(difference),
  }),
  /** The fault that last prevented a check; null once one was made. */
  trouble: z.object({ message: z.string(), at: instant }).nullable(),
});

/** See the schema. */
export type SelfCheckReport = z.infer<typeof selfCheckReport>;

/** Something that is not as it was signed. */
export type Finding = z.infer<typeof finding>;

/** A row of a read model that does not follow from the log. */
export type FoundRow = z.infer<typeof rowFinding>;

/** A coordinate at which the engines disagree. */
export type EngineDifference = z.infer<typeof difference>;

/** The report before anything was checked. */
export const NOTHING_CHECKED: SelfCheckReport = {
  log: { pass: null, lastFullPass: null, passes: 0, findings: [] },
  rows: {
    round: null,
    lastFullRound: null,
    rounds: 0,
    lastComparedAt: null,
    shareADay: null,
    passedOver: [],
    findings: [],
  },
  engines: { compared: 0, differing: 0, lastComparedAt: null, differences: [] },
  trouble: null,
};

/** Lists are kept this short. */
export const FINDINGS_LIMIT = 20;

/** The report of whichever process checks. */
export async function readReport(pool: Pool): Promise<SelfCheckReport> {
  const { rows } = await pool.query<{ report: unknown }>({
    name: 'audit-report',
    text: 'SELECT report FROM audit.self_check',
    values: [],
  });
  const parsed = parseReport(rows[0]?.report);
  return parsed.ok ? parsed.value : NOTHING_CHECKED;
}

// What an older program wrote and this one cannot read is found out again.
function parseReport(report: unknown): ParseResult<SelfCheckReport> {
  const parsed = selfCheckReport.safeParse(report);
  return parsed.success ? read(parsed.data) : unreadable('no report');
}

/** Keeps the report for whoever asks, in whatever process. */
export async function saveReport(pool: Pool, report: SelfCheckReport): Promise<void> {
  await pool.query({
    name: 'audit-keep-report',
    text: 'UPDATE audit.self_check SET report = $1::jsonb',
    values: [JSON.stringify(report)],
  });
}
