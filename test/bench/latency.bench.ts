import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { createPostgresEventLog } from '#event-log';
import { insertPlain, makePlainTable, request } from './append.bench.js';
import { type Callers, type Latency, latencies } from './harness/measure.js';

/** Appends in a round, for each number of callers. */
const APPENDS: Readonly<Record<number, number>> = { 1: 500, 32: 6000, 256: 12_000 };

const ROUNDS = 3;
const STREAMS = 32;

/** What callers wait for an append who each await theirs before the next; beside it a row inserted and committed. */
export async function appendLatencies({
  pool,
  owner,
}: {
  pool: pg.Pool;
  owner: pg.Client;
}): Promise<readonly Latency[]> {
  await makePlainTable(owner);
  const log = createPostgresEventLog({ pool });
  let asked = 0;
  const append = async (): Promise<void> => {
    asked += 1;
    const { outcome } = await log.append(request(`latency-${asked % STREAMS}`, randomUUID()));
    if (outcome !== 'appended') throw new Error(`Not appended: ${outcome}`);
  };
  const appending = Object.entries(APPENDS).map(([callers, answers]): Callers => ({
    name: `append, ${callers} ${callers === '1' ? 'caller' : 'callers'}`,
    callers: Number(callers),
    answers,
    ask: append,
  }));
  const inserting: Callers = {
    name: 'INSERT of a row into an equal table, 1 caller',
    callers: 1,
    answers: APPENDS[1] ?? 1,
    ask: () => insertPlain(owner, { total: 1, rows: 1 }),
  };
  const measured = await latencies(ROUNDS, [inserting, ...appending]);
  await log.close();
  return measured;
}
