import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { given } from '../../../../test/support/events/given.js';
import { type RecordedEvent, instant } from '#domain';
import type { Pieces } from '../time/pieces.js';
import { ActingLinks } from './acting-links.js';
import type { ActingFollows } from './dating-rules.js';

const eventsOf = (count: number): readonly RecordedEvent[] =>
  given(
    ...Array.from({ length: count }, (_each, index) => ({
      key: `e${index}`,
      type: 'policy.announced',
      occurred: '2024',
      publishedAt: '2024-01-01',
    })),
  ).events;

/** The links of one event over known time: what it follows, one piece after the other. */
const following = (...pieces: readonly (readonly string[])[]): Pieces<ActingFollows | undefined> =>
  pieces.map((followed, index) => ({ from: instant(index), value: { followed, isWrongWay: false } }));

function linked(count: number) {
  const links = new ActingLinks();
  const events = eventsOf(count);
  const renew = (index: number, ...pieces: readonly (readonly string[])[]): readonly string[] => {
    const event = events[index];
    return event ? [...links.renew(event, following(...pieces))] : [];
  };
  return { links, renew };
}

describe('the links that act', () => {
  it('are found from both ends, followers in the order in which they were recorded', () => {
    const { links, renew } = linked(4);
    renew(3, ['e0']);
    renew(1, ['e0']);
    renew(2, ['e1', 'e0']);
    expect(links.followersOf('e0')).toEqual(['e1', 'e2', 'e3']);
    expect(links.followersOf('e1')).toEqual(['e2']);
    expect(links.followedBy('e2')).toEqual(['e1', 'e0']);
    expect([links.followedBy('e0'), links.followersOf('e3')]).toEqual([[], []]);
  });

  it('are those of any known time', () => {
    const { links, renew } = linked(4);
    renew(3, ['e0'], [], ['e1', 'e2']);
    expect(links.followedBy('e3')).toEqual(['e0', 'e1', 'e2']);
  });

  it('are replaced as a whole; what was followed before is told, too', () => {
    const { links, renew } = linked(4);
    renew(2, ['e0']);
    expect(renew(3, ['e0', 'e1'])).toEqual(['e0', 'e1']);
    expect(renew(3, ['e1', 'e2'])).toEqual(['e0', 'e1', 'e2']);
    expect(links.followersOf('e0')).toEqual(['e2']);
    expect(links.followersOf('e1')).toEqual(['e3']);
    expect(renew(3)).toEqual(['e1', 'e2']);
    expect([links.followedBy('e3'), links.followersOf('e1'), links.followersOf('e2')]).toEqual([[], [], []]);
  });

  it('are after any renewals those of the last one of each event', () => {
    const COUNT = 6;
    const keys = eventsOf(COUNT).map(({ key }) => key);
    const pieces = fc.array(fc.subarray(keys), { maxLength: 3 });
    const renewal = fc.tuple(fc.nat(COUNT - 1), pieces);
    fc.assert(
      fc.property(fc.array(renewal, { maxLength: 30 }), (renewals) => {
        const { links, renew } = linked(COUNT);
        for (const [index, followed] of renewals) renew(index, ...followed);
        const last = new Map(renewals.map(([index, followed]) => [`e${index}`, new Set(followed.flat())]));
        for (const key of keys) {
          expect(new Set(links.followedBy(key))).toEqual(last.get(key) ?? new Set());
          expect(links.followersOf(key)).toEqual(keys.filter((other) => last.get(other)?.has(key)));
        }
      }),
    );
  });
});

describe('the work that links make', () => {
  /** How often positions are compared while so many events, one after the other, come to follow the first. */
  function comparisonsFor(count: number): number {
    let read = 0;
    const links = new ActingLinks();
    const counted = eventsOf(count).map((event) => ({
      ...event,
      get position() {
        read += 1;
        return event.position;
      },
    }));
    for (const event of counted) links.renew(event, following(['hub']));
    for (const event of counted) links.renew(event, following(['hub'], ['hub']));
    expect(links.followersOf('hub')).toHaveLength(count);
    return read / 2;
  }

  it.each([100, 200, 400])('is one comparison for each of %i links to one event, and none to keep them', (count) => {
    expect(comparisonsFor(count)).toBeLessThanOrEqual(count);
  });
});
