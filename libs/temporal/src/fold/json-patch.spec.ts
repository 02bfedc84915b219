import { describe, expect, it } from '@jest/globals';
import { applyPatch } from 'rfc6902';
import { type PatchOperation, patchBetween, patchSteps } from './json-patch.js';
import type { StateDocument } from './state-document.js';

/** Says which patch leads from one state to the other, and that it does. */
function leads(before: StateDocument, after: StateDocument, ...operations: readonly PatchOperation[]): void {
  expect(patchBetween(before, after)).toEqual(operations);
  const patched = structuredClone(before);
  applyPatch(patched, [...operations]);
  expect(patched).toEqual(after);
}

const seven = { value: 7, unit: 'GBP' };

describe('a patch between two states', () => {
  it('is empty where they are equal', () => {
    leads({}, {});
    leads({ status: 'paused', terms: { price: seven } }, { terms: { price: { ...seven } }, status: 'paused' });
  });

  it('adds, replaces and removes what stands by itself', () => {
    leads({}, { status: 'paused' }, { op: 'add', path: '/status', value: 'paused' });
    leads({ status: 'paused' }, { status: 'ended' }, { op: 'replace', path: '/status', value: 'ended' });
    leads({ status: 'paused' }, {}, { op: 'remove', path: '/status' });
  });

  it('adds a group as a whole, and removes it with its last field', () => {
    leads({}, { terms: { price: seven } }, { op: 'add', path: '/terms', value: { price: seven } });
    leads({ terms: { price: seven } }, {}, { op: 'remove', path: '/terms' });
  });

  it('changes a group field by field', () =>
    leads(
      { terms: { price: seven, days: { value: 'weekdays' } } },
      { terms: { days: { value: 'all' }, fleet: { value: true } } },
      { op: 'replace', path: '/terms/days', value: { value: 'all' } },
      { op: 'add', path: '/terms/fleet', value: { value: true } },
      { op: 'remove', path: '/terms/price' },
    ));

  it('replaces the value of a field as a whole, whatever of it differs', () =>
    leads(
      { terms: { price: seven } },
      { terms: { price: { value: 8, unit: 'GBP' } } },
      { op: 'replace', path: '/terms/price', value: { value: 8, unit: 'GBP' } },
    ));

  it('is in order of its paths', () =>
    leads(
      { terms: { b: { value: 1 } } },
      { status: 'paused', positions: { Norland: 'oppose' }, terms: { a: { value: 1 }, b: { value: 1 } } },
      { op: 'add', path: '/positions', value: { Norland: 'oppose' } },
      { op: 'add', path: '/status', value: 'paused' },
      { op: 'add', path: '/terms/a', value: { value: 1 } },
    ));

  it('is found field by field, also where fields are the same', () => {
    const days = { value: 'weekdays' };
    expect([...patchSteps({ terms: { days, price: seven } }, { terms: { days, price: days } })]).toEqual([
      undefined,
      { op: 'replace', path: '/terms/price', value: days },
    ]);
  });

  it('escapes names that hold a slash or a tilde', () =>
    leads(
      { positions: { 'A/B': 'oppose', 'C~D': 'oppose' } },
      { positions: { 'A/B': 'support' } },
      { op: 'replace', path: '/positions/A~1B', value: 'support' },
      { op: 'remove', path: '/positions/C~0D' },
    ));

  it('takes a name that objects have anyway for a name like any other', () =>
    leads(
      { positions: { Norland: 'oppose' } },
      { positions: { Norland: 'oppose', toString: 'support', valueOf: 'oppose' } },
      { op: 'add', path: '/positions/toString', value: 'support' },
      { op: 'add', path: '/positions/valueOf', value: 'oppose' },
    ));
});
