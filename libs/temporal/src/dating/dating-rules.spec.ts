import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';
import { type Instant, endOfDay, formatInstant, instant, startOfDay } from '#domain';

const ZONE = 'Europe/London';

/** An event of which only dates and links matter; it was told long after, unless that is said. */
const event = (key: string, occurred: string, more: object = {}): Told => ({
  key,
  type: 'disclosure.reported',
  occurred,
  publishedAt: '2025-01-01',
  ...more,
});
const linked = (rel: string, ...keys: readonly string[]) => ({ links: keys.map((to) => ({ rel, to })) });
const follows = (...keys: readonly string[]) => linked('follows', ...keys);
const refines = (...keys: readonly string[]) => linked('refines-date-of', ...keys);

/** How the events are dated once all is known. */
function dated(...told: readonly Told[]) {
  const seen = given(...told).asOf({ knownAt: '2026-01-01' });
  const of = (key: string) => {
    const standing = seen.version(key);
    if (!standing) throw new Error(`${key} is not known.`);
    return standing;
  };
  return {
    order: seen.events,
    bounds: (key: string) => `${dayOf(of(key).earliest)} ${dayOf(of(key).latest)}`,
    settled: (key: string) => dayOf(of(key).settled),
    of,
  };
}

/** The day that begins, or ends, with an instant. */
const dayOf = (at: Instant): string => {
  if (!Number.isFinite(at)) return '…';
  const days = [-1, 0, 1].map((step) => formatInstant(instant(at + step * 3_600_000)).slice(0, 10));
  const day = days.find((text) => startOfDay(text, ZONE) === at || endOfDay(text, ZONE) === at);
  return day ?? formatInstant(at);
};

describe('a date that is refined', () => {
  it.each([
    ['2024', '2024-03', '2024-03-01 2024-03-31'],
    ['2024-03', '2024', '2024-03-01 2024-03-31'],
    ['2024-03/2024-06', '2024-05/2024-08', '2024-05-01 2024-06-30'],
    ['2024-03', '2024-07-10', '2024-07-10 2024-07-10'],
    ['[..2024-06]', '2024-03-10', '2024-03-10 2024-03-10'],
    ['[2024-03..]', '[..2024-06]', '2024-03-01 2024-06-30'],
  ])('%s by %s becomes %s', (own, refining, bounds) => {
    const dates = dated(event('vague', own), event('sharp', refining, refines('vague')));
    expect(dates.bounds('vague')).toBe(bounds);
    expect(dates.of('vague').datedBy.every((key) => key === 'sharp')).toBe(true);
  });

  it('is refined by one after the other, in the order in which they were published', () => {
    const first = event('first', '2024-02', { ...refines('vague'), publishedAt: '2025-02-01' });
    const second = event('second', '2024-08', { ...refines('vague'), publishedAt: '2025-03-01' });
    expect(dated(event('vague', '2024'), first, second).bounds('vague')).toBe('2024-08-01 2024-08-31');
    expect(dated(event('vague', '2024'), second, first).bounds('vague')).toBe('2024-08-01 2024-08-31');
  });

  it('is what it was where the refining event was retracted', () => {
    const gone: Told = { key: 'gone', type: 'record.retracted', target: 'sharp', occurred: '2025-06-01' };
    expect(dated(event('vague', '2024'), event('sharp', '2024-03', refines('vague')), gone).bounds('vague')).toBe(
      '2024-01-01 2024-12-31',
    );
  });

  it('does not refine what the refining event refers to in turn', () => {
    const dates = dated(event('a', '2024'), event('b', '2024', refines('a')), event('c', '2024-03', refines('b')));
    expect([dates.bounds('b'), dates.bounds('a')]).toEqual(['2024-03-01 2024-03-31', '2024-01-01 2024-12-31']);
  });
});

describe('a follower', () => {
  it('happened no earlier than what it follows can have, and that no later than the follower can', () => {
    const dates = dated(event('first', '2024-03/2024-08'), event('then', '2024-01/2024-05', follows('first')));
    expect(dates.bounds('first')).toBe('2024-03-01 2024-05-31');
    expect(dates.bounds('then')).toBe('2024-03-01 2024-05-31');
    expect(dates.order).toEqual(['first', 'then']);
  });

  it('narrows a whole chain, however the events were recorded', () => {
    const told = [
      event('a', '2024-04/2024-12'),
      event('b', '2024', follows('a')),
      event('c', '2024-01/2024-09', follows('b')),
    ];
    for (const events of [told, told.toReversed()]) {
      const dates = dated(...events);
      expect(['a', 'b', 'c'].map(dates.bounds)).toEqual(new Array(3).fill('2024-04-01 2024-09-30'));
      expect(dates.order).toEqual(['a', 'b', 'c']);
      expect(['a', 'b', 'c'].map((key) => dates.of(key).rank)).toEqual([0, 1, 2]);
    }
  });

  it('ranks above all that it follows', () => {
    const dates = dated(
      event('a', '2024'),
      event('b', '2024', follows('a')),
      event('c', '2024', follows('a')),
      event('d', '2024', follows('b', 'c', 'a')),
    );
    expect(['a', 'b', 'c', 'd'].map((key) => dates.of(key).rank)).toEqual([0, 1, 1, 2]);
  });

  it('changes nothing where the dates do not meet', () => {
    const dates = dated(event('first', '2024-03'), event('then', '2024-05', follows('first')));
    expect([dates.bounds('first'), dates.bounds('then')]).toEqual(['2024-03-01 2024-03-31', '2024-05-01 2024-05-31']);
    expect(dates.of('then')).toMatchObject({ follows: [], followsWrongWay: false, rank: 0 });
  });

  it('is the wrong way round where it happened wholly before', () => {
    const dates = dated(event('first', '2024-05'), event('then', '2024-03', follows('first')));
    expect(dates.of('then')).toMatchObject({ follows: [], followsWrongWay: true });
    expect(dates.of('first').followsWrongWay).toBe(false);
  });

  it('acts by the date that another event refines', () => {
    const apart = [event('first', '2024-05'), event('then', '2024', follows('first'))];
    expect(dated(...apart).of('then').follows).toEqual(['first']);
    expect(dated(...apart, event('sharp', '2024-08', refines('then'))).of('then').follows).toEqual([]);
  });
});

describe('the settled start of an event', () => {
  it.each([
    ['its latest bound', '2024-03', '2025-01-01', '2024-03-31'],
    ['the publication within its bounds', '2024-03', '2024-03-10', '2024-03-10'],
    ['its latest bound, where it was published before it can have happened', '2024-03', '2024-02-10', '2024-03-31'],
    ['the publication, where it has no first day', '[..2024-03-20]', '2024-03-10', '2024-03-10'],
  ])('is %s', (_what, occurred, publishedAt, settled) =>
    expect(dated(event('a', occurred, { publishedAt })).settled('a')).toBe(settled),
  );

  it('is the publication of a source that lies within its bounds', () => {
    const source = { publisher: 'Coast Radio', title: 'Earlier', publishedAt: '2024-03-05', genre: 'news' };
    const attached = { key: 's', type: 'source.attached', target: 'a', source, occurred: '2024-03-05' };
    const dates = dated(event('a', '2024-03'), attached);
    expect(dates.settled('a')).toBe('2024-03-05');
    expect(dates.of('a').datedBy).toEqual(['s']);
  });

  it('is no later than that of any follower, through any number of them', () => {
    const dates = dated(
      event('a', '2024'),
      event('b', '2024', follows('a')),
      event('c', '2024', { ...follows('b'), publishedAt: '2024-04-10' }),
    );
    expect(['a', 'b', 'c'].map(dates.settled)).toEqual(['2024-04-10', '2024-04-10', '2024-04-10']);
    expect(dates.of('a').datedBy).toEqual(['b', 'c']);
  });

  it('is not lowered below the first day on which it can have happened', () => {
    const dates = dated(
      event('a', '2024-05/2024-08'),
      event('b', '2024', { ...follows('a'), publishedAt: '2024-02-01' }),
    );
    expect(dates.settled('a') >= '2024-05-01').toBe(true);
  });
});

describe('the order of events', () => {
  it('of a vague date is by its first day, until it is told within its bounds', () => {
    const day = event('day', '2024-06-01', { publishedAt: '2024-06-01' });
    expect(dated(event('vague', '2024'), day).order).toEqual(['vague', 'day']);
    expect(dated(event('vague', '2024', { publishedAt: '2024-09-01' }), day).order).toEqual(['day', 'vague']);
    expect(dated(event('vague', '2024')).of('vague').isVague).toBe(true);
    expect(dated(event('vague', '2024', { publishedAt: '2024-09-01' })).of('vague').isVague).toBe(false);
  });

  it('on one day is by ordinal, and by position only where all else ties', () => {
    const day = (key: string, ordinal?: number) =>
      event(key, '2024-06-01', { publishedAt: '2024-06-01', ...(ordinal === undefined ? {} : { ordinal }) });
    expect(dated(day('late', 2), day('early', 1)).order).toEqual(['early', 'late']);
    expect(dated(day('one'), day('other')).order).toEqual(['one', 'other']);
  });

  it('on one day is by publication before ordinal', () => {
    const told = (key: string, publishedAt: string, ordinal: number) =>
      event(key, '2024-06-01', { publishedAt, ordinal });
    expect(dated(told('b', '2024-06-03', 1), told('a', '2024-06-02', 2)).order).toEqual(['a', 'b']);
  });

  it('of a follower is never before what it follows', () =>
    expect(dated(event('day', '2024-06-01'), event('vague', '2024', follows('day'))).order).toEqual(['day', 'vague']));
});
