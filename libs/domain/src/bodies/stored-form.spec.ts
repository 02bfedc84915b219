import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';
import type { EventBody } from '../schema/event.js';
import { commitmentTo, toStoredBody } from './stored-body.js';
import { type StoredEvent, fromStored, registrationFromStored } from './stored-form.js';
import { position, revision } from '../values/time.js';

const SALT = Buffer.alloc(16, 7).toString('base64');

const bodyOf = (more: object, type = 'policy.announced'): EventBody => {
  const told: Told = { key: 'event', type, occurred: '2024-03-01', ...more };
  const [event] = given(told).events;
  if (!event) throw new Error('One event is one.');
  return event.body;
};

const stored = (body: EventBody) => toStoredBody(body, () => SALT);

/** The body read back from an entry that holds what was stored, each value that can be erased as `kept` says. */
const readBack = (body: EventBody, kept: (value: string) => string | null = (value) => value): EventBody => {
  const { body: hashed, erasable } = stored(body);
  return fromStored({
    ...entry(hashed),
    erasable: erasable.map(({ pointer, value }) => ({ pointer, value: kept(value) })),
  }).body;
};

const entry = (body: StoredEvent['body'], v = 1): StoredEvent => ({
  v,
  id: 'id',
  key: 'event',
  type: 'policy.announced',
  position: position(3),
  revision: revision(1),
  recordedAt: 1000,
  body,
  erasable: [],
});

const commit = (value: string): object => ({ commit: commitmentTo(value, SALT) });
const hidden = { name: 'Ana Ruiz', kind: 'person', private: true };

describe('a date in the stored form', () => {
  it.each([
    ['2024-03-01', { earliest: '2024-03-01T00:00:00.000Z', latest: '2024-03-01T23:59:59.999Z' }],
    ['2024-07~', { earliest: '2024-06-30T23:00:00.000Z', latest: '2024-07-31T22:59:59.999Z' }],
    ['../2024', { latest: '2024-12-31T23:59:59.999Z' }],
    ['2024/..', { earliest: '2024-01-01T00:00:00.000Z' }],
  ])('%s: carries the bounds that it had when it was written, an open end left out', (edtf, bounds) => {
    const body = bodyOf({ occurred: edtf, publishedAt: '2024-03-01', plannedFor: edtf, effective: { from: edtf } });
    const date = { edtf, ...bounds };
    expect(stored(body).body).toMatchObject({ occurred: date, plannedFor: date, effective: { from: date } });
  });

  it('keeps the words of a publication, and its first instant', () =>
    expect(stored(bodyOf({ publishedAt: '2024-07-01' })).body['publishedAt']).toEqual({
      text: '2024-07-01',
      from: '2024-06-30T23:00:00.000Z',
    }));

  it('is read back with the bounds that it was stored with, whatever rules there are today', () => {
    const { body } = stored(bodyOf({}));
    const earliest = '1999-01-01T00:00:00.000Z';
    const changed = fromStored(entry({ ...body, occurred: { edtf: '2024-03-01', earliest } })).body;
    expect(changed.occurred).toEqual({ edtf: '2024-03-01', earliest: Date.parse(earliest), latest: Infinity });
  });

  it('in what a correction changes is stored the same', () => {
    const changes = { occurred: '2024-03-02', effective: null, changes: { occurred: '2024-03-03' } };
    expect(stored(bodyOf({ target: 'a', changes }, 'record.corrected')).body['changes']).toEqual({
      occurred: { edtf: '2024-03-02', earliest: '2024-03-02T00:00:00.000Z', latest: '2024-03-02T23:59:59.999Z' },
      effective: null,
      changes: {
        occurred: { edtf: '2024-03-03', earliest: '2024-03-03T00:00:00.000Z', latest: '2024-03-03T23:59:59.999Z' },
      },
    });
  });
});

describe('a text that can be erased', () => {
  it('is a note, or the name of an actor marked private; nothing else', () => {
    const body = bodyOf({ note: 'Between us.', actors: [{ name: 'Port Board', kind: 'organisation' }, hidden] });
    expect(stored(body).body).toMatchObject({
      note: commit('Between us.'),
      actors: [{ name: 'Port Board' }, { ...hidden, name: commit('Ana Ruiz') }],
    });
    expect(stored(body).erasable).toEqual([
      { pointer: '/note', salt: SALT, value: 'Between us.' },
      { pointer: '/actors/1/name', salt: SALT, value: 'Ana Ruiz' },
    ]);
  });

  it.each(['actors', 'counterparties', 'attributedTo'])('is a private name among the %s', (field) =>
    expect(stored(bodyOf({ [field]: [hidden] })).erasable).toEqual([
      { pointer: `/${field}/0/name`, salt: SALT, value: 'Ana Ruiz' },
    ]),
  );

  it('is found in what a correction changes, at any depth', () => {
    const changes = { actors: [hidden], changes: { note: 'Between us.' } };
    expect(stored(bodyOf({ target: 'a', changes }, 'record.corrected')).erasable.map(({ pointer }) => pointer)).toEqual(
      ['/changes/actors/0/name', '/changes/changes/note'],
    );
  });

  it('is committed to by the hash of its salt and itself', () => {
    const hash = createHash('sha256').update(Buffer.alloc(16, 7)).update('Between us.').digest('base64');
    expect(commitmentTo('Between us.', SALT)).toBe(hash);
    expect(commitmentTo('Between us.', Buffer.alloc(16, 8).toString('base64'))).not.toBe(hash);
  });

  it('has a salt of its own', () => {
    const salts = ['c2FsdC0x', 'c2FsdC0y'];
    const { erasable } = toStoredBody(bodyOf({ note: 'A.', actors: [hidden] }), () => salts.shift() ?? '');
    expect(new Set(erasable.map(({ salt }) => salt)).size).toBe(2);
  });

  it('reads as erased once it is, wherever it stood', () => {
    const changes = { actors: [hidden], changes: { note: 'Between us.' } };
    expect(readBack(bodyOf({ note: 'Between us.', actors: [hidden] }), () => null)).toMatchObject({
      note: { erased: true },
      actors: [{ ...hidden, name: { erased: true } }],
    });
    expect(readBack(bodyOf({ target: 'a', changes }, 'record.corrected'), () => null).changes).toEqual({
      actors: [{ ...hidden, name: { erased: true } }],
      changes: { note: { erased: true } },
    });
  });
});

describe('an entry', () => {
  it.each<[string, EventBody]>([
    ['an event with all kinds of dates', bodyOf({ plannedFor: '2025', effective: { from: '2024-04', to: '2024~' } })],
    [
      'an event with open dates',
      bodyOf({ occurred: '[..2024-03]', publishedAt: '2024-03-01', effective: { from: '2024/..' } }),
    ],
    ['an event with texts that can be erased', bodyOf({ note: 'A.', actors: [hidden], counterparties: [hidden] })],
    ['an event without a status', bodyOf({ status: null, terms: [{ key: 'price', value: null }] })],
    [
      'a correction',
      bodyOf({ target: 'a', changes: { note: 'A.', links: null, changes: { occurred: '2024' } } }, 'record.corrected'),
    ],
  ])('of %s is read back as it was', (_what, body) => expect(readBack(body)).toEqual(body));

  it('says where and when it was recorded', () => {
    const { body: _body, ...rest } = fromStored(entry(stored(bodyOf({})).body));
    expect(rest).toEqual({
      id: 'id',
      key: 'event',
      type: 'policy.announced',
      position: 3,
      revision: 1,
      recordedAt: 1000,
    });
  });

  it('says in form 2 who recorded it, and is otherwise read as in form 1', () => {
    const { body } = stored(bodyOf({}));
    const first = fromStored(entry(body));
    expect(fromStored(entry(body, 2))).toEqual(first);
    expect(fromStored({ ...entry(body, 2), by: 'key-1' })).toEqual({ ...first, recordedBy: 'key-1' });
  });

  it('is read under today’s name of a field that had another', () => {
    const { body } = stored(bodyOf({}));
    const read = fromStored(entry({ ...body, embargoed: true })).body;
    expect([read.forthcoming, 'embargoed' in read]).toEqual([true, false]);
  });

  it('of a form that is not known yet is refused, with what to do', () => {
    const newer = entry(stored(bodyOf({})).body, 3);
    const message = 'The entry "event" has stored form 3; this program reads forms up to 2. Run a newer version.';
    expect(() => fromStored(newer)).toThrow(message);
    expect(() => registrationFromStored(newer)).toThrow(message);
  });
});
