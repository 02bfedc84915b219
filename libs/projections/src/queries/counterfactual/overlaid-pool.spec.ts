import { describe, expect, it } from '@jest/globals';
import { overlayStatement } from './overlaid-pool.js';

const overlay = { policies: [3], rows: new Map([['boxes', '[{}]']]) };

describe('a statement over other rows of some policies', () => {
  it('reads a table without their stored rows and with the given ones, wherever it names it', () => {
    const { text, values } = overlayStatement(
      { text: 'SELECT * FROM read.boxes b JOIN read.boxes c USING (id) WHERE b.id = $1', values: [7] },
      overlay,
    );
    expect(text.replaceAll(/\s+/g, ' ')).toBe(
      'WITH without_boxes AS NOT MATERIALIZED (SELECT * FROM read.boxes WHERE policy <> ALL ($2::integer[]) ' +
        'UNION ALL SELECT * FROM json_populate_recordset(null::read.boxes, $3::json)) ' +
        'SELECT * FROM without_boxes b JOIN without_boxes c USING (id) WHERE b.id = $1',
    );
    expect(values).toEqual([7, [3], '[{}]']);
  });

  it('goes before the queries that a statement has of its own', () => {
    const { text } = overlayStatement(
      { text: 'WITH RECURSIVE a AS (SELECT 1 FROM read.boxes) SELECT * FROM a' },
      overlay,
    );
    expect(text).toMatch(/^WITH RECURSIVE without_boxes AS .*::json\)\), a AS \(SELECT 1 FROM without_boxes\) SELECT/s);
  });

  it('is left alone where it names none of the tables, but for its name', () => {
    expect(overlayStatement({ text: 'SELECT 1 FROM read.boxes_of_old', values: [] }, overlay)).toEqual({
      text: 'SELECT 1 FROM read.boxes_of_old',
      values: [],
    });
  });
});
