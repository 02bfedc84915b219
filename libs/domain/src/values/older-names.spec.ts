import { describe, expect, it } from '@jest/globals';
import { olderNameFaults, withOlderNames, withTodaysNames } from './older-names.js';

describe('a field under its older name', () => {
  it('has its newer one in memory, at any depth of changes, and nothing else is touched', () => {
    expect(withTodaysNames({ key: 'a', embargoed: true })).toEqual({ key: 'a', forthcoming: true });
    expect(withTodaysNames({ embargoed: true, forthcoming: true })).toEqual({ forthcoming: true });
    expect(withTodaysNames({ changes: { note: 'x', changes: { embargoed: null } } })).toEqual({
      changes: { note: 'x', changes: { forthcoming: null } },
    });
    const plain = { key: 'a', forthcoming: true, changes: null };
    expect(withTodaysNames(plain)).toBe(plain);
  });

  it('is shown beside the newer one', () => {
    expect(withOlderNames({ key: 'a', forthcoming: false })).toEqual({
      key: 'a',
      forthcoming: false,
      embargoed: false,
    });
    expect(withOlderNames({ key: 'a' })).toEqual({ key: 'a' });
  });

  it('must say what the newer one says', () => {
    expect(olderNameFaults({ embargoed: true, forthcoming: true, changes: { embargoed: true } })).toEqual([]);
    const faults = olderNameFaults({
      embargoed: true,
      forthcoming: false,
      changes: { embargoed: null, forthcoming: true, changes: { embargoed: true, forthcoming: null } },
    });
    expect(faults.map(({ pointer }) => pointer)).toEqual([
      '/embargoed',
      '/changes/embargoed',
      '/changes/changes/embargoed',
    ]);
  });
});
