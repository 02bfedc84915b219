import { describe, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';

const on = (day: string) => ({ occurred: day, publishedAt: day });

const priced: Told = {
  key: 'priced',
  type: 'terms.described',
  ...on('2024-03-01'),
  terms: [{ key: 'price', value: 7, unit: 'GBP' }],
};
const price = (value: number) => ({ terms: { price: { value, unit: 'GBP' } } });

const about = (target: string, more: Partial<Told> & { readonly key: string; readonly type: string }): Told => ({
  target,
  ...on('2024-05-01'),
  ...more,
});
const corrected = (key: string, value: number, more: object = {}): Told =>
  about('priced', {
    key,
    type: 'record.corrected',
    changes: { terms: [{ key: 'price', value, unit: 'GBP' }] },
    ...more,
  });
const retracted = (key: string, target: string, more: object = {}): Told =>
  about(target, { key, type: 'record.retracted', ...more });

describe('a correction', () => {
  it('takes the place of what it corrects, back to the start of that', () =>
    given(priced, corrected('c', 9))
      .asOf({ knownAt: '2024-05-01', validAt: '2024-03-01' })
      .shows({ state: price(9), events: ['priced'] }));

  it('leaves the old value to whoever asks what was known before it', () =>
    given(priced, corrected('c', 9))
      .asOf({ knownAt: '2024-04-30' })
      .shows({ state: price(7) }));

  it('leaves the old value to whoever asks what was recorded before it', () =>
    given(priced, corrected('c', 9))
      .asOf({ knownAt: '2024-06-01', recorded: 'priced' })
      .shows({ state: price(7) }));

  it('that was published last has the last word, although it was recorded first', () =>
    given(priced, corrected('late', 9, { publishedAt: '2024-05-20' }), corrected('early', 8))
      .asOf({ knownAt: '2024-06-01' })
      .shows({ state: price(9) }));

  it('with the higher ordinal has the last word among those of one publication', () =>
    given(priced, corrected('second', 9, { ordinal: 1 }), corrected('first', 8))
      .asOf({ knownAt: '2024-06-01' })
      .shows({ state: price(9) }));

  it('recorded last has the last word among those that tie in all else', () =>
    given(priced, corrected('c1', 8), corrected('c2', 9))
      .asOf({ knownAt: '2024-06-01' })
      .shows({ state: price(9) }));

  it('replaces the whole field, so that a term it leaves out is gone', () =>
    given({ ...priced, terms: [...price7, { key: 'days', value: 'weekdays' }] }, corrected('c', 9))
      .asOf({ knownAt: '2024-06-01' })
      .shows({ state: price(9) }));

  it('empties a field with null', () =>
    given(priced, about('priced', { key: 'c', type: 'record.corrected', changes: { terms: null } }))
      .asOf({ knownAt: '2024-06-01' })
      .shows({ state: {}, events: ['priced'] }));

  it('is undone by retracting it', () =>
    given(priced, corrected('c', 9), retracted('r', 'c', on('2024-06-01')))
      .asOf({ knownAt: '2024-06-01' })
      .shows({ state: price(7) }));
});

const price7 = [{ key: 'price', value: 7, unit: 'GBP' }];

describe('a retraction', () => {
  const before: Told = { ...priced, key: 'before', ...on('2024-01-01'), terms: [{ ...price7[0], value: 5 }] };

  it('lets what lay under the event show through', () =>
    given(before, priced, retracted('r', 'priced'))
      .asOf({ knownAt: '2024-06-01' })
      .shows({ state: price(5), events: ['before'] }));

  it('takes nothing away before it is known', () =>
    given(before, priced, retracted('r', 'priced'))
      .asOf({ knownAt: '2024-04-30' })
      .shows({ state: price(7), events: ['before', 'priced'] }));

  it('is undone by retracting it', () =>
    given(priced, retracted('r1', 'priced'), retracted('r2', 'r1', on('2024-06-01')))
      .asOf({ knownAt: '2024-06-01' })
      .shows({ state: price(7) }));

  it('still stands where only one of two is retracted', () =>
    given(priced, retracted('r1', 'priced'), retracted('r2', 'priced'), retracted('r3', 'r1'))
      .asOf({ knownAt: '2024-06-01' })
      .shows({ state: {}, events: [] }));
});

describe('an attached source', () => {
  const source = { publisher: 'Herald', title: 'Leak', publishedAt: '2024-02-01', genre: 'news' };
  const attached = about('priced', { key: 'attached', type: 'source.attached', source, ...on('2024-02-01') });
  const told = { ...priced, occurred: '2024-01-10' };

  it('makes its event known from its own publication on', () =>
    given(told, attached)
      .asOf({ knownAt: '2024-02-01' })
      .shows({ state: price(7) }));

  it('makes nothing known by the publication that it merely cites', () =>
    given(told, { ...attached, publishedAt: '2024-02-10' })
      .asOf({ knownAt: '2024-02-05' })
      .shows({ events: [] }));

  it('moves nothing where it was recorded later than the coordinate', () =>
    given(told, attached).asOf({ knownAt: '2024-02-01', recorded: 'priced' }).shows({ events: [] }));

  it('takes its publication back when it is retracted, whenever that became known', () =>
    given(told, attached, retracted('r', 'attached')).asOf({ knownAt: '2024-02-01' }).shows({ events: [] }));

  it('never makes an event known later', () =>
    given(told, { ...attached, ...on('2024-04-01') })
      .asOf({ knownAt: '2024-03-01' })
      .shows({ state: price(7) }));

  it('leaves the event in force when the publisher withdraws it', () =>
    given(
      told,
      about('priced', {
        key: 'w',
        type: 'source.retracted',
        source: { publisher: 'Gazette', title: 'Report' },
        reason: 'Wrong.',
      }),
    )
      .asOf({ knownAt: '2024-06-01' })
      .shows({ state: price(7), events: ['priced'] }));
});

describe('a circle of dates', () => {
  const follows = (to: string) => ({ links: [{ rel: 'follows', to }] });
  const first: Told = { key: 'first', type: 'policy.announced', ...on('2024-01-01') };
  const second: Told = { key: 'second', type: 'policy.paused', ...on('2024-02-01'), ...follows('first') };
  const correction = about('first', { key: 'c', type: 'record.corrected', changes: follows('second') });

  it('is refused when a correction would close it', () =>
    given(first, second).when(correction).then('cycle /changes/links/0/to'));

  it('is refused although the link that it closes has been retracted', () =>
    given(first, second, retracted('r', 'second')).when(correction).then('cycle /changes/links/0/to'));

  it('is not closed by a second event that follows the same', () =>
    given(first, second)
      .when({ key: 'third', type: 'policy.resumed', ...on('2024-03-01'), ...follows('first') })
      .then());
});
