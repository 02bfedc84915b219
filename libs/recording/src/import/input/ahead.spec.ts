import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readAhead } from './ahead.js';
import { Spool } from './spool.js';

const CHUNK_BYTES = 1 << 16;
/** More than is kept in memory, and than a buffer of the spool holds. */
const MANY = 40;

let spool: Spool;
let ahead: AsyncGenerator<Uint8Array>;
beforeEach(() => {
  spool = new Spool();
});
afterEach(() => spool.close());

/** Bytes of which no chunk is like another, and which are no text. */
const chunkOf = (number: number): Buffer => Buffer.alloc(CHUNK_BYTES, Buffer.from([number, 0xff, 0xc3]));

describe('reading ahead', () => {
  it('hands on every byte as it came, although the sender uses its buffer again', async () => {
    const reused = Buffer.alloc(CHUNK_BYTES);
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let number = 0; number < MANY; number += 1) {
        chunkOf(number).copy(reused);
        yield reused;
      }
    }
    const read: Uint8Array[] = [];
    for await (const part of readAhead(chunks(), spool)) read.push(Buffer.from(part));
    const sent = Array.from({ length: MANY }, (_, number) => chunkOf(number));
    expect(Buffer.compare(Buffer.concat(read), Buffer.concat(sent))).toBe(0);
  });

  it('reads the source to its end while the first part is still worked on', async () => {
    const ended = new Promise<void>((resolve) => {
      async function* chunks(): AsyncGenerator<Uint8Array> {
        for (let number = 0; number < MANY; number += 1) yield chunkOf(number);
        resolve();
      }
      ahead = readAhead(chunks(), spool);
    });
    await ahead.next();
    await ended;
    await ahead.return(undefined);
  });

  it('fails with the source at once, although parts wait that came before', async () => {
    let fail = (): void => undefined;
    const failed = new Promise<void>((resolve) => (fail = resolve));
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let number = 0; number < MANY; number += 1) yield chunkOf(number);
      fail();
      throw new Error('The sender is gone.');
    }
    ahead = readAhead(chunks(), spool);
    await ahead.next();
    await failed;
    await setImmediate();
    await expect(ahead.next()).rejects.toThrow('The sender is gone.');
  });

  it('lets the source go when nobody asks for more', async () => {
    const letGo = new Promise<void>((resolve) => {
      async function* chunks(): AsyncGenerator<Uint8Array> {
        try {
          for (;;) {
            yield chunkOf(1);
            await setImmediate();
          }
        } finally {
          resolve();
        }
      }
      ahead = readAhead(chunks(), spool);
    });
    await ahead.next();
    await ahead.return(undefined);
    await letGo;
  });
});
