import type { Pool } from 'pg';
import {
  type Box,
  type DatedAssertion,
  type Interval,
  type LedgerItem,
  type UncertainInterval,
  countsInRecord,
} from '#temporal';
import type { ResolvedCoordinate } from '../../rows/answers.js';
import type { PolicyChange } from '../../rows/projection.js';
import { WITHOUT_END, storedInstant } from '../../rows/table.js';
import { type StandingRow, StandingRows } from './interval-table.js';
import type { FactsAt } from '../replay/fold-entries.js';
import { FACT_TUPLE, type FactTuple, UNCERTAIN_TUPLE, factsAt, readTuple } from '../state.js';

/** A policy of more rows than this is not for memory: to load it would take up too much at once. */
export const ROWS_LIMIT = 200_000;

/** Every row of one policy, of every position, in memory. */
export class PolicyRows {
  constructor(
    private readonly boxes: StandingRows<FactTuple>,
    private readonly unsure: StandingRows<FactTuple>,
    /** How the events that count stood. */
    private readonly versions: StandingRows<null>,
  ) {}

  get size(): number {
    return this.boxes.size + this.unsure.size + this.versions.size;
  }

  /** Takes a committed change in; doing it twice does no harm. */
  apply({ position, change }: PolicyChange): void {
    if (!change) return;
    for (const box of change.boxes.opened) this.boxes.add(boxRow(box));
    for (const unsure of change.uncertain.opened) this.unsure.add(unsureRow(unsure));
    for (const version of change.versions.opened)
      if (countsInRecord(version.value.standing)) this.versions.add({ ...stretchOf(version), said: null });
    for (const { id } of change.boxes.closed) this.boxes.end(id, position);
    for (const { id } of change.uncertain.closed) this.unsure.end(id, position);
    for (const { id } of change.versions.closed) this.versions.end(id, position);
  }

  factsAt(at: ResolvedCoordinate): FactsAt {
    const point = { recorded: at.recorded, known: storedInstant(at.knownAt), valid: storedInstant(at.validAt) };
    return factsAt({
      facts: this.boxes.standingAt(point),
      uncertain: this.unsure.standingAt(point),
      events: this.versions.countAt(point),
    });
  }
}

const ALWAYS = { from: -WITHOUT_END, to: WITHOUT_END };

const stretchOf = ({
  id,
  since,
  value,
}: LedgerItem<{ readonly known: Interval }>): Omit<StandingRow<null>, 'said'> => ({
  id,
  recordedFrom: since,
  recordedTo: WITHOUT_END,
  knownFrom: storedInstant(value.known.from),
  knownTo: storedInstant(value.known.to),
  ...ALWAYS,
});

const boxRow = (box: LedgerItem<Box>): StandingRow<FactTuple> => ({
  ...stretchOf(box),
  from: storedInstant(box.value.valid.from),
  to: storedInstant(box.value.valid.to),
  said: tupleOf(box.value.assertion, box.value.assertion.valid),
});

const unsureRow = (unsure: LedgerItem<UncertainInterval>): StandingRow<FactTuple> => ({
  ...stretchOf(unsure),
  from: storedInstant(unsure.value.assertion.uncertain.from),
  to: storedInstant(unsure.value.assertion.uncertain.to),
  said: tupleOf(unsure.value.assertion, unsure.value.assertion.uncertain),
});

const tupleOf = ({ field, value, event }: DatedAssertion, { from, to }: Interval): FactTuple => [
  field,
  value,
  event.key,
  storedInstant(from),
  storedInstant(to),
];

/** So many rows are read at a time: a page keeps the process from answering for a few milliseconds. */
const PAGE_ROWS = 1_000;

/**
 * Reads every row of a policy, page by page; of one that has more than {@link ROWS_LIMIT} at least one row more than that.
 *
 * `rest` comes between pages and before sorting: others are to be answered meanwhile. Rows that begin or end while it
 * reads may be missed: apply what was committed since the call.
 */
export async function loadPolicyRows(
  pool: Pool,
  policy: number,
  { rest, pageRows = PAGE_ROWS }: { readonly rest: () => Promise<void>; readonly pageRows?: number },
): Promise<PolicyRows> {
  const read = async <Said>(
    name: string,
    text: string,
    saidOf: (text: string) => Said,
  ): Promise<StandingRows<Said>> => {
    const rows = new StandingRows<Said>();
    for (let isWhole = false; !isWhole;) {
      const { rows: pages } = await pool.query<ReadTogether>({ name, text, values: [policy, rows.lastId, pageRows] });
      const count = addTo(rows, pages[0] ?? NO_ROWS, saidOf);
      isWhole = count < pageRows || rows.size > ROWS_LIMIT;
      if (rows.size >= pageRows) await rest();
    }
    rows.arrange();
    return rows;
  };
  const said = saidOnce();
  return new PolicyRows(
    await read('boxes-after', BOXES, said),
    await read('unsure-after', UNSURE, said),
    await read('versions-after', VERSIONS, () => null),
  );
}

/** Rows of a table, read as two values: as rows they take several times as long. */
interface ReadTogether {
  /** Of each row its number and its bounds, each a floating-point number of eight bytes, its highest byte first. */
  readonly stretches: Buffer | null;
  /** What each row says, as the text of a tuple; rows that say nothing have none. */
  readonly said: readonly string[] | null;
}

const NO_ROWS: ReadTogether = { stretches: null, said: null };

const STRETCH = ['id', 'recorded_from', 'recorded_to', 'known_from', 'known_to'];

/** Of each row the number, the six bounds. */
const STRETCH_BYTES = 8 * (STRETCH.length + 2);

const readTogether = (rows: string, valid: readonly [from: string, to: string], said: string): string => `
  SELECT string_agg(${[...STRETCH, ...valid].map((bound) => `float8send(${bound}::float8)`).join(' || ')}, '') AS stretches, ${said} AS said
  FROM (SELECT * FROM ${rows} AND id > $2 ORDER BY id LIMIT $3) AS r`;

const BOXES = readTogether('read.boxes WHERE policy = $1', ['valid_from', 'valid_to'], `json_agg(${FACT_TUPLE}::text)`);

const UNSURE = readTogether(
  'read.unsure WHERE policy = $1',
  ['unsure_from', 'settled'],
  `json_agg(${UNCERTAIN_TUPLE}::text)`,
);

const VERSIONS = readTogether(
  'read.timeline WHERE policy = $1 AND counts',
  [`${-WITHOUT_END}`, `${WITHOUT_END}`],
  'NULL',
);

/** Adds rows that were read together; answers how many. */
function addTo<Said>(
  rows: StandingRows<Said>,
  { stretches, said }: ReadTogether,
  saidOf: (text: string) => Said,
): number {
  const bytes = stretches ?? Buffer.alloc(0);
  const count = bytes.length / STRETCH_BYTES;
  for (let index = 0; index < count; index += 1) {
    const number = (of: number): number => bytes.readDoubleBE(index * STRETCH_BYTES + of * 8);
    rows.add({
      id: number(0),
      recordedFrom: number(1),
      recordedTo: number(2),
      knownFrom: number(3),
      knownTo: number(4),
      from: number(5),
      to: number(6),
      said: saidOf(said?.[index] ?? ''),
    });
  }
  return count;
}

/** Many rows say the same: it is kept once. */
function saidOnce(): (text: string) => FactTuple {
  const known = new Map<string, FactTuple>();
  const names = new Map<string, string>();
  const once = (name: string): string => names.get(name) ?? (names.set(name, name), name);
  const read = (text: string): FactTuple => {
    const tuple: FactTuple = JSON.parse(text);
    const [field, value, event, since, until] = readTuple(tuple);
    return [once(field), value, once(event), since, until];
  };
  return (text) => {
    const said = known.get(text) ?? read(text);
    known.set(text, said);
    return said;
  };
}
