import { describe, expect, it } from '@jest/globals';
import { given } from '../../../../test/support/events/given.js';
import { correctBody } from './corrections.js';
import type { Changes, EventBody } from '../schema/event.js';
import { instant } from '../values/time.js';

const [recorded] = given({
  key: 'announced',
  type: 'policy.announced',
  occurred: '2024-03-01',
  status: 'proposed',
  note: 'From the minutes.',
  terms: [
    { key: 'price', value: 7, unit: 'GBP' },
    { key: 'days', value: 'weekdays' },
  ],
}).events;

const corrected = (changes: Changes): EventBody => {
  if (!recorded) throw new Error('One event is one.');
  return correctBody(recorded.body, changes);
};

describe('a body that is corrected', () => {
  it('is the same but for the fields that are named', () => {
    const body = corrected({ summary: 'Else.' });
    expect(body).toEqual({ ...recorded?.body, summary: 'Else.' });
  });

  it('has each field that is named replaced as a whole', () =>
    expect(corrected({ terms: [{ key: 'price', value: 8 }] }).terms).toEqual([{ key: 'price', value: 8 }]));

  it('is without a field that is emptied, as if it had never been given', () => {
    expect('note' in corrected({ note: null })).toBe(false);
    expect('terms' in corrected({ terms: null })).toBe(false);
    expect('plannedFor' in corrected({ plannedFor: null })).toBe(false);
  });

  it('keeps an explicit status of null, which says that the event changed none', () =>
    expect(corrected({ status: null }).status).toBeNull());

  it('can gain a field that it had not', () => expect(corrected({ ordinal: 3 }).ordinal).toBe(3));

  it('keeps its publication, which is corrected by what is recorded alone', () => {
    const publishedAt = { text: '2024-01-01', from: instant(0) };
    expect(corrected({ publishedAt, summary: 'Else.' }).publishedAt).toEqual(recorded?.body.publishedAt);
  });

  it('leaves the body as recorded untouched', () => {
    const before = structuredClone(recorded?.body);
    corrected({ summary: 'Else.', terms: null, status: null });
    expect(recorded?.body).toEqual(before);
  });

  it('may be corrected again and again, each on top of the last', () =>
    expect(correctBody(corrected({ summary: 'One.', ordinal: 1 }), { summary: 'Two.' })).toMatchObject({
      summary: 'Two.',
      ordinal: 1,
    }));
});
