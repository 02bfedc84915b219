import type { Pool } from 'pg';
import {
  type NamedActor,
  type TakenStance,
  type TurnRecord,
  type UndoneEvent,
  type Undoing,
  namedActors,
} from '#analysis';
import { type Actor, BEGINNING, FOREVER, type Instant, type Stance, instant } from '#domain';
import type { EventMarks } from '../../core/timeline.js';
import { slugsOf } from '../../core/policies.js';
import type { ResolvedCoordinate } from '../../rows/answers.js';
import { isOfPolicy, standsAt, storedInstant } from '../../rows/table.js';
import { type DatedRow, SELECT_DATED, readDates, readPlace } from './dated-columns.js';
import { endOfChunk } from './policy-chunks.js';

interface StanceRow extends DatedRow {
  readonly policy: number;
  readonly actor: string;
  readonly role: string | null;
  readonly on_behalf_of: string | null;
  readonly stance: Stance | null;
  readonly names: readonly string[];
  readonly follows: readonly string[];
}

interface UndoingRow extends DatedRow {
  readonly policy: number;
  readonly undoes: string;
  readonly actors: readonly NamedActor[];
  readonly follows: readonly string[];
}

/** What turns of whole policies are found in, with the numbers of the policies by slug, and where the next begin. */
export interface TurnChunk {
  readonly record: TurnRecord;
  readonly numbers: ReadonlyMap<string, number>;
  readonly looked: number;
  readonly next: number | undefined;
}

interface WantedTurns {
  /** Slugs, separated by commas; all when undefined. */
  readonly slugs: string | undefined;
  readonly from: number;
  readonly most: number;
}

/** Reads what turns are found in, of the next policies. */
export async function turnRecordOfNext(pool: Pool, at: ResolvedCoordinate, wanted: WantedTurns): Promise<TurnChunk> {
  const next = await endOfChunk(pool, { tables: ['stances', 'undoings'], ...wanted });
  const rows = await rowsWithin<StanceRow>(pool, at, { table: 'stances', select: SELECT_STANCE, ...wanted, next });
  const undoings = await rowsWithin<UndoingRow>(pool, at, {
    table: 'undoings',
    select: SELECT_UNDOING,
    ...wanted,
    next,
  });
  const slugs = await slugsOf(pool, [...new Set([...rows, ...undoings].map(({ policy }) => policy))]);
  const slugOf = (policy: number): string => slugs.get(policy) ?? '';
  return {
    record: {
      stances: rows.map((row) => readStance(row, slugOf(row.policy))),
      undoings: undoings.map((row) => readUndoing(row, slugOf(row.policy))),
      undone: await eventsNamed(pool, at, [...new Set(undoings.map(({ undoes }) => undoes))]),
    },
    numbers: new Map([...slugs].map(([number, slug]) => [slug, number])),
    looked: rows.length + undoings.length,
    next,
  };
}

const readStance = (row: StanceRow, policy: string): TakenStance => ({
  event: row.event,
  policy,
  actor: row.actor,
  role: row.role,
  onBehalfOf: row.on_behalf_of,
  stance: row.stance,
  dates: readDates(row),
  names: row.names,
  follows: row.follows,
  ...readPlace(row),
});

const readUndoing = (row: UndoingRow, policy: string): Undoing => ({
  event: row.event,
  policy,
  undoes: row.undoes,
  actors: row.actors,
  dates: readDates(row),
  follows: row.follows,
  ...readPlace(row),
});

const SELECT_STANCE = 't.actor, t.role, t.on_behalf_of, t.stance, t.names, t.follows';

const SELECT_UNDOING = 't.undoes, t.actors, t.follows';

interface WantedRows extends WantedTurns, Pick<TurnChunk, 'next'> {
  readonly table: string;
  /** Select list of the table's own columns. */
  readonly select: string;
}

/** The rows of a chunk that stand at a coordinate. */
async function rowsWithin<Row extends DatedRow>(
  pool: Pool,
  { recorded, knownAt }: ResolvedCoordinate,
  { table, select, slugs, from, next }: WantedRows,
): Promise<readonly Row[]> {
  const values: unknown[] = [recorded, storedInstant(knownAt), from];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const { rows } = await pool.query<Row>(
    `SELECT t.policy, ${SELECT_DATED}, ${select} FROM read.${table} t
      WHERE ${standsAt('t', '$1', '$2')} AND t.policy >= $3 ${next === undefined ? '' : `AND t.policy < ${bind(next)}`}
        ${slugs === undefined ? '' : `AND ${isOfPolicy('t', slugs, bind)}`}`,
    values,
  );
  return rows;
}

interface NamedEventRow {
  readonly event: string;
  readonly body: { readonly occurred: string; readonly actors?: readonly Actor[] };
  readonly marks: EventMarks;
}

/** These events, as they are dated and who made them; those that are in force. */
async function eventsNamed(
  pool: Pool,
  { recorded, knownAt }: ResolvedCoordinate,
  keys: readonly string[],
): Promise<ReadonlyMap<string, UndoneEvent>> {
  if (keys.length === 0) return new Map();
  const { rows } = await pool.query<NamedEventRow>({
    name: 'events-undone',
    text: `SELECT t.event, t.body, t.marks FROM read.timeline t WHERE t.event = ANY ($3) AND t.counts AND ${standsAt('t', '$1', '$2')}`,
    values: [recorded, storedInstant(knownAt), keys],
  });
  return new Map(
    rows.map(({ event, body, marks }) => [
      event,
      {
        event,
        actors: namedActors(body),
        dates: {
          edtf: body.occurred,
          earliest: markedInstant(marks.earliest, BEGINNING),
          latest: markedInstant(marks.latest, FOREVER),
          settled: markedInstant(marks.settled, FOREVER),
        },
      },
    ]),
  );
}

const markedInstant = (text: string | null, open: Instant): Instant =>
  text === null ? open : instant(Date.parse(text));
