import { describe, expect, it } from '@jest/globals';
import { shareFields } from './shared-fields.js';

const long = (about: string) => ({ type: 'string', description: about.repeat(100) });

const objectOf = (properties: object) => ({ type: 'object', properties });

const shared = { $ref: '#/components/schemas/FieldNote' };

describe('a field that several schemas have', () => {
  it('becomes a component of its own', () => {
    expect(shareFields({ One: objectOf({ note: long('a') }), Other: objectOf({ note: long('a') }) })).toEqual({
      One: objectOf({ note: shared }),
      Other: objectOf({ note: shared }),
      FieldNote: long('a'),
    });
  });

  it('is the same component where it also takes null', () => {
    const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });
    const given = { Body: objectOf({ note: long('a') }), Changes: objectOf({ note: orNull(long('a')) }) };
    expect(shareFields(given)).toEqual({
      Body: objectOf({ note: shared }),
      Changes: objectOf({ note: orNull(shared) }),
      FieldNote: long('a'),
    });
  });

  it('is another component where it differs, and none where it is short or stands once', () => {
    const named = (schema: object) => objectOf({ note: schema });
    const found = shareFields({ A: named(long('a')), B: named(long('a')), C: named(long('c')), D: named(long('c')) });
    expect(found).toMatchObject({ FieldNote: long('a'), FieldNote2: long('c') });
    const apart = { A: named(long('a')), B: named({ type: 'string' }), C: named({ type: 'string' }) };
    expect(shareFields(apart)).toEqual(apart);
  });
});
