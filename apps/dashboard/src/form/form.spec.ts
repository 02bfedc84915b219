import { describe, expect, it } from '@jest/globals';
import { pointerOf, put, readTyped, suggestKey, valueAt, withoutEmpty } from './body.js';
import { readSpokenDate, writeEdtf } from './date-help.js';
import { bodyOfForm, changeEntries, wishOf } from './posted-form.js';
import { REGISTRATION_TYPE, type Schemas, fieldsOf, listEventTypes } from './fields.js';
import { labelOfPath, placeInWords, splitHelp } from './labels.js';
import { checkBody, sendBody } from './sending.js';
import { divideFields, isInUse } from './sections.js';
import { exactDate, withExactDates } from './typed-dates.js';

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

  it('has those of the source first, and folds what few events say until it is in use', () => {
    const { source, event, rest } = divideFields(fieldsOf('talks.opened', schemas) ?? []);
    const names = [source, event, rest].map(({ fields }) => fields.map(({ name }) => name));
    expect(names).toEqual([['policy', 'sources'], ['occurred', 'summary', 'status', 'terms'], ['note']]);
    expect(isInUse(rest, { note: '', summary: 'Talks.' }, [])).toBe(false);
    expect(isInUse(rest, { note: 'By telephone.' }, [])).toBe(true);
    expect(isInUse(rest, {}, [{ pointer: '/note', message: 'It is too long.' }])).toBe(true);
    expect(isInUse(rest, {}, [{ pointer: '/notes', message: 'There is no such field.' }])).toBe(false);
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
  ['early in a month', 'July 2025', '', '[2025-07-01..2025-07-10]'],
  ['in the middle of a month', '2025-07', '', '[2025-07-11..2025-07-20]'],
  ['late in a month', 'February 2024', '', '[2024-02-21..2024-02-29]'],
  ['some day between', '16 April 2025', 'soon', undefined],
] as const)('writes a date known %s %s %s', (kind, first, second, edtf) => {
  expect(writeEdtf({ kind, first, second }, '2026-01-01')).toBe(edtf);
});

it.each([
  ['8 July 2025', 'date', 'occurred', '2025-07-08'],
  ['July 2025', 'date', 'occurred', '2025-07'],
  ['July 2025', 'text', 'publishedAt', 'July 2025'],
  ['July 8, 2025', 'text', 'publishedAt', '2025-07-08'],
  ['2025-07-10T09:30:00Z', 'text', 'publishedAt', '2025-07-10T09:30:00Z'],
  ['[2025-07-01..2025-07-08]', 'date', 'occurred', '[2025-07-01..2025-07-08]'],
  ['yesterday', 'date', 'occurred', '2025-12-31'],
  ['8 July 2025', 'text', 'title', '8 July 2025'],
] as const)('takes a date as people write it: %s as a %s, %s', (text, kind, name, exact) => {
  expect(exactDate(text, { kind, name }, '2026-01-01')).toBe(exact);
});

it.each([
  ['early July 2025', '[2025-07-01..2025-07-10]'],
  ['mid-July 2025', '[2025-07-11..2025-07-20]'],
  ['Late  February 2025', '[2025-02-21..2025-02-28]'],
  ['about May 2024', '2024-05~'],
  ['by 8 July 2025', '[..2025-07-08]'],
  ['between 1 and 8 July 2025', '[2025-07-01..2025-07-08]'],
  ['between 28 June and 3 July 2025', '[2025-06-28..2025-07-03]'],
  ['from 1 January 2025 to 30 June 2025', '2025-01-01/2025-06-30'],
  ['early in the year', undefined],
  ['8 July 2025', undefined],
])('reads a date as sources say it: %s', (text, edtf) => {
  expect(readSpokenDate(text, '2026-01-01')).toBe(edtf);
});

it('makes the dates of a body exact, in lists and groups too, and nothing else', () => {
  const fields = fieldsOf('talks.opened', {
    ...schemas,
    Opened: {
      properties: {
        ...schemas['Opened']?.properties,
        effective: { properties: { from: { type: 'string', description: 'A date (EDTF).' } } },
        sources: { items: { properties: { title: { type: 'string' }, publishedAt: { type: 'string' } } } },
      },
    },
  });
  const body = {
    occurred: 'early July 2025',
    note: 'May 2024',
    effective: { from: 'July 2025' },
    sources: [{ title: '8 July 2025', publishedAt: '8 July 2025' }, null],
  };
  expect(withExactDates(body, fields ?? [], '2026-01-01')).toEqual({
    occurred: '[2025-07-01..2025-07-10]',
    note: 'May 2024',
    effective: { from: '2025-07' },
    sources: [{ title: '8 July 2025', publishedAt: '2025-07-08' }, null],
  });
  // A schema that is not there gives no fields, and nothing to change.
  expect(withExactDates(body, [], '2026-01-01')).toBe(body);
});

describe('what the form says', () => {
  it.each([
    ['/occurred', 'When it happened'],
    ['/publishedAt', 'When it became public'],
    ['/sources/0/publishedAt', 'Sources, 1, When it was published'],
    ['/key', 'Short name of the event'],
    ['/terms/1/key', 'Terms, 2, Key'],
    ['', 'The event'],
  ])('names the place of a mistake in words: %s', (pointer, words) => {
    expect(placeInWords(pointer)).toBe(words);
  });

  it('labels an entry of a list as the list', () => {
    expect(labelOfPath(['alsoPolicies', 0])).toBe('Other policies that it concerns');
  });

  it('says a short help whole, and of a long one its first sentence at once', () => {
    const short = 'When it happened. A date (EDTF).';
    expect(splitHelp(short)).toEqual({ first: short, rest: '' });
    const rest = `As precise as the source allows: ${'2025, '.repeat(30)}2026.`;
    expect(splitHelp(`When it happened. ${rest}`)).toEqual({ first: 'When it happened.', rest });
    expect(splitHelp('The kind.\n\n- `toll`: A toll.')).toEqual({ first: 'The kind.', rest: '- toll: A toll.' });
  });
});

describe('the registration of a policy', () => {
  const registering: Schemas = {
    Registration: {
      required: ['slug', 'title', 'kind', 'jurisdiction'],
      properties: {
        ...{ slug: { type: 'string' }, title: { type: 'string' }, kind: { enum: ['scheme'] } },
        ...{ jurisdiction: { type: 'string' }, aliases: { type: 'array', items: { type: 'string' } } },
      },
    },
  };
  const body = { type: REGISTRATION_TYPE, slug: 'toll', title: 'Toll', kind: 'scheme', jurisdiction: 'GB' };

  it('has a form that begins with the title, and folds what few need', () => {
    const { source, event, rest } = divideFields(fieldsOf(REGISTRATION_TYPE, registering) ?? []);
    const names = [source, event, rest].map(({ fields }) => fields.map(({ name }) => name));
    expect(names).toEqual([[], ['title', 'slug', 'kind', 'jurisdiction'], ['aliases']]);
  });

  it('is sent to the list of policies, without the name of its form', async () => {
    const sent: unknown[] = [];
    const send = async (...request: readonly unknown[]) => {
      sent.push(request);
      return { status: 201, text: '{}' };
    };
    const { type: _, ...registration } = body;
    expect((await checkBody(send, body)).kind).toBe('complete');
    expect(sent).toEqual([]);
    await sendBody(send, body, 'once');
    expect(sent).toEqual([['/v1/policies', registration, { 'idempotency-key': 'once' }]]);
  });

  it('says what is missing before anything is sent', async () => {
    const refuse = async () => {
      throw new Error('Nothing is to be sent.');
    };
    const checked = await checkBody(refuse, { type: REGISTRATION_TYPE, title: 'Toll', kind: 'scheme' });
    expect(checked).toMatchObject({ kind: 'rejected', errors: [{ pointer: '/slug' }, { pointer: '/jurisdiction' }] });
  });
});

it('keeps its head where something before the server refuses in a form of its own', async () => {
  const send = async () => ({ status: 502, text: '<h1>Bad gateway</h1>' });
  expect(await sendBody(send, { policy: 'toll' }, '')).toEqual({
    kind: 'rejected',
    errors: [{ pointer: '', message: 'The server refused it.' }],
  });
});

describe('a correction that is sent without scripts', () => {
  const [changes] =
    fieldsOf('x.y', {
      EventBody: {
        oneOf: [
          {
            properties: {
              type: { const: 'x.y' },
              changes: { properties: { terms: { items: { properties: {} } }, note: { type: 'string' } } },
            },
          },
        ],
      },
    }) ?? [];
  const fields = changes === undefined ? [] : [changes];
  const target = { terms: [{ key: 'price', value: 7 }] };
  const change = (query: string) => {
    const wish = wishOf(new URLSearchParams(query));
    if (!('path' in wish)) throw new Error('No field is named.');
    return changeEntries({ reason: 'A slip.' }, { ...wish, target, fields });
  };

  it.each([
    ['change-field=/changes/terms', { reason: 'A slip.', changes: { terms: [{ key: 'price', value: 7 }] } }],
    ['change-field=/changes/note', { reason: 'A slip.', changes: { note: '' } }],
    ['change-field=/changes/colour', { reason: 'A slip.' }],
    ['empty-field=/changes/terms', { reason: 'A slip.', changes: { terms: null } }],
  ])('changes a field from what stands: %s', (query, body) => {
    expect(change(query)).toEqual(body);
  });

  it('reads which fields are emptied, of what is changed alone', () => {
    const read = (query: string) => bodyOfForm(new URLSearchParams(query), { fields, start: {}, today: '2026-01-01' });
    expect(read('emptied=/changes/terms&emptied=/reason')).toEqual({ changes: { terms: null } });
  });
});

describe('a form that is sent without scripts', () => {
  const fields = fieldsOf('talks.opened', schemas) ?? [];
  const read = (query: string) =>
    bodyOfForm(new URLSearchParams(query), { fields, start: { type: 'talks.opened' }, today: '2026-01-01' });

  it('is read by the fields that the form has', () => {
    expect(read('/status=null&/sources/1/title=B&/terms/0/value=7&/summary=S&/occurred=8+July+2025')).toEqual({
      type: 'talks.opened',
      status: null,
      sources: [undefined, { title: 'B' }],
      terms: [{ value: 7 }],
      summary: 'S',
      occurred: '2025-07-08',
    });
  });

  it('cannot say anything else', () => {
    expect(read('/type=x.y&/embargoed=1&/__proto__/x=1&/sources/999999/title=B&/sources=B&check=')).toEqual({
      type: 'talks.opened',
    });
  });

  it.each([
    ['add-entry=/terms', { terms: [{}] }],
    ['drop-entry=/sources/0', { sources: [{ title: 'B' }] }],
  ])('adds and drops entries of lists: %s', (query, changed) => {
    const wish = wishOf(new URLSearchParams(query));
    if (!('path' in wish)) throw new Error('No entry is named.');
    expect(changeEntries({ sources: [{ title: 'A' }, { title: 'B' }] }, wish)).toMatchObject(changed);
  });

  it('is recorded by the button alone', () => {
    expect(wishOf(new URLSearchParams('record=')).kind).toBe('record');
    expect(wishOf(new URLSearchParams('/summary=S')).kind).toBe('check');
  });
});
