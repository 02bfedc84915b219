import { describe, expect, it } from '@jest/globals';
import { previousIn, previousLine } from './previous-checkpoint.js';

describe('the checkpoint that was signed before', () => {
  it.each([0, 1, 4_096])('is named by its size, %i, beside whatever else a checkpoint says', (size) => {
    expect(previousIn(['stream-heads 2 root', previousLine(size)])).toBe(size);
  });

  it('is not named by checkpoints of versions that did not do so yet', () => {
    expect(previousIn([])).toBeUndefined();
    expect(previousIn(['stream-heads 2 root'])).toBeUndefined();
  });
});
