import type { Pool, PoolClient } from 'pg';
import { type Instant, type Position, instant, position } from '#domain';
import type { EventLog, LogEntry } from '#event-log';
import { PolicyLedgers } from './policy-ledgers.js';
import type { PolicyChange, Projection } from './projection.js';
import { creationOf, writeChanges } from './table.js';

/** Entries are taken in batches of at most this many. */
export const BATCH_LIMIT = 500;

/** A batch that fails is tried again after each of these waits; then the runner stops and says why. */
const RETRY_WAITS_MS = [50, 200, 1000, 3000, 10_000];

/** How far the read models have come. */
export interface Progress {
  readonly position: Position;
  /** When that position was recorded; null before the first. */
  readonly recordedAt: Instant | null;
}

/** Another runner took over: this one must not write any more. */
export class TakenOver extends Error {
  override readonly name = 'TakenOver';
}

interface Needs {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly projections: readonly Projection[];
  /** Told what a batch changed, once it is committed and before anyone is told how far the read models have come. */
  readonly onCommitted: (changes: readonly PolicyChange[]) => void;
}

/**
 * Brings the read models on, batch by batch: rows and positions in one transaction, so effects happen exactly once.
 *
 * Positions move only if they stand where this runner left them, and only for the newest runner (its epoch): a runner
 * that was overtaken rolls back and stops. An entry is never skipped.
 */
export class Runner {
  #progress: Progress = { position: position(0), recordedAt: null };
  #epoch = 0;
  #ledgers: PolicyLedgers;

  constructor(private readonly needs: Needs) {
    this.#ledgers = new PolicyLedgers(needs.log);
  }

  get progress(): Progress {
    return this.#progress;
  }

  /** Makes the tables, takes over from any runner before, and brings read models of unequal positions level. */
  async prepare(signal: AbortSignal): Promise<void> {
    const { pool, projections } = this.needs;
    const positions = await inTransaction(pool, (client) => this.#takeOver(client));
    const furthest = position(Math.max(0, ...positions.values()));
    for (const from of [...new Set(positions.values())].sort((one, other) => one - other)) {
      if (from === furthest) break;
      const behind = projections.filter(({ name }) => positions.get(name) === from);
      await this.#bringLevel(behind, { from, to: furthest, signal });
      for (const { name } of behind) positions.set(name, furthest);
    }
    const recordedAt = await this.needs.log.recordedAtOf(furthest);
    this.#progress = { position: furthest, recordedAt: recordedAt === undefined ? null : instant(recordedAt) };
  }

  /** Applies everything in the log and what is appended, until the signal aborts. */
  async run(signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<void> {
    for await (const entries of this.needs.log.subscribe(this.#progress.position, {
      signal,
      batchLimit: BATCH_LIMIT,
    })) {
      await this.#applyWithRetry(entries, this.needs.projections, this.#ledgers);
      const last = entries.at(-1);
      if (last) this.#progress = { position: last.position, recordedAt: instant(last.recordedAt) };
      onProgress(this.#progress);
    }
  }

  async #takeOver(client: PoolClient): Promise<Map<string, Position>> {
    await client.query('SELECT pg_advisory_xact_lock($1)', [PREPARE_LOCK]);
    await client.query(CREATE_POSITIONS);
    for (const projection of this.needs.projections) await prepareProjection(client, projection);
    const names = this.needs.projections.map(({ name }) => name);
    const { rows } = await client.query<{ name: string; position: number; epoch: number }>(
      `UPDATE read.projections SET epoch = (SELECT max(epoch) + 1 FROM read.projections) WHERE name = ANY ($1)
       RETURNING name, position::float8 AS position, epoch`,
      [names],
    );
    this.#epoch = rows[0]?.epoch ?? 0;
    return new Map(rows.map((row) => [row.name, position(row.position)]));
  }

  async #bringLevel(
    behind: readonly Projection[],
    { from, to, signal }: { from: Position; to: Position; signal: AbortSignal },
  ): Promise<void> {
    const ledgers = new PolicyLedgers(this.needs.log);
    for (let reached = from; reached < to && !signal.aborted;) {
      const entries = await this.needs.log.readAll(reached, Math.min(BATCH_LIMIT, to - reached));
      await this.#applyWithRetry(entries, behind, ledgers);
      reached = entries.at(-1)?.position ?? to;
    }
  }

  async #applyWithRetry(
    entries: readonly LogEntry[],
    projections: readonly Projection[],
    ledgers: PolicyLedgers,
  ): Promise<void> {
    for (const waitMs of [...RETRY_WAITS_MS, undefined]) {
      try {
        return await this.#apply(entries, projections, ledgers);
      } catch (error) {
        ledgers.forget();
        if (waitMs === undefined || error instanceof TakenOver) throw error;
        await new Promise((resolve) => setTimeout(resolve, waitMs).unref());
      }
    }
  }

  async #apply(
    entries: readonly LogEntry[],
    projections: readonly Projection[],
    ledgers: PolicyLedgers,
  ): Promise<void> {
    const [first, last] = [entries[0], entries.at(-1)];
    if (!first || !last) return;
    const changes: PolicyChange[] = [];
    for (const entry of entries) {
      const change = await ledgers.take(entry);
      if (change) changes.push(change);
    }
    await inTransaction(this.needs.pool, async (client) => {
      for (const projection of projections) await writeProjection(client, projection, changes);
      await this.#movePositions(client, projections, { from: position(first.position - 1), to: last });
    });
    this.needs.onCommitted(changes);
  }

  async #movePositions(
    client: PoolClient,
    projections: readonly Projection[],
    { from, to }: { from: Position; to: LogEntry },
  ): Promise<void> {
    const { rowCount } = await client.query({
      name: 'move-positions',
      text: 'UPDATE read.projections SET position = $3 WHERE name = ANY ($1) AND position = $2 AND epoch = $4',
      values: [projections.map(({ name }) => name), from, to.position, this.#epoch],
    });
    if (rowCount !== projections.length)
      throw new TakenOver(`Another process brings the read models on since position ${from}. This one has stopped.`);
  }
}

const PREPARE_LOCK = 7_303;

const CREATE_POSITIONS = `CREATE TABLE IF NOT EXISTS read.projections (
  name text PRIMARY KEY, version integer NOT NULL, position bigint NOT NULL, epoch integer NOT NULL)`;

/** Makes a projection's tables; those of another version are dropped first and filled from the start again. */
async function prepareProjection(client: PoolClient, { name, version, tables }: Projection): Promise<void> {
  const { rows } = await client.query<{ version: number }>('SELECT version FROM read.projections WHERE name = $1', [
    name,
  ]);
  if (rows[0]?.version === version) return;
  for (const table of tables) await client.query(`DROP TABLE IF EXISTS read.${table.name}`);
  for (const statement of tables.flatMap(creationOf)) await client.query(statement);
  await client.query(
    `INSERT INTO read.projections (name, version, position, epoch) VALUES ($1, $2, 0, 0)
     ON CONFLICT (name) DO UPDATE SET version = $2, position = 0`,
    [name, version],
  );
}

async function writeProjection(
  client: PoolClient,
  projection: Projection,
  changes: readonly PolicyChange[],
): Promise<void> {
  const tableChanges = changes.flatMap((change) => projection.changesOf(change));
  for (const table of projection.tables)
    await writeChanges(
      client,
      table,
      tableChanges.filter((change) => change.table === table),
    );
}

/** Runs work in one transaction: committed when it is done, rolled back when it throws. */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    // A connection that cannot roll back is closed, which rolls back too.
    await client.query('ROLLBACK').then(
      () => client.release(),
      () => client.release(true),
    );
    throw error;
  }
}
