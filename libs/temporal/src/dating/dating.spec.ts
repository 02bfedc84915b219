import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Instant, type RecordedEvent, instant, position } from '#domain';
import { boundaries, corpus } from '../../../../test/support/events/corpus.js';
import { ordinalOf } from '../records/account.js';
import { type Dating, datingsOf } from './dating.js';
import { PolicyHistory } from '../records/policy-history.js';
import { type View, viewAt } from '../records/view.js';

interface Bounds {
  earliest: number;
  latest: number;
}

type Pair = readonly [follower: RecordedEvent, followed: RecordedEvent];

/** The same by definition: each rule applied to all links, again and again, until nothing moves. */
function datedByDefinition(visible: readonly RecordedEvent[], view: View) {
  const bounds = new Map(visible.map((event) => [event, { ...boundsOf(event, view) }]));
  const of = (event: RecordedEvent): Bounds => bounds.get(event) ?? { earliest: 0, latest: 0 };
  const inOrder = (one: Pair, other: Pair): number =>
    view.publications.knownFrom(one[0]) - view.publications.knownFrom(other[0]) ||
    ordinalOf(view.body(one[0])) - ordinalOf(view.body(other[0])) ||
    one[0].position - other[0].position;
  for (const [from, to] of linked(visible, view, 'refines-date-of').sort(inOrder)) {
    const [own, refined] = [boundsOf(from, view), of(to)];
    const both = { earliest: Math.max(own.earliest, refined.earliest), latest: Math.min(own.latest, refined.latest) };
    Object.assign(refined, both.earliest <= both.latest ? both : own);
  }
  const acting = linked(visible, view, 'follows').filter(
    ([a, b]) => of(a).earliest <= of(b).latest && of(b).earliest <= of(a).latest,
  );
  untilNothingMoves(acting, ([a, b]) => [
    { from: of(b).latest, to: Math.min(of(b).latest, of(a).latest), set: (to) => (of(b).latest = to) },
    { from: of(a).earliest, to: Math.max(of(a).earliest, of(b).earliest), set: (to) => (of(a).earliest = to) },
  ]);

  const within = (event: RecordedEvent): Instant | undefined =>
    view.published(event).find(({ at }) => of(event).earliest <= at && at <= of(event).latest)?.at;
  const settled = new Map<RecordedEvent, number>(visible.map((event) => [event, within(event) ?? of(event).latest]));
  const settledOf = (event: RecordedEvent): number => settled.get(event) ?? 0;
  untilNothingMoves(acting, ([a, b]) => [
    {
      from: settledOf(b),
      to: Math.min(settledOf(b), Math.max(settledOf(a), of(b).earliest)),
      set: (to) => settled.set(b, to),
    },
  ]);
  const isTold = (event: RecordedEvent): boolean => of(event).earliest === -Infinity || within(event) !== undefined;
  const orders = new Map(visible.map((event) => [event, isTold(event) ? settledOf(event) : of(event).earliest]));
  const orderOf = (event: RecordedEvent): number => orders.get(event) ?? 0;
  untilNothingMoves(acting, ([a, b]) => [
    { from: orderOf(a), to: Math.max(orderOf(a), orderOf(b)), set: (to) => orders.set(a, to) },
  ]);
  return visible.map((event) => [event.key, { ...of(event), settled: settledOf(event), orderedAt: orderOf(event) }]);
}

const boundsOf = (event: RecordedEvent, view: View): Bounds => {
  const { earliest, latest } = view.body(event).occurred;
  return { earliest, latest };
};

function linked(visible: readonly RecordedEvent[], view: View, rel: string): Pair[] {
  return visible.flatMap((from) =>
    (view.body(from).links ?? [])
      .filter((link) => link.rel === rel)
      .flatMap(({ to }) => visible.filter(({ key }) => key === to).map((target): Pair => [from, target])),
  );
}

interface Move {
  readonly from: number;
  readonly to: number;
  readonly set: (value: number) => void;
}

function untilNothingMoves(links: readonly Pair[], movesOf: (link: Pair) => readonly Move[]): void {
  for (let hasMoved = true; hasMoved;) {
    hasMoved = false;
    for (const link of links)
      for (const { from, to, set } of movesOf(link)) {
        if (from === to) continue;
        set(to);
        hasMoved = true;
      }
  }
}

const seen = ({ earliest, latest, settled, orderedAt }: Dating) => ({ earliest, latest, settled, orderedAt });

describe('the dating of events', () => {
  it('is what the rules give when each is applied until nothing moves', () => {
    fc.assert(
      fc.property(corpus({ size: 18 }), fc.nat(), ({ events }, nth) => {
        const instants = boundaries(events);
        const knownAt = instants[nth % instants.length];
        if (knownAt === undefined) return;
        const history = new PolicyHistory(events);
        const view = viewAt(history, { recorded: position(events.length), knownAt });
        const visible = events.filter(view.isVisible);
        expect([...datingsOf(visible, view)].map(([key, dating]) => [key, seen(dating)])).toEqual(
          datedByDefinition(visible, view),
        );
      }),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 500) },
    );
  });

  it('puts every follower after what it follows, unless their bounds cross', () => {
    fc.assert(
      fc.property(corpus({ size: 18 }), ({ events }) => {
        const history = new PolicyHistory(events);
        const view = viewAt(history, {
          recorded: position(events.length),
          knownAt: boundaries(events).at(-1) ?? instant(0),
        });
        const datings = datingsOf(events.filter(view.isVisible), view);
        for (const dating of datings.values())
          for (const key of dating.follows) {
            const followed = datings.get(key);
            if (!followed || dating.earliest > dating.latest || followed.earliest > followed.latest) continue;
            expect(followed.settled).toBeLessThanOrEqual(dating.settled);
            expect(followed.orderedAt).toBeLessThanOrEqual(dating.orderedAt);
            expect(followed.rank).toBeLessThan(dating.rank);
            expect(dating.orderedAt).toBeLessThanOrEqual(dating.settled);
          }
      }),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 500) },
    );
  });
});
