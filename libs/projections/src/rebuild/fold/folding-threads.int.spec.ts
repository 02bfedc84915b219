import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { position } from '#domain';
import { type EventLog, createPostgresEventLog } from '#event-log';
import { appendAll } from '../../../../../test/support/events/append-bodies.js';
import { corpus } from '../../../../../test/support/events/corpus.js';
import {
  type MigratedDatabase,
  createMigratedDatabase,
} from '../../../../../test/support/databases/migrated-database.js';
import { policyRequests } from '../../../../../test/support/databases/one-log.js';
import { projections } from '../../read-models/registry.js';
import { type FoldedStream, type StreamFolder, foldHere } from './fold-streams.js';
import { foldInThreads } from './folding-threads.js';

const SEED = Number(process.env['PROPERTY_SEED'] ?? 20261124);
const POLICIES = 6;

let database: MigratedDatabase;
let log: EventLog;
const streams: string[] = [];

beforeAll(async () => {
  database = await createMigratedDatabase();
  log = createPostgresEventLog({ pool: database.pool });
  for (const [index, { events }] of fc.sample(corpus({ size: 25 }), { numRuns: POLICIES, seed: SEED }).entries())
    await appendAll(log, policyRequests(`policy-${index}`, events));
  for (const { stream } of await log.readFirsts(position(0), POLICIES)) streams.push(stream);
});

afterAll(async () => {
  await log.close();
  await database.drop();
});

const threads = (pool = database.pool): StreamFolder =>
  foldInThreads({ pool, projections, upTo: position(1_000_000), threads: 2 });

const textsOf = ({ texts, events }: FoldedStream): unknown => ({
  events,
  rows: texts
    .filter(({ parts }) => parts.length > 0)
    .map(({ table, parts }) => [table.name, Buffer.concat(parts).toString('utf8')]),
});

describe('folding in threads', () => {
  it('comes to the same rows as folding here, stream by stream, however many are asked for at a time', async () => {
    const here = foldHere({ log, projections, upTo: position(1_000_000) });
    const beside = threads();
    const folded = await Promise.all(streams.map((stream) => beside.fold(stream)));
    await beside.close();
    expect(folded).toHaveLength(POLICIES);
    for (const [index, stream] of streams.entries())
      expect(textsOf(folded[index] ?? { texts: [], events: 0 })).toEqual(textsOf(await here.fold(stream)));
  });

  it('tells what went wrong, with its code, and takes no further stream once it is closed', async () => {
    const [stream = ''] = streams;
    await database.pool.query('SELECT 1');
    const lost = threads({
      ...database.pool,
      options: { ...database.pool.options, connectionString: elsewhere() },
    } as typeof database.pool);
    await expect(lost.fold(stream)).rejects.toMatchObject({ code: '3D000' });
    await lost.close();
    await expect(lost.fold(stream)).rejects.toThrow('A thread that folds ended');
  });

  it('ends when it is told to, with what is being folded', async () => {
    const stop = new AbortController();
    const folding = { pool: database.pool, projections, upTo: position(1_000_000), threads: 1, signal: stop.signal };
    const folded = foldInThreads(folding).fold(streams[0] ?? '');
    stop.abort();
    await expect(folded).rejects.toThrow('A thread that folds ended');
  });
});

/** A database that is not there. */
const elsewhere = (): string => String(database.pool.options.connectionString).replace(/[^/]*$/, 'nowhere');
