import type { Pool, PoolClient } from 'pg';
import { type Position, position } from '#domain';
import type { EventLog, LogEntry } from '#event-log';
import { inTransaction, isSelfInflicted, isTransient, sleep } from '#postgres';
import { inSpan } from '#runtime/spans';
import { Turns } from '#runtime/turns';
import type { Projection } from '../rows/projection.js';
import { groupRows } from '../rows/rows-at.js';
import { KEPT_BYTES, PolicyLedgers } from '../runner/ledgers/policy-ledgers.js';
import { takenChanges } from '../runner/parking/parked-events.js';
import { readPartitions, readReadModels } from '../runner/membership/stored-partitions.js';
import { READ, creationOf } from '../rows/table.js';
import { type TableWrite, writeInTurns, writeTable } from '../rows/row-writer.js';
import { buildInBulk } from './fold/bulk-build.js';
import { buildIndexes } from './build-indexes.js';
import { compareTables } from './digest.js';
import { folderOf } from './fold/folding-threads.js';
import { type Rebuild, RebuildLost, claimRebuilds, failRebuilds, keepReport, noteRebuilds } from './rebuilds.js';
import { NEXT, SwitchTooEarly, switchTables } from './switch-tables.js';

/** Entries that the shadow tables advance by at a time. */
const BATCH = 1000;

/** The shadow tables come to within so many entries of those in use before anyone is made to wait. */
const NEAR = 100;

/** How often the last step is tried before it is tried no more for a while. */
const SWITCH_WAIT_MS = 100;

/** So often in a row a rebuild may meet a fault that it can have caused itself; then it fails. */
const SUSPECT_LIMIT = 5;

interface Needs {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly projections: readonly Projection[];
  /** Threads beside this one that fold. */
  readonly foldingThreads: number;
  /** The number of this process. */
  readonly member: () => number | undefined;
}

/** Read models that are built together. */
interface Group {
  readonly member: number;
  readonly names: readonly string[];
  readonly projections: readonly Projection[];
  readonly signal: AbortSignal;
}

/**
 * Builds read models again beside those in use: copies rows policy by policy, makes the indexes, follows the log, compares
 * with what is in use, and switches over. Each step is noted in the transaction that makes it, so that another process,
 * or this one after a fault, can go on where it ended.
 */
export class Rebuilder {
  #suspects = 0;

  constructor(private readonly needs: Needs) {}

  /** Rebuilds what is to be rebuilt, to its end; true when there was something. */
  async work(signal: AbortSignal): Promise<boolean> {
    const member = this.needs.member();
    if (member === undefined) return false;
    const claimed = await claimRebuilds(this.needs.pool, member);
    const [first] = claimed;
    if (!first) return false;
    const names = claimed.map(({ name }) => name);
    const projections = this.needs.projections.filter(({ name }) => names.includes(name));
    try {
      await this.#rebuild(first, { member, names, projections, signal });
      this.#suspects = 0;
    } catch (error) {
      if (signal.aborted || (isTransient(error) && !this.#comesBack(error))) throw error;
      if (!(error instanceof RebuildLost)) await failRebuilds(this.needs.pool, names, messageOf(error));
      await this.#clear(projections);
    }
    return true;
  }

  /** True for a fault that may be the rebuild's own and came again and again, whatever was built meanwhile. */
  #comesBack(error: unknown): boolean {
    this.#suspects = isSelfInflicted(error) ? this.#suspects + 1 : 0;
    if (this.#suspects < SUSPECT_LIMIT) return false;
    this.#suspects = 0;
    return true;
  }

  async #rebuild(at: Rebuild, group: Group): Promise<void> {
    const upTo = at.state === 'waiting' ? await this.#begin(group) : at.upTo;
    if (at.state === 'waiting' || at.state === 'copying') await this.#copy(group, upTo, at);
    await this.#index(group);
    const shadow = new ShadowTables(this.needs, group);
    await this.#follow(group, shadow, upTo);
    await this.#compare(group, shadow);
    await this.#switch(group, shadow);
  }

  async #begin(group: Group): Promise<Position> {
    const { pool, log } = this.needs;
    const { position: head } = await log.head();
    const upTo = position(head);
    await this.#clear(group.projections);
    await inTransaction(pool, async (client) => {
      for (const table of tablesOf(group)) await client.query(creationOf(table, NEXT));
      await noteRebuilds(client, group, { state: 'copying', upTo, progress: { cursor: position(0), events: 0 } });
    });
    return upTo;
  }

  async #copy(group: Group, upTo: Position, { state, progress }: Rebuild): Promise<void> {
    const { pool, log, foldingThreads: threads } = this.needs;
    await buildInBulk({
      pool,
      log,
      folder: folderOf({ pool, log, threads, projections: group.projections, upTo, signal: group.signal }),
      schema: NEXT,
      upTo,
      from: state === 'waiting' ? { cursor: position(0), events: 0 } : progress,
      onChunk: async (client, reached) => {
        group.signal.throwIfAborted();
        await noteRebuilds(client, group, { state: 'copying', progress: reached });
      },
    });
  }

  async #index(group: Group): Promise<void> {
    await noteRebuilds(this.needs.pool, group, { state: 'indexing' });
    await buildIndexes(this.needs.pool, { tables: tablesOf(group), schema: NEXT, signal: group.signal });
  }

  /** The position of the shadow tables is kept as that to which they are built. */
  async #follow(group: Group, shadow: ShadowTables, upTo: Position): Promise<void> {
    await noteRebuilds(this.needs.pool, group, { state: 'following', upTo });
    shadow.startAt(upTo);
    await shadow.catchUp();
  }

  /** What is in use advances meanwhile, so both are compared as of a position that both have passed. */
  async #compare(group: Group, shadow: ShadowTables): Promise<void> {
    const { pool } = this.needs;
    await noteRebuilds(pool, group, { state: 'comparing' });
    const built = (await readReadModels(pool)).filter(({ builtTo }) => builtTo !== null);
    for (const projection of group.projections) {
      if (!built.some(({ name }) => name === projection.name)) continue;
      const partitions = await readPartitions(pool);
      const at = position(Math.min(shadow.position, ...partitions.map((partition) => partition.position)));
      const report = await compareTables(pool, projection.tables, { one: READ, other: NEXT, at });
      await keepReport(pool, projection.name, report);
      await shadow.catchUp();
    }
  }

  async #switch(group: Group, shadow: ShadowTables): Promise<void> {
    for (;;) {
      group.signal.throwIfAborted();
      await shadow.catchUp();
      try {
        await inSpan('switch', () =>
          switchTables(this.needs.pool, {
            projections: group.projections,
            advanceTo: (client, wanted) => shadow.advanceTo(client, wanted),
            onSwitched: (client) => noteRebuilds(client, group, { state: 'done' }),
          }),
        );
        return;
      } catch (error) {
        if (!(error instanceof SwitchTooEarly) && !isTransient(error)) throw error;
        shadow.forget();
        await sleep(SWITCH_WAIT_MS, group.signal);
      }
    }
  }

  async #clear(projections: readonly Projection[]): Promise<void> {
    const names = projections.flatMap(({ tables }) => tables.map(({ name }) => `${NEXT}.${name}`));
    if (names.length > 0) await this.needs.pool.query(`DROP TABLE IF EXISTS ${names.join(', ')}`);
  }
}

const tablesOf = ({ projections }: Group): readonly Projection['tables'][number][] =>
  projections.flatMap(({ tables }) => tables);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The tables that are built beside those in use, and follow the log. */
class ShadowTables {
  #ledgers: PolicyLedgers;
  #position = position(0);

  constructor(
    private readonly needs: Needs,
    private readonly group: Group,
  ) {
    this.#ledgers = ledgersForShadow(needs.log);
  }

  get position(): Position {
    return this.#position;
  }

  startAt(reached: Position): void {
    this.#position = reached;
  }

  /** What was folded and not committed is to be folded again. */
  forget(): void {
    this.#ledgers = ledgersForShadow(this.needs.log);
  }

  /** Follows the log to near its head, a transaction a batch. */
  async catchUp(): Promise<void> {
    for (let isNear = false; !isNear;) {
      this.group.signal.throwIfAborted();
      const entries = await this.needs.log.readAll(this.#position, BATCH);
      isNear = entries.length < NEAR;
      const last = entries.at(-1);
      if (!last) return;
      const reached = position(last.position);
      await this.#write(entries, reached);
      this.#position = reached;
    }
  }

  /** Follows the log to a position in a transaction that somebody waits for: only where it is near. */
  async advanceTo(client: PoolClient, wanted: Position): Promise<Position> {
    if (wanted <= this.#position || wanted - this.#position > BATCH) return this.#position;
    const entries = await this.needs.log.readAll(this.#position, wanted - this.#position);
    await writeAll(client, await this.#folded(entries));
    return wanted;
  }

  /** Folds before the transaction begins: policies that are not in memory have to be folded again, which takes long. */
  async #write(entries: readonly LogEntry[], reached: Position): Promise<void> {
    const writes = await this.#folded(entries);
    await inTransaction(this.needs.pool, async (client) => {
      await noteRebuilds(client, this.group, { upTo: reached });
      await writeAll(client, writes);
    });
  }

  async #folded(entries: readonly LogEntry[]): Promise<readonly TableWrite[]> {
    const { signal } = this.group;
    const { changes } = await this.#ledgers.take(entries, { weight: Infinity, signal });
    const turns = new Turns(signal);
    const writes: TableWrite[] = [];
    for (const projection of this.group.projections) {
      const byTable = groupRows(await takenChanges(this.needs.log, projection, changes), ({ table }) => table.name);
      for (const table of projection.tables)
        writes.push(await writeInTurns(table, byTable.get(table.name) ?? [], turns));
    }
    return writes;
  }
}

async function writeAll(client: PoolClient, writes: readonly TableWrite[]): Promise<void> {
  for (const write of writes) await writeTable(client, write, NEXT);
}

/** The ledgers of the runner need most of the room. */
const ledgersForShadow = (log: EventLog): PolicyLedgers => new PolicyLedgers(log, KEPT_BYTES / 3);
