import { describe, expect, it } from '@jest/globals';
import { readAddress } from '../../http/address.js';
import {
  type Gathered,
  NOTHING_GATHERED,
  type Signal,
  changesTold,
  concernsPage,
  gather,
  isPinnedAddress,
  isWatchable,
  policyShown,
  staysStill,
  waitBeforeActing,
} from './signals.js';

const changed = (policy: string, ...causes: readonly string[]): Signal => ({ kind: 'changed', policy, causes });
const gatherAll = (...signals: readonly Signal[]): Gathered => signals.reduce(gather, NOTHING_GATHERED);

describe('gathering what the stream tells', () => {
  it('names each policy and each event once', () => {
    const told = gatherAll(changed('toll', 'a'), changed('pact', 'a', 'b'), changed('toll', 'b'));
    expect(told).toEqual({ policies: ['toll', 'pact'], changes: ['a', 'b'], isRestated: false });
  });

  it('counts what took effect as time went on as one change of its policy', () => {
    expect(gatherAll(changed('toll'), changed('toll'), changed('pact')).changes).toHaveLength(2);
  });

  it('keeps that states were restated, and takes no connection for a change', () => {
    const told = gatherAll({ kind: 'restated' }, { kind: 'connected', position: 4 }, { kind: 'lost', since: 'x' });
    expect(told).toEqual({ ...NOTHING_GATHERED, isRestated: true });
  });
});

describe('what concerns a page', () => {
  it('is a change of its policy, any change where it shows all, and every restatement', () => {
    const told = gatherAll(changed('toll', 'a'));
    expect(['toll', 'pact', undefined].map((shown) => concernsPage(told, shown))).toEqual([true, false, true]);
    expect(concernsPage(NOTHING_GATHERED, undefined)).toBe(false);
    expect(concernsPage(gatherAll({ kind: 'restated' }), 'pact')).toBe(true);
  });

  it.each([
    ['/policies/toll', undefined, 'toll'],
    ['/policies/toll/timeline?order=published', undefined, 'toll'],
    ['/policies/old-name', '/v1/policies/toll?recordedAt=@4', 'toll'],
    ['/figures?policy=pact', '/v1/figures?policy=pact', 'pact'],
    ['/policies', '/v1/policies?recordedAt=@4', undefined],
    ['/events/toll-announced', '/v1/events/toll-announced', undefined],
  ])('is read from the address and the permalink: %s', (url, permalink, policy) => {
    expect(policyShown(readAddress(url), permalink)).toBe(policy);
  });
});

describe('a page that is held at a point', () => {
  it.each([
    ['/policies/toll?knownAt=2024-07-15', true],
    ['/policies/toll?recordedAt=@4', true],
    ['/diff?from=2024-01-15&to=2024-10-10', true],
    ['/diff?from=2024-01-15', false],
    ['/policies/toll?validAt=2024-07-15', false],
    ['/policies/toll', false],
  ])('has it in its address: %s', (url, isPinned) => {
    expect(isPinnedAddress(readAddress(url))).toBe(isPinned);
  });

  it('speaks at most every five seconds, others gather for a quarter of one', () => {
    const waits = [60_000, 4_000, 0].map((sinceSpokenMs) => waitBeforeActing({ isPinned: true, sinceSpokenMs }));
    expect(waits).toEqual([250, 1_000, 5_000]);
    expect(waitBeforeActing({ isPinned: false, sinceSpokenMs: 0 })).toBe(250);
  });
});

it('does not ask again on pages that follow in their own way or are written in', () => {
  const paths = ['/live', '/record', '/help/keys', '/audit', '/policies/live', '/'];
  expect(paths.map((path) => staysStill(readAddress(path)))).toEqual([true, true, true, true, false, false]);
});

describe('a message of the stream of events', () => {
  it('tells each policy that the event is about', () => {
    const text = JSON.stringify({ id: '1', subject: 'toll', data: { key: 'a', alsoPolicies: ['pact'] } });
    expect(changesTold(text)).toEqual([changed('toll', 'a'), changed('pact', 'a')]);
  });

  it('tells a registration by its id', () => {
    const text = JSON.stringify({ id: '1', subject: 'toll', data: {} });
    expect(changesTold(text)).toEqual([changed('toll', '1')]);
  });
});

it('lets a day be watched while our record of it may change', () => {
  const urls = [
    '/policies/toll?knownAt=2024-07-15',
    '/policies/toll?knownAt=2024-07-15&recordedAt=@4',
    '/policies/toll',
  ];
  expect(urls.map((url) => isWatchable(readAddress(url)))).toEqual([true, false, false]);
});
