import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type pg from 'pg';
import { type TestDatabase, createTestDatabase } from '../../../../test/support/databases/database.js';
import { Listener } from './listen.js';
import { openPool } from '../connections/pool.js';

let database: TestDatabase;
let pool: pg.Pool;
let own: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  const open = (name: string) => openPool({ url: database.url, name, onIdleError: () => undefined });
  [pool, own] = [open('others'), open('listener')];
});

afterAll(async () => {
  await Promise.all([pool.end(), own.end()]);
  await database.drop();
});

it('hears what is sent, also on a new connection after the first was ended', async () => {
  const heard = new EventEmitter();
  const prepared: number[] = [];
  const listener = new Listener({
    pool: own,
    channel: 'news',
    onNotification: (payload) => heard.emit('news', payload),
  });
  const connect = () =>
    listener.connect(async (client) => {
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      prepared.push(rows[0]?.pid ?? 0);
    });
  const next = async (payload: string): Promise<unknown> => {
    const news = once(heard, 'news');
    await pool.query("SELECT pg_notify('news', $1)", [payload]);
    return (await news)[0];
  };

  // Two who connect at once share one connection.
  await Promise.all([connect(), connect()]);
  expect([prepared.length, await connect(), await next('one')]).toEqual([1, false, 'one']);

  const removed = once(own, 'remove');
  await pool.query('SELECT pg_terminate_backend($1)', [prepared[0]]);
  await removed;
  expect([await connect(), prepared.length, await next('two')]).toEqual([true, 2, 'two']);

  listener.close();
  expect([await connect(), own.totalCount]).toEqual([false, 0]);
});

it('makes another try where a connection could not be prepared', async () => {
  const listener = new Listener({ pool: own, channel: 'news', onNotification: () => undefined });
  await expect(listener.connect(() => Promise.reject(new Error('not prepared')))).rejects.toThrow('not prepared');
  expect(await listener.connect()).toBe(true);
  listener.close();
});
