import { describe, expect, it } from '@jest/globals';
import { instant, position } from '#domain';
import type { PolicyRow } from '#projections';
import { type FedClient, PatchFeed } from './patch-feed.js';

const toll: PolicyRow = {
  policy: 1,
  slug: 'toll',
  title: 'Toll',
  kind: 'scheme',
  jurisdiction: 'GB',
  aliases: [],
  sameAs: [],
};

/** A feed at the instant 100 of one policy, whose price becomes another at each of these instants. */
const feedOf = (...changes: readonly number[]): PatchFeed =>
  new PatchFeed({
    viewpoint: {},
    shown: { position: position(5), instant: instant(100) },
    onDue: () => undefined,
    states: {
      stateOf: (_policy, { knownAt }) =>
        Promise.resolve(priceOf(Math.max(0, ...changes.filter((at) => at <= knownAt)))),
      nextChanges: (_viewpoint, { after }) =>
        Promise.resolve(
          changes
            .filter((at) => at > after)
            .slice(0, 1)
            .map((at) => ({ policy: 1, at: instant(at) })),
        ),
      ofStream: () => toll,
      policies: () => new Map([[1, toll]]),
      causesOf: () => Promise.resolve([]),
    },
  });

const priceOf = (price: number) => ({ terms: { price } });

function client() {
  const frames: string[] = [];
  const fed: FedClient = {
    connection: { isBehind: false, write: (bytes) => frames.push(bytes.toString()) > 0 },
    leave: () => undefined,
  };
  return { fed, ids: () => frames.map((frame) => /^id: ?(.*)$/m.exec(frame)?.[1]) };
}

describe('a feed of patches', () => {
  it('shows and feeds a client that joins while the last other one leaves', async () => {
    const feed = feedOf(150);
    await feed.watch(toll, instant(100));
    const leave = feed.feedPolicy(toll, client().fed);
    const joining = feed.watch(toll, instant(120));
    leave();
    expect(await joining).toEqual(priceOf(0));
    const joined = client();
    feed.feedPolicy(toll, joined.fed);
    await feed.take([], instant(150));
    expect(joined.ids()).toEqual(['5.150']);
  });

  it('tells whoever joins for all policies of every later change, even of one that changes by time just then', async () => {
    const feed = feedOf(150, 170);
    await feed.watchEverything(instant(160));
    const joined = client();
    feed.feedEverything(joined.fed);
    await feed.take([], instant(180));
    expect(joined.ids()).toEqual(['5.170']);
  });

  it('lets go of what nobody is fed with any more', async () => {
    const feed = feedOf(150);
    await feed.watch(toll, instant(100));
    const left = client();
    feed.feedPolicy(toll, left.fed)();
    await feed.take([], instant(160));
    expect(left.ids()).toEqual([]);
    expect(await feed.watch(toll, instant(160))).toEqual(priceOf(150));
  });
});
