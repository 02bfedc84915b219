import type { Pool } from 'pg';
import { type Instant, type Position, REGISTERED, policyOf, position } from '#domain';
import type { EventLog, LogEntry } from '#event-log';
import { Turns } from '#runtime/turns';
import { isCurrentStateRight } from './current-state-check.js';
import { type Projection, storedVersion } from '../../rows/projection.js';
import { projections as readModels } from '../../read-models/registry.js';
import { groupRows } from '../../rows/rows-at.js';
import { partitionOf } from '../../runner/ledgers/partitions.js';
import { readParked } from '../../runner/parking/stored-parked-events.js';
import { readPartitions, readReadModels } from '../../runner/membership/stored-partitions.js';
import { READ, type Table, WITHOUT_END } from '../../rows/table.js';
import { type ExpectedRow, type ExpectedRows, digestOf, expectedRows } from './expected-rows.js';

/** A row of a read model that is not as the policy's events say. */
export interface RowFinding {
  /** The slug of the policy whose row it is; its number where there is no such policy. */
  readonly policy: string;
  readonly table: string;
  /** Which of the policy's rows: `id.part`. */
  readonly row: string;
  /** It should not be there; it should be and is not; it holds or stands for something else. */
  readonly fault: 'extra' | 'missing' | 'differs';
}

/** What the check of one policy's rows came to. */
export interface CheckedRows {
  /** Where to go on: the number of the policy. Null at the end, where what lies beyond the last one was looked at. */
  readonly cursor: number | null;
  /** Rows compared. */
  readonly rows: number;
  /** At most {@link FINDINGS_LIMIT}. */
  readonly findings: readonly RowFinding[];
  /** Read models that were passed over, since they are being built or are of another version. */
  readonly passedOver: readonly string[];
}

/** What rows are checked with. */
export interface RowCheck {
  readonly pool: Pool;
  readonly log: Pick<EventLog, 'readStream' | 'readFirsts'>;
  readonly now: () => Instant;
}

const FINDINGS_LIMIT = 20;

/** The largest number that a policy can have in a table. */
const LARGEST = 2_147_483_647;

/** Lies before every policy's number. */
const SMALLEST = -2_147_483_648;

/** Rows are read so many at a time. */
const PAGE = 500;

/**
 * Checks every row of the next policy after a number, from 0 on, in every table of every read model: against what the policy's
 * events come to, in both directions. Rows that stand between two policies' numbers belong to none, and are found too.
 *
 * Rows never change but for their end, so a read model that advances meanwhile is compared as of where it was. One
 * that is being built, or is of another version, is passed over; parked events are not expected.
 */
export async function checkRowsAfter(check: RowCheck, after: number): Promise<CheckedRows> {
  const first = await nextPolicy(check.log, after);
  const found = await compared(check, { after, first });
  // What changes hands in between could differ for a moment: only what differs twice is reported.
  const again = found.findings.length === 0 ? found : await compared(check, { after, first });
  const isFoundAgain = (one: RowFinding): boolean => again.findings.some((other) => isSame(one, other));
  return { ...found, cursor: first?.position ?? null, findings: found.findings.filter(isFoundAgain) };
}

const isSame = (one: RowFinding, other: RowFinding): boolean =>
  one.policy === other.policy && one.table === other.table && one.row === other.row && one.fault === other.fault;

/** The numbers of policies after one, of as many as the log holds. */
async function nextPolicy(log: RowCheck['log'], after: number): Promise<LogEntry | undefined> {
  for (let from = position(after); ;) {
    const firsts: readonly LogEntry[] = await log.readFirsts(from, PAGE);
    const found = firsts.find(({ type }) => type === REGISTERED);
    const last = firsts.at(-1);
    if (found || !last) return found;
    from = last.position;
  }
}

interface Between {
  readonly after: number;
  /** The registration of the policy; undefined beyond the last one. */
  readonly first: LogEntry | undefined;
}

type Outcome = Pick<CheckedRows, 'rows' | 'findings'>;

async function compared(check: RowCheck, { after, first }: Between): Promise<Omit<CheckedRows, 'cursor'>> {
  const findings: RowFinding[] = [];
  let rows = 0;
  const { groups, passedOver } = await readableGroups(check.pool, first);
  for (const { at, reached, projections } of groups) {
    const expected: ExpectedRows = first
      ? await expectedRows(check.log, projections, { stream: first.stream, upTo: at })
      : { tables: new Map() };
    const upTo = first?.position ?? LARGEST;
    for (const table of projections.flatMap(({ tables }) => tables)) {
      const range = { table, after, upTo, at, reached, slug: first && policyOf(first.stream) };
      const outcome = await comparedTable(check.pool, range, expected);
      rows += outcome.rows;
      findings.push(...outcome.findings);
    }
    const isWhole = projections.some(({ name }) => name === 'policies');
    if (first && isWhole && !(await isCurrentStateRight(check, first, at)))
      findings.push({ policy: policyOf(first.stream), table: 'policy_heads', row: '0.0', fault: 'differs' });
  }
  return { rows, findings: findings.slice(0, FINDINGS_LIMIT), passedOver };
}

interface Group {
  /** As of where they are compared. */
  readonly at: Position;
  /** How far they have come: no row can begin beyond. */
  readonly reached: Position;
  readonly projections: readonly Projection[];
}

/** The read models that can be compared for a policy, by how far they have come in its partition. */
async function readableGroups(
  pool: Pool,
  first: LogEntry | undefined,
): Promise<{ readonly groups: readonly Group[]; readonly passedOver: readonly string[] }> {
  const [partitions, aside, models] = await Promise.all([readPartitions(pool), readParked(pool), readReadModels(pool)]);
  const own = partitions.filter(({ partition }) => first === undefined || partition === partitionOf(first.stream));
  const advanced = Math.min(...own.map((partition) => partition.position));
  const placed = readModels.flatMap((projection) => {
    const stored = models.find(({ name }) => name === projection.name);
    if (stored?.version !== storedVersion(projection) || stored.builtTo === null) return [];
    const reached = Math.max(advanced, stored.builtTo);
    const parked = aside.find(
      (each) => each.projection === projection.name && each.stream === first?.stream && !each.stops,
    );
    return [{ projection, at: Math.min(reached, parked ? parked.position - 1 : reached), reached }];
  });
  const groups = [...groupRows(placed, ({ at, reached }) => `${at} ${reached}`).values()].flatMap((group) =>
    group.slice(0, 1).map(({ at, reached }) => ({
      at: position(at),
      reached: position(reached),
      projections: group.map(({ projection }) => projection),
    })),
  );
  const readable = new Set(placed.map(({ projection }) => projection));
  return { groups, passedOver: readModels.filter((each) => !readable.has(each)).map(({ name }) => name) };
}

interface TableRange extends Omit<Group, 'projections'> {
  readonly table: Table;
  readonly after: number;
  readonly upTo: number;
  readonly slug: string | undefined;
}

interface StoredRow {
  readonly policy: number;
  readonly id: number;
  readonly part: number;
  readonly recorded_from: number;
  readonly recorded_to: number;
  readonly [column: string]: unknown;
}

async function comparedTable(pool: Pool, range: TableRange, { tables }: ExpectedRows): Promise<Outcome> {
  const { table, upTo, slug } = range;
  const missing = new Map(tables.get(table.name) ?? []);
  const findings: RowFinding[] = [];
  let rows = 0;
  const finding = (row: Pick<StoredRow, 'policy' | 'id' | 'part'>, fault: RowFinding['fault']): RowFinding => ({
    policy: slug !== undefined && row.policy === upTo ? slug : String(row.policy),
    table: table.name,
    row: `${row.id}.${row.part}`,
    fault,
  });
  const turns = new Turns();
  for await (const stored of storedRows(pool, range)) {
    rows += 1;
    if (turns.isOver) await turns.next();
    const name = `${stored.id}.${stored.part}`;
    const isOwn = slug !== undefined && stored.policy === upTo;
    const fault = faultOf(stored, isOwn ? missing.get(name) : undefined, range);
    if (fault) findings.push(finding(stored, fault));
    if (isOwn) missing.delete(name);
    if (findings.length >= FINDINGS_LIMIT) return { rows, findings };
  }
  for (const name of missing.keys()) {
    const [id = 0, part = 0] = name.split('.').map(Number);
    findings.push(finding({ policy: upTo, id, part }, 'missing'));
  }
  return { rows, findings };
}

function faultOf(
  stored: StoredRow,
  expected: ExpectedRow | undefined,
  { at, reached }: TableRange,
): RowFinding['fault'] | undefined {
  const { recorded_from: from, recorded_to: to, ...rest } = stored;
  // What was applied since the position was read is compared the next time.
  if (from > at && from > reached) return isBroughtOnSince(from, reached) ? undefined : 'extra';
  if (from > at) return expected ? 'differs' : undefined;
  if (!expected) return 'extra';
  const end = to > at ? WITHOUT_END : to;
  return end === expected.recordedTo && digestOf({ ...rest, recorded_from: from }) === expected.digest
    ? undefined
    : 'differs';
}

/** A read model does not go further than this while one policy is compared; rows that stand from beyond are forged. */
const BROUGHT_ON_LIMIT = 1_000_000;

const isBroughtOnSince = (from: number, reached: number): boolean => from - reached < BROUGHT_ON_LIMIT;

async function* storedRows(pool: Pool, { table, after, upTo }: TableRange): AsyncGenerator<StoredRow> {
  let last = { policy: after === 0 ? SMALLEST : after, id: LARGEST, part: LARGEST };
  for (let isMore = true; isMore;) {
    const { rows } = await pool.query<{ row: string }>({
      name: `check-rows-${table.name}`,
      text: `SELECT row_to_json(r)::text AS row FROM ${READ}.${table.name} r
        WHERE (policy, id, part) > ($1, $2, $3) AND policy <= $4 ORDER BY policy, id, part LIMIT ${PAGE}`,
      values: [last.policy, last.id, last.part, upTo],
    });
    for (const { row } of rows) {
      const stored: StoredRow = JSON.parse(row);
      last = stored;
      yield stored;
    }
    isMore = rows.length === PAGE;
  }
}
