import { policyStream } from '#domain';
import type { EventLog, LogEntry } from '#event-log';
import { Turns } from '#runtime/turns';
import { entriesOfPolicy } from '../../core/replay/replay.js';
import { projections } from '../../read-models/registry.js';
import type { ResolvedCoordinate } from '../../rows/answers.js';
import { fewRowsValues } from '../../rows/row-writer.js';
import type { PolicyChange, Projection } from '../../rows/projection.js';
import type { Table, TableChange } from '../../rows/table.js';
import { changesOfStream } from '../../runner/ledgers/policy-ledgers.js';
import { takenChange } from '../../runner/parking/parked-events.js';
import type { ReadContext } from '../read-context.js';
import { type LeftOutKeys } from './left-out.js';
import { type RowsOfTable, overlaidPool } from './overlaid-pool.js';

/**
 * What questions are answered from as if some events had never been recorded: the same tables, in which the rows of their
 * policies are those that the read models would have made of all other events. Positions stay as they are.
 *
 * It answers for up to the recorded time of `at`. Nothing of it is kept.
 */
export async function contextWithout(
  context: ReadContext,
  at: ResolvedCoordinate,
  keys: LeftOutKeys,
): Promise<ReadContext> {
  if (keys.size === 0) return context;
  const streams = new Map<string, readonly LogEntry[]>();
  for (const [slug, leftOut] of keys) {
    const entries = await entriesOfPolicy(context.log, slug, at.recorded);
    streams.set(
      policyStream(slug),
      entries.filter(({ key }) => !leftOut.has(key)),
    );
  }
  const log = logWithout(context.log, streams);
  const changes = await changesWithout({ log, streams, at });
  const policies = [...new Set(changes.map(({ policy }) => policy))];
  const pool = overlaidPool(context.pool, { policies, rowsOf: rowsFrom(log, changes) });
  const descriptions = context.descriptions.without(policies);
  descriptions.apply(changes);
  const without: ReadContext = {
    ...context,
    pool,
    log,
    descriptions,
    currentStates: { of: (policies, _at, otherStates) => otherStates(policies) },
    restingOn: () => without,
    about: () => without,
  };
  return without;
}

type Streams = ReadonlyMap<string, readonly LogEntry[]>;

/** The log with other entries in some streams. */
const logWithout = (log: EventLog, streams: Streams): EventLog =>
  new Proxy(log, {
    get: (target, property) => {
      if (property === 'readStream') {
        const readStream: EventLog['readStream'] = (stream, options) => {
          const entries = streams.get(stream);
          if (!entries) return target.readStream(stream, options);
          const { after, limit } = options;
          const beyond = entries.filter(({ revision }) => after === undefined || revision > after);
          return Promise.resolve(beyond.slice(0, limit));
        };
        return readStream;
      }
      const member: unknown = Reflect.get(target, property);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });

interface Without {
  readonly log: EventLog;
  readonly streams: Streams;
  readonly at: ResolvedCoordinate;
}

/** What each event that is left changes, of all these policies. */
async function changesWithout({ log, streams, at }: Without): Promise<readonly PolicyChange[]> {
  const changes: PolicyChange[] = [];
  const turns = new Turns();
  for (const stream of streams.keys())
    for await (const change of changesOfStream(log, { stream, upTo: at.recorded, turns })) changes.push(change);
  return changes;
}

/** The rows of a table that follow from changes, as a JSON list: made when they are asked for first, since few questions read every table. */
function rowsFrom(log: EventLog, changes: readonly PolicyChange[]): RowsOfTable {
  const made = new Map<Projection, Promise<ReadonlyMap<string, string>>>();
  return async (name) => {
    const projection = projections.find(({ tables }) => tables.some((table) => table.name === name));
    if (!projection) return undefined;
    const rows = made.get(projection) ?? rowsOfProjection(log, projection, changes);
    made.set(projection, rows);
    return (await rows).get(name);
  };
}

async function rowsOfProjection(
  log: EventLog,
  projection: Projection,
  changes: readonly PolicyChange[],
): Promise<ReadonlyMap<string, string>> {
  const own = new Map<Table, TableChange[]>(projection.tables.map((table) => [table, []]));
  const turns = new Turns();
  for (const change of changes) {
    for (const taken of await takenChange(log, projection, change)) own.get(taken.table)?.push(taken);
    if (turns.isOver) await turns.next();
  }
  const tables = [...own].map(([table, ofTable]) => ({ table, changes: ofTable }));
  const values = fewRowsValues(tables);
  return new Map(tables.map(({ table }, index) => [table.name, values[2 * index] ?? '[]']));
}
