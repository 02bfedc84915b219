import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HeadsTree, headLeaf } from './heads-tree.js';
import type { StreamHead } from './stream-head.js';
import { Frontier } from './merkle.js';
import { provesHead } from '../notes/stream-heads.js';

const move = fc.record({
  stream: fc.stringMatching(/^[a-c]{1,3}$/),
  position: fc.integer({ min: 1, max: 1000 }),
  revision: fc.integer({ min: 0, max: 9 }),
});

/** Moves as they come at once: each stream once. */
const moves = fc.array(fc.uniqueArray(move, { selector: ({ stream }) => stream, maxLength: 12 }), { maxLength: 12 });

/** The heads that moves lead to, in the order of their streams. */
function headsAfter(series: readonly (readonly StreamHead[])[]): readonly StreamHead[] {
  const heads = new Map(series.flat().map((head) => [head.stream, head]));
  return [...heads.values()].sort((one, other) => (one.stream < other.stream ? -1 : 1));
}

describe('the tree of stream heads', () => {
  it('has the root that a tree over all heads has, however they came to stand there', () => {
    fc.assert(
      fc.property(moves, (series) => {
        const tree = new HeadsTree();
        for (const heads of series) tree.move(heads);
        const whole = new Frontier();
        for (const head of headsAfter(series)) whole.append(headLeaf(head));
        expect(tree.digest()).toEqual({ streams: whole.size, root: whole.root() });
      }),
    );
  });

  it('proves every head, and no other', () => {
    fc.assert(
      fc.property(moves, (series) => {
        const tree = new HeadsTree();
        for (const heads of series) tree.move(heads);
        for (const head of headsAfter(series)) {
          const proof = tree.proofOf(head.stream);
          expect(proof && provesHead(proof, head, tree.digest())).toBe(true);
          const moved = { ...head, position: head.position + 1 };
          expect(proof && provesHead(proof, moved, tree.digest())).toBe(false);
        }
        expect(tree.proofOf('d')).toBeUndefined();
      }),
    );
  });
});
