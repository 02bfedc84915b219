import type { Pool } from 'pg';
import { FOREVER, type Instant, type Position, instant } from '#domain';
import { Turns } from '#runtime/turns';
import { type FactTuple, FACT_TUPLE, UNCERTAIN_TUPLE, factsAt, readTuple, shownFacts } from '../state.js';
import { WITHOUT_END, readInstant } from '../../rows/table.js';

/** Where a row stands: positions and instants as stored, `from` and `to` on valid time. */
export interface StandingRow {
  readonly recordedFrom: number;
  readonly recordedTo: number;
  readonly knownFrom: number;
  readonly knownTo: number;
  readonly from: number;
  readonly to: number;
}

/** A row of a policy, with what it says: a fact, a time of uncertainty, an event that counts, or what the policy is called. */
export type SayingRow =
  | (StandingRow & { readonly says: 'fact' | 'unsure'; readonly tuple: FactTuple })
  | (StandingRow & { readonly says: 'event' })
  | (StandingRow & { readonly says: 'description'; readonly text: string | null });

/** How the recorded time of rows is read, and how far the answer is known. */
export interface RecordTime {
  /** When a position was recorded. */
  readonly timeOf: (position: number) => Instant;
  /** Beginnings after that instant are not known yet. */
  readonly until: Instant;
}

/**
 * The instants at which the answer about a policy becomes another, with all three times at that instant; the first is
 * that of its registration. In order, none twice; not where its registration was withdrawn.
 */
export async function stretchBeginnings(
  rows: readonly SayingRow[],
  { timeOf, until }: RecordTime,
): Promise<readonly Instant[]> {
  const steps = new Map<Instant, Step>();
  for (const row of rows) {
    const [from, to] = stretchOf(row, timeOf);
    if (from >= to || from > until) continue;
    stepAt(steps, from).begin.push(row);
    if (to <= until) stepAt(steps, to).end.push(row);
  }
  const beginnings: Instant[] = [];
  const standing = new Set<SayingRow>();
  const turns = new Turns();
  let before: string | undefined;
  for (const [at, { begin, end }] of [...steps].sort(([one], [other]) => one - other)) {
    for (const row of end) standing.delete(row);
    for (const row of begin) standing.add(row);
    const said = contentOf(standing);
    if (said !== undefined && said !== before) beginnings.push(at);
    before = said;
    if (turns.isOver) await turns.next();
  }
  return beginnings;
}

interface Step {
  readonly begin: SayingRow[];
  readonly end: SayingRow[];
}

function stepAt(steps: Map<Instant, Step>, at: Instant): Step {
  const step = steps.get(at) ?? { begin: [], end: [] };
  steps.set(at, step);
  return step;
}

/** From when to when a row stands on the line on which all three times are the same. */
function stretchOf(row: StandingRow, timeOf: (position: number) => Instant): readonly [from: Instant, to: Instant] {
  const recordedTo = row.recordedTo >= WITHOUT_END ? FOREVER : timeOf(row.recordedTo);
  return [
    instant(Math.max(timeOf(row.recordedFrom), readInstant(row.knownFrom), readInstant(row.from))),
    instant(Math.min(recordedTo, readInstant(row.knownTo), readInstant(row.to))),
  ];
}

/** What rows that stand together say, as text; undefined while the policy is not registered. */
function contentOf(standing: ReadonlySet<SayingRow>): string | undefined {
  let description: string | null | undefined;
  const facts: FactTuple[] = [];
  const uncertain: FactTuple[] = [];
  let events = 0;
  for (const row of standing) {
    if (row.says === 'description') description = row.text;
    else if (row.says === 'event') events += 1;
    else (row.says === 'fact' ? facts : uncertain).push(row.tuple);
  }
  if (description === undefined || description === null) return undefined;
  return `${description}\n${JSON.stringify(shownFacts(factsAt({ facts, uncertain, events })))}`;
}

const STANDS = (from: string, to: string): string => `recorded_from::float8 AS "recordedFrom",
  recorded_to::float8 AS "recordedTo", known_from::float8 AS "knownFrom", known_to::float8 AS "knownTo",
  ${from}::float8 AS "from", ${to}::float8 AS "to"`;

const OF_POLICY = 'WHERE policy = $1 AND recorded_from <= $2';

/** Every row that a policy ever had, up to a position, of those that its answers follow from. */
export async function rowsOfPolicy(pool: Pool, policy: number, recorded: Position): Promise<readonly SayingRow[]> {
  const [first, last] = [-WITHOUT_END, WITHOUT_END];
  const statements = [
    `SELECT 'fact' AS says, ${STANDS('valid_from', 'valid_to')}, ${FACT_TUPLE} AS tuple FROM read.boxes ${OF_POLICY}`,
    `SELECT 'unsure' AS says, ${STANDS('unsure_from', 'settled')}, ${UNCERTAIN_TUPLE} AS tuple FROM read.unsure ${OF_POLICY}`,
    `SELECT 'event' AS says, ${STANDS(String(first), String(last))} FROM read.timeline ${OF_POLICY} AND counts`,
    `SELECT 'description' AS says, ${STANDS(String(first), String(last))},
        CASE WHEN withdrawn_by IS NULL THEN json_build_array(title, kind, jurisdiction, aliases, same_as)::text END AS text
      FROM read.policies ${OF_POLICY}`,
  ];
  const rows: SayingRow[] = [];
  for (const [index, text] of statements.entries()) {
    const found = await pool.query<SayingRow>({ name: `rows-of-policy-${index}`, text, values: [policy, recorded] });
    rows.push(...found.rows.map((row) => ('tuple' in row ? { ...row, tuple: readTuple(row.tuple) } : row)));
  }
  return rows.map((row) => ({ ...row, recordedTo: row.recordedTo > recorded ? WITHOUT_END : row.recordedTo }));
}

/** The positions at which rows begin and end. */
export const positionsIn = (rows: readonly StandingRow[]): ReadonlySet<number> =>
  new Set(rows.flatMap(({ recordedFrom, recordedTo }) => [recordedFrom, recordedTo]).filter((at) => at < WITHOUT_END));
