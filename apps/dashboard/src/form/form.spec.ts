import { describe, expect, it } from '@jest/globals';
import { pointerOf, put, readTyped, suggestKey, valueAt, withoutEmpty } from './body.js';
import { writeEdtf } from './date-help.js';
import { type Schemas, fieldsOf, listEventTypes } from './fields.js';

const schemas: Schemas = {
  EventBody: { oneOf: [{ $ref: '#/components/schemas/Opened' }] },
  Opened: {
    description: 'Talks began.',
    required: ['type', 'policy', 'summary', 'occurred', 'sources'],
    properties: {
      type: { const: 'talks.opened' },
      note: { type: 'string', maxLength: 10_000 },
      status: { anyOf: [{ type: 'string', enum: ['open', 'shut'] }, { type: 'null' }] },
      terms: { type: 'array', items: { properties: { value: { anyOf: [{ type: 'string' }, { type: 'number' }] } } } },
      summary: { $ref: '#/components/schemas/Summary' },
      occurred: { type: 'string', description: 'A date (EDTF).', examples: ['2024-03'] },
      policy: { type: 'string' },
      sources: {
        type: 'array',
        items: { type: 'object', required: ['title'], properties: { title: { type: 'string' } } },
      },
    },
  },
  Summary: { type: 'string', maxLength: 280, description: 'In a sentence.' },
};

describe('fields from a schema', () => {
  it('lists types with what they mean', () => {
    expect(listEventTypes(schemas)).toEqual([{ type: 'talks.opened', about: 'Talks began.' }]);
  });

  it('asks for the source and what happened before anything optional', () => {
    expect(fieldsOf('talks.opened', schemas)?.map(({ name }) => name)).toEqual([
      'policy',
      'sources',
      'occurred',
      'summary',
      'note',
      'status',
      'terms',
    ]);
    expect(fieldsOf('talks.closed', schemas)).toBeUndefined();
  });

  it('knows the kind of each field', () => {
    const fields = new Map(fieldsOf('talks.opened', schemas)?.map((field) => [field.name, field]));
    expect(fields.get('status')).toMatchObject({ kind: 'choice', choices: ['open', 'shut'], hasNone: true });
    expect(fields.get('occurred')).toMatchObject({ kind: 'date', example: '2024-03', isRequired: true });
    expect(fields.get('note')).toMatchObject({ kind: 'text', isLong: true, isRequired: false });
    expect(fields.get('summary')).toMatchObject({ kind: 'text', about: 'In a sentence.', longest: 280 });
    expect(fields.get('terms')).toMatchObject({ item: { kind: 'group', fields: [{ kind: 'value' }] } });
    expect(fields.get('sources')).toMatchObject({ item: { fields: [{ name: 'title', isRequired: true }] } });
  });
});

it('shows a schema that holds itself once', () => {
  const correcting: Schemas = {
    EventBody: {
      oneOf: [{ properties: { type: { const: 'x.y' }, changes: { $ref: '#/components/schemas/Changes' } } }],
    },
    Changes: {
      properties: {
        note: { type: 'string' },
        changes: { anyOf: [{ $ref: '#/components/schemas/Changes' }, { type: 'null' }] },
      },
    },
  };
  const [changes] = fieldsOf('x.y', correcting) ?? [];
  expect(changes).toMatchObject({ name: 'changes', kind: 'group', fields: [{ name: 'note' }] });
});

describe('the body', () => {
  it('puts values at places and makes what lies on the way', () => {
    const body = put(put({}, ['sources', 0, 'title'], 'Report'), ['sources', 1, 'title'], 'Other');
    expect(body).toEqual({ sources: [{ title: 'Report' }, { title: 'Other' }] });
    expect(valueAt(body, ['sources', 1, 'title'])).toBe('Other');
    expect(put(body, ['sources', 0], undefined)).toEqual({ sources: [{ title: 'Other' }] });
    expect(pointerOf(['a/b', 0, 'c~d'])).toBe('/a~1b/0/c~0d');
  });

  it('leaves out what was not filled in, but keeps null', () => {
    expect(withoutEmpty({ a: '', b: [], c: { d: '' }, e: null, f: [{ g: '' }, { g: 0 }] })).toEqual({
      e: null,
      f: [{ g: 0 }],
    });
  });

  it.each([
    ['7', 7],
    ['-1.5', -1.5],
    ['yes', true],
    ['7 days', '7 days'],
    [' ', undefined],
  ])('reads %j as what it looks like', (text, value) => {
    expect(readTyped(text)).toEqual(value);
  });

  it('suggests a key that the rules accept', () => {
    expect(suggestKey('The Minister’s café plan: 50 people a week, from July 2025 on')).toBe(
      'the-minister-s-cafe-plan-50-people',
    );
  });
});

it.each([
  ['on a day', '8 July 2025', '', '2025-07-08'],
  ['in a month', 'July 2025', '', '2025-07'],
  ['about', 'July 2025', '', '2025-07~'],
  ['about', '8 July 2025', '', '2025-07-08~'],
  ['some day between', '16 April 2025', '6 July 2025', '[2025-04-16..2025-07-06]'],
  ['at the latest by', '2025-07-08', '', '[..2025-07-08]'],
  ['lasting from … to', '2025-01-01', '2025-06-30', '2025-01-01/2025-06-30'],
  ['some day between', '16 April 2025', 'soon', undefined],
] as const)('writes a date known %s %s %s', (kind, first, second, edtf) => {
  expect(writeEdtf({ kind, first, second }, '2026-01-01')).toBe(edtf);
});
