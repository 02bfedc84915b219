import type { Pool } from 'pg';
import type { Json } from '#domain';
import {
  type Box,
  type Fact,
  type Standing,
  type Uncertainty,
  type Unsure,
  compareText,
  countsInRecord,
  inOrderOfUncertainty,
} from '#temporal';
import type { ResolvedCoordinate } from '../answers.js';
import type { PolicyChange } from '../projection.js';
import { WITHOUT_END, readInstant, storedInstant } from '../table.js';
import { Rows, type Stretch } from './standing-rows.js';
import { type FactsAt, factsOfOne } from './state.js';

/** Policies are kept for at most this many rows in all (some 200 bytes each); the least recently asked for give way. */
const ROWS_KEPT = 600_000;

/** Looking through more rows than this takes longer than asking the database. */
const ROWS_OF_ONE = 20_000;

/** After so many questions, how often each policy was asked for counts half. */
const QUESTIONS_REMEMBERED = 10_000;

/** How many times as often as another a policy must be asked for to take its place. */
const CLEARLY = 2;

interface AssertedRow extends Stretch {
  readonly field: string;
  readonly value: Json;
  readonly event: string;
  readonly since: number;
  readonly until: number;
}

/** Every row of one policy, of every position, by number. */
interface PolicyRows {
  readonly boxes: Rows<AssertedRow>;
  readonly unsure: Rows<AssertedRow>;
  /** How the events that count stood. */
  readonly versions: Rows<Stretch>;
}

interface Entry {
  /** The rows, once they are loaded. */
  rows: PolicyRows | undefined;
  /** Changes that were committed while the rows were being loaded. */
  readonly meanwhile: PolicyChange[];
}

/**
 * The facts of the policies that are asked for most, in memory: any coordinate of theirs is answered without the
 * database, all others' by one statement.
 *
 * A policy's rows are loaded behind the answer to a question, then brought on by what is committed. Applying a change
 * twice does no harm, so it does not matter which changes a load has seen already. When memory is full, a policy is
 * taken in only if it is asked for clearly more often than the one that would give way: otherwise many policies asked
 * for in turn would be loaded and dropped without end.
 */
export class FactsCache {
  readonly #entries = new Map<number, Entry>();
  readonly #tooLarge = new Set<number>();
  #asked = new Map<number, number>();
  #questions = 0;
  #rows = 0;
  /** Policies whose rows are in memory. */
  #loaded = 0;

  constructor(private readonly pool: Pool) {}

  /** The same as the boxes in the database say. */
  async factsOf(policy: number, at: ResolvedCoordinate): Promise<FactsAt> {
    this.#count(policy);
    const entry = this.#entries.get(policy);
    if (!entry && this.#isWorthIt(policy)) this.#load(policy);
    if (!entry?.rows) return factsOfOne(this.pool, policy, at);
    // The order of the map is that of use: what is at its front gives way first.
    this.#entries.delete(policy);
    this.#entries.set(policy, entry);
    return factsAt(entry.rows, at);
  }

  /** Takes in what was committed; called before anyone is told that it was. */
  apply(changes: readonly PolicyChange[]): void {
    for (const change of changes) {
      const entry = this.#entries.get(change.policy);
      if (!entry) continue;
      if (entry.rows) this.#rows += applied(entry.rows, change);
      else entry.meanwhile.push(change);
    }
    this.#makeRoom();
  }

  /** Lets go of a policy that another process has brought on; it is loaded again when it is asked for. */
  forget(policy: number): void {
    const entry = this.#entries.get(policy);
    if (!entry) return;
    this.#entries.delete(policy);
    this.#tooLarge.delete(policy);
    if (!entry.rows) return;
    this.#rows -= sizeOf(entry.rows);
    this.#loaded -= 1;
  }

  forgetAll(): void {
    for (const policy of [...this.#entries.keys()]) this.forget(policy);
    this.#tooLarge.clear();
  }

  #count(policy: number): void {
    this.#asked.set(policy, (this.#asked.get(policy) ?? 0) + 1);
    this.#questions += 1;
    if (this.#questions < QUESTIONS_REMEMBERED) return;
    // What was asked long ago counts less and less, then nothing.
    this.#asked = new Map(
      [...this.#asked].flatMap(([each, times]) => (times > 1 ? [[each, Math.floor(times / 2)]] : [])),
    );
    this.#questions = 0;
  }

  #isWorthIt(policy: number): boolean {
    if (this.#tooLarge.has(policy)) return false;
    if (this.#hasRoomForOneMore()) return true;
    const [givingWay] = this.#entries.keys();
    return givingWay === undefined || (this.#asked.get(policy) ?? 0) > CLEARLY * (this.#asked.get(givingWay) ?? 0);
  }

  /** Room is reckoned with what is being loaded too, or a full memory would load and drop without end. */
  #hasRoomForOneMore(): boolean {
    const usual = this.#loaded === 0 ? 0 : this.#rows / this.#loaded;
    return (this.#entries.size + 1) * usual <= ROWS_KEPT;
  }

  #load(policy: number): void {
    const entry: Entry = { rows: undefined, meanwhile: [] };
    this.#entries.set(policy, entry);
    loadRows(this.pool, policy).then(
      (rows) => {
        if (this.#entries.get(policy) !== entry) return;
        for (const change of entry.meanwhile) applied(rows, change);
        entry.rows = rows;
        this.#rows += sizeOf(rows);
        this.#loaded += 1;
        this.#makeRoom();
      },
      // The question itself was answered, or failed, by another statement; the next one tries again.
      () => {
        if (this.#entries.get(policy) === entry) this.#entries.delete(policy);
      },
    );
  }

  #makeRoom(): void {
    for (const [policy, { rows }] of this.#entries) {
      const isTooLarge = rows !== undefined && sizeOf(rows) > ROWS_OF_ONE;
      if (isTooLarge) this.#tooLarge.add(policy);
      if (!rows || (this.#rows <= ROWS_KEPT && !isTooLarge)) continue;
      this.#entries.delete(policy);
      this.#rows -= sizeOf(rows);
      this.#loaded -= 1;
    }
  }
}

const sizeOf = ({ boxes, unsure, versions }: PolicyRows): number => boxes.size + unsure.size + versions.size;

function factsAt({ boxes, unsure, versions }: PolicyRows, at: ResolvedCoordinate): FactsAt {
  const point = { recorded: at.recorded, known: storedInstant(at.knownAt), valid: storedInstant(at.validAt) };
  const facts = boxes.standingAt(point).map(({ field, value, event, since, until }): Fact => {
    return { field, value, event, valid: { from: readInstant(since), to: readInstant(until) } };
  });
  const uncertain = unsure.standingAt(point).map(({ field, value, event, from, to }): Uncertainty => {
    return { field, value, event, from: readInstant(from), settled: readInstant(to) };
  });
  const eventCount = versions.standingAt(point).length;
  return {
    facts: facts.sort((one, other) => compareText(one.field, other.field)),
    uncertain: uncertain.sort(inOrderOfUncertainty),
    eventCount,
  };
}

/** Takes a committed change in; answers how many rows came. */
function applied(rows: PolicyRows, { position, change }: PolicyChange): number {
  if (!change) return 0;
  const before = sizeOf(rows);
  for (const box of change.boxes.opened) rows.boxes.add(box.id, boxRow(box));
  for (const unsure of change.unsure.opened) rows.unsure.add(unsure.id, unsureRow(unsure));
  for (const version of change.versions.opened)
    if (countsInRecord(version.thing.standing)) rows.versions.add(version.id, stretchOf(version));
  for (const { id } of change.boxes.closed) rows.boxes.end(id, position);
  for (const { id } of change.unsure.closed) rows.unsure.end(id, position);
  for (const { id } of change.versions.closed) rows.versions.end(id, position);
  return sizeOf(rows) - before;
}

const stretchOf = ({
  since,
  thing,
}: Standing<{ readonly known: { readonly from: number; readonly to: number } }>): Stretch => ({
  recordedFrom: since,
  recordedTo: WITHOUT_END,
  knownFrom: storedInstant(readInstant(thing.known.from)),
  knownTo: storedInstant(readInstant(thing.known.to)),
  from: -WITHOUT_END,
  to: WITHOUT_END,
});

const boxRow = (box: Standing<Box>): AssertedRow => ({
  ...stretchOf(box),
  ...assertedOf(box.thing),
  from: storedInstant(box.thing.valid.from),
  to: storedInstant(box.thing.valid.to),
});

const unsureRow = (unsure: Standing<Unsure>): AssertedRow => ({
  ...stretchOf(unsure),
  ...assertedOf(unsure.thing),
  from: storedInstant(unsure.thing.assertion.unsure.from),
  to: storedInstant(unsure.thing.assertion.unsure.to),
});

const assertedOf = ({
  assertion,
}: Box | Unsure): Pick<AssertedRow, 'field' | 'value' | 'event' | 'since' | 'until'> => ({
  field: assertion.field,
  value: assertion.value,
  event: assertion.event.key,
  since: storedInstant(assertion.valid.from),
  until: storedInstant(assertion.valid.to),
});

const STRETCH = `id, recorded_from::float8 AS "recordedFrom", recorded_to::float8 AS "recordedTo", known_from::float8 AS "knownFrom", known_to::float8 AS "knownTo"`;

const BOXES = `SELECT ${STRETCH}, valid_from::float8 AS "from", valid_to::float8 AS "to", field, value, event, since::float8 AS since, until::float8 AS until
  FROM read.boxes WHERE policy = $1`;

const UNSURE = `SELECT ${STRETCH}, unsure_from::float8 AS "from", settled::float8 AS "to", field, value, event, unsure_from::float8 AS since, settled::float8 AS until
  FROM read.unsure WHERE policy = $1`;

const VERSIONS = `SELECT ${STRETCH}, ${-WITHOUT_END}::float8 AS "from", ${WITHOUT_END}::float8 AS "to" FROM read.timeline WHERE policy = $1 AND counts`;

async function loadRows(pool: Pool, policy: number): Promise<PolicyRows> {
  const rowsOf = async <Row extends Stretch>(name: string, text: string): Promise<Rows<Row>> => {
    const { rows } = await pool.query<Row & { id: number }>({ name, text, values: [policy] });
    return new Rows<Row>(rows);
  };
  const [boxes, unsure, versions] = await Promise.all([
    rowsOf<AssertedRow>('all-boxes', BOXES),
    rowsOf<AssertedRow>('all-unsure', UNSURE),
    rowsOf<Stretch>('all-versions', VERSIONS),
  ]);
  return { boxes, unsure, versions };
}
