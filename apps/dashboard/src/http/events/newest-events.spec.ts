import { expect, it } from '@jest/globals';
import { newestKeys } from './newest-events.js';

it('finds the five that were published last, of one day those recorded last', () => {
  const columns = {
    key: ['oldest', 'second', 'late', 'twin', 'later-twin', 'sixth', 'last'],
    position: [1, 2, 9, 4, 5, 6, 7],
    publishedAt: [10, 20, 15, 50, 50, 60, 70],
  };
  expect(newestKeys({ columns })).toEqual(['last', 'sixth', 'later-twin', 'twin', 'second']);
});

it('finds fewer where there are fewer', () => {
  expect(newestKeys({ columns: { key: [], position: [], publishedAt: [] } })).toEqual([]);
});
