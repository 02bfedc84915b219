import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SpooledText, Spool } from './spool.js';

const ROUNDS = 100;
const TEXTS_A_ROUND = 40;
const SMALLER_THAN_A_BUFFER = 40_000;

let spool: Spool;

beforeEach(() => {
  spool = new Spool();
});
afterEach(() => spool.close());

const textOf = (round: number, number: number): string => `${round}:${number} `.repeat(100 + number);

async function addRound(round: number): Promise<SpooledText[]> {
  const pieces: SpooledText[] = [];
  for (let number = 0; number < TEXTS_A_ROUND; number += 1)
    pieces.push(await spool.add(Buffer.from(textOf(round, number))));
  return pieces;
}

/** Where the links in a folder lead, those that are still there. */
const linksOf = (folder: string): readonly string[] =>
  readdirSync(folder).flatMap((name) => {
    try {
      return [readlinkSync(join(folder, name))];
    } catch {
      return [];
    }
  });

describe('a spool', () => {
  it('reads what is still in its buffer, asked for many pieces at once', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const pieces = await addRound(round);
      const texts = await Promise.all(pieces.map((piece) => spool.read(piece)));
      expect(texts).toEqual(pieces.map((_, number) => textOf(round, number)));
    }
  });

  it('refuses a piece it does not hold', async () => {
    const { offset, length } = await spool.add(Buffer.from('a text'));
    await expect(spool.read({ offset, length: length + 1 })).rejects.toThrow(/end at 6/);
  });

  it('opens one file, and that only once there is more than its buffer holds', async () => {
    const openFiles = () => linksOf('/proc/self/fd').filter((file) => file.includes('policy-timeline-import')).length;
    const before = openFiles();
    const pieces: SpooledText[] = [];
    const text = 'a line of some length, as imports have it';
    while (pieces.length * text.length < SMALLER_THAN_A_BUFFER) pieces.push(await spool.add(Buffer.from(text)));
    expect(await Promise.all(pieces.map((piece) => spool.read(piece)))).toEqual(pieces.map(() => text));
    expect(openFiles()).toBe(before);
    const last = await spool.add(Buffer.alloc(SMALLER_THAN_A_BUFFER, 'x'));
    expect(await spool.read(pieces[7] ?? last)).toBe(text);
    expect(await spool.read(last)).toHaveLength(SMALLER_THAN_A_BUFFER);
    expect(openFiles()).toBe(before + 1);
  });

  it('reports a file that cannot be made, and can still be closed', async () => {
    const homeless = new Spool('/nowhere');
    await expect(homeless.add(Buffer.alloc(2 * SMALLER_THAN_A_BUFFER))).rejects.toThrow(/ENOENT/);
    await homeless.close();
  });
});
