import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Piece, Spool } from './spool.js';

const ROUNDS = 100;
const TEXTS_A_ROUND = 40;

let spool: Spool;

beforeEach(async () => {
  spool = await Spool.open();
});
afterEach(() => spool.close());

const textOf = (round: number, number: number): string => `${round}:${number} `.repeat(100 + number);

async function addRound(round: number): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (let number = 0; number < TEXTS_A_ROUND; number += 1)
    pieces.push(await spool.add(Buffer.from(textOf(round, number))));
  return pieces;
}

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
    await expect(spool.read({ offset, length: length + 1 })).rejects.toThrow(/ends at 6/);
  });
});
