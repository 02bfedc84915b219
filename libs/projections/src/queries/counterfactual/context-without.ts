import type { Pool } from 'pg';
import { REGISTERED, policyStream } from '#domain';
import type { EventLog, LogEntry } from '#event-log';
import { Turns } from '#runtime/turns';
import { Descriptions } from '../../core/descriptions.js';
import { entriesOfPolicy } from '../../core/replay/replay.js';
import { projections } from '../../read-models/registry.js';
import type { ResolvedCoordinate } from '../../rows/answers.js';
import { fewRowsValues } from '../../rows/row-writer.js';
import type { Table, TableChange } from '../../rows/table.js';
import { changesOfStream } from '../../runner/ledgers/policy-ledgers.js';
import { takenChange } from '../../runner/parking/parked-events.js';
import type { ReadContext } from '../read-context.js';
import { type LeftOutKeys } from './left-out.js';
import { overlaidPool } from './overlaid-pool.js';

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
  const pool = await poolWithout(context.pool, { log, streams, at });
  const descriptions = new Descriptions();
  await descriptions.load(pool);
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

async function poolWithout(pool: Pool, { log, streams, at }: Without): Promise<Pool> {
  const changes = new Map<Table, TableChange[]>(
    projections.flatMap(({ tables }) => tables.map((table) => [table, []])),
  );
  const policies: number[] = [];
  const turns = new Turns();
  for (const [stream, entries] of streams) {
    policies.push(...entries.filter(({ type }) => type === REGISTERED).map(({ position }) => position));
    for await (const change of changesOfStream(log, { stream, upTo: at.recorded, turns }))
      for (const projection of projections)
        for (const taken of await takenChange(log, projection, change)) {
          changes.get(taken.table)?.push(taken);
          if (turns.isOver) await turns.next();
        }
  }
  const tables = [...changes].map(([table, own]) => ({ table, changes: own }));
  const values = fewRowsValues(tables);
  const rows = new Map(tables.map(({ table }, index) => [table.name, values[2 * index] ?? '[]']));
  return overlaidPool(pool, { policies, rows });
}
