import { expect, it } from '@jest/globals';
import { readCheckpoint } from './checkpoint.js';

const ROOT = 'TFaoTj+4rGVYsMFdu+hHufpgq03HVlDTD+YyjSiB6AA=';

it('reads origin, size and root of a checkpoint, and the first twelve digits of the root', () =>
  expect(readCheckpoint(`harbour/1\n343\n${ROOT}\nstream-heads 27 AA==\n\n— harbour/1 AA==\n`)).toEqual({
    origin: 'harbour/1',
    size: 343,
    root: ROOT,
    digits: '4c56a84e3fb8',
  }));

it.each(['', 'harbour/1\n343\n', `harbour/1\n-1\n${ROOT}\n`, 'harbour/1\n343\n***\n'])(
  'reads none where there is none: %j',
  (note) => expect(readCheckpoint(note)).toBeUndefined(),
);
