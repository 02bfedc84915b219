import { describe, expect, it } from '@jest/globals';
import { type Bearing, bearingLinks, claimStandingOf } from './bearings.js';

describe('a link', () => {
  it.each([
    ['policy.announced', 'corroborates', ['claim corroborated by event']],
    ['policy.commenced', 'fulfils', ['claim corroborated by event']],
    ['figure.reported', 'contradicts', ['claim contradicted by event']],
    ['policy.announced', 'disputes', ['claim disputed by event']],
    ['position.stated', 'denies', ['claim denied by event']],
    ['court.ruled', 'falsifies', ['claim falsified by event']],
    ['claim.denied', 'about', ['claim denied by event']],
    ['claim.disputed', 'responds-to', ['claim disputed by event']],
    ['claim.corroborated', 'about', ['claim corroborated by event']],
    ['claim.disputed', 'denies', ['claim denied by event']],
    ['claim.withdrawn', 'about', ['claim withdrawn by event']],
    ['claim.withdrawn', 'supersedes', ['claim withdrawn by event']],
    ['claim.withdrawn', 'follows', ['claim withdrawn by event']],
    ['claim.made', 'contradicts', ['claim contradicted by event', 'event contradicted by claim']],
    ['claim.made', 'corroborates', ['claim corroborated by event', 'event corroborated by claim']],
    ['claim.made', 'disputes', ['claim disputed by event']],
    ['claim.made', 'denies', ['claim denied by event']],
    ['claim.made', 'about', []],
    ['claim.made', 'supersedes', []],
    ['claim.denied', 'follows', []],
    ['policy.announced', 'about', []],
    ['policy.announced', 'responds-to', []],
    ['policy.announced', 'part-of', []],
    ['policy.announced', 'refines-date-of', []],
  ] as const)('of %s that %s bears so: %j', (type, rel, expected) => {
    const links = bearingLinks({ type, key: 'event', links: [{ rel, to: 'claim' }] });
    expect(links.map(({ claim, bearing, other }) => `${claim} ${bearing} by ${other}`)).toEqual(expected);
  });
});

describe('a claim', () => {
  it.each<[readonly Bearing[], string, readonly string[]]>([
    [[], 'claimed', []],
    [['corroborated', 'corroborated'], 'corroborated', ['e0', 'e1']],
    [['contradicted'], 'contested', ['e0']],
    [['corroborated', 'contradicted'], 'contested', ['e0', 'e1']],
    [['disputed', 'corroborated', 'contradicted', 'disputed'], 'disputed', ['e0', 'e3']],
    [['disputed', 'denied'], 'denied', ['e1']],
    [['withdrawn', 'denied'], 'withdrawn', ['e0']],
    [['withdrawn', 'falsified', 'denied'], 'falsified', ['e1']],
  ])('by %j is %s because of %j', (bearings, standing, because) => {
    const links = bearings.map((bearing, index) => ({ bearing, other: `e${index}` }));
    expect(claimStandingOf(links)).toEqual({ standing, because });
  });

  it('names an event once that bears on it twice', () => {
    const twice = [
      { bearing: 'denied', other: 'event' },
      { bearing: 'denied', other: 'event' },
    ] as const;
    expect(claimStandingOf(twice).because).toEqual(['event']);
  });
});
