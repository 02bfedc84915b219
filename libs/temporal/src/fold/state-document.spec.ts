import { describe, expect, it } from '@jest/globals';
import { splitField, stateDocument } from './state-document.js';

describe('a field’s path', () => {
  it.each([
    ['status', 'status', undefined],
    ['terms.price', 'terms', 'price'],
    ['positions.Dr. No', 'positions', 'Dr. No'],
    ['negotiations.Norland.stage', 'negotiations', 'Norland.stage'],
    ['positions.', 'positions', ''],
  ])('%s: is parted at its first dot', (field, group, name) => expect(splitField(field)).toEqual([group, name]));
});

describe('the state that answers show', () => {
  it('is empty where nothing holds', () => expect(stateDocument([])).toEqual({}));

  it('has what stands by itself at the top, and all else in its group', () =>
    expect(
      stateDocument([
        { field: 'status', value: 'paused' },
        { field: 'terms.price', value: { value: 7 } },
        { field: 'terms.days', value: { value: 'weekdays' } },
        { field: 'positions.Norland', value: 'oppose' },
      ]),
    ).toEqual({
      status: 'paused',
      terms: { price: { value: 7 }, days: { value: 'weekdays' } },
      positions: { Norland: 'oppose' },
    }));

  it('leaves out what is absent, and a group of which nothing is left', () =>
    expect(
      stateDocument([
        { field: 'status', value: null },
        { field: 'terms.price', value: null },
        { field: 'plans.a', value: null },
        { field: 'plans.b', value: '2024' },
      ]),
    ).toEqual({ plans: { b: '2024' } }));

  it('keeps a name that objects have anyway as a member of its own', () => {
    const document = stateDocument([
      { field: 'positions.__proto__', value: 'oppose' },
      { field: 'positions.constructor', value: 'support' },
    ]);
    const positions = document['positions'];
    expect(Object.keys(Object(positions)).toSorted()).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(positions)).toBe(Object.prototype);
  });
});
