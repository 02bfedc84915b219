import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Bounds, type DatingLink, followsRecordedBy } from './dating-parts.js';
import { type GraphEvent, RecordGraph } from './record-graph.js';
import { DATED_TOGETHER, limitFaults } from './recorded-limits.js';
import { instant } from '../values/time.js';

const within = (first: number, last: number): Bounds => ({ earliest: instant(first), latest: instant(last) });

const linksTo = (rel: DatingLink['rel'], keys: readonly string[], at = ''): readonly DatingLink[] =>
  keys.map((to, index) => ({ rel, to, pointer: `${at}/links/${index}/to` }));

const follows = (...keys: readonly string[]) => linksTo('follows', keys);
const refines = (...keys: readonly string[]) => linksTo('refines-date-of', keys);

const event = (key: string, occurred: Bounds, links: readonly DatingLink[] = []): GraphEvent => ({
  key,
  type: 'policy.announced',
  occurred,
  parts: links.length === 0 ? [] : [{ level: 0, occurred: undefined, pointer: '/occurred', links }],
});

/** A correction, at a depth, of a date or of links. */
const correction = (
  key: string,
  target: string,
  {
    level = 1,
    occurred,
    follow = [],
  }: { readonly level?: number; readonly occurred?: Bounds; readonly follow?: readonly string[] },
): GraphEvent => {
  const at = '/changes'.repeat(level);
  return {
    key,
    type: 'record.corrected',
    target,
    occurred: within(0, 0),
    parts: [{ level, occurred, pointer: `${at}/occurred`, links: linksTo('follows', follow, at) }],
  };
};

const graphOf = (...events: readonly GraphEvent[]): RecordGraph => {
  const graph = new RecordGraph();
  for (const each of events) graph.add(each);
  return graph;
};

const sizesIn = (graph: RecordGraph, ...keys: readonly string[]): readonly number[] =>
  keys.map((key) => graph.countDatedTogether(key));

describe('events whose dates can depend on each other', () => {
  it('are those that follow one of whose days they share one', () => {
    const graph = graphOf(
      event('a', within(1, 10)),
      event('b', within(10, 20), follows('a')),
      event('c', within(21, 30), follows('b')),
    );
    expect(sizesIn(graph, 'a', 'b', 'c')).toEqual([2, 2, 1]);
  });

  it('are those that refine the date of one, whatever the dates', () => {
    expect(sizesIn(graphOf(event('a', within(1, 2)), event('b', within(8, 9), refines('a'))), 'a', 'b')).toEqual([
      2, 2,
    ]);
  });

  it('become more when a correction, at any depth, lets dates meet', () => {
    const apart = [event('a', within(1, 2)), event('b', within(8, 9), follows('a'))];
    const first = correction('c', 'a', { occurred: within(4, 5) });
    expect(sizesIn(graphOf(...apart, first), 'a')).toEqual([1]);
    const second = correction('d', 'c', { level: 2, occurred: within(7, 8) });
    expect(sizesIn(graphOf(...apart, first, second), 'a', 'b', 'c', 'd')).toEqual([2, 2, 1, 1]);
  });

  it('become more when an event that refines a date lets it meet others', () => {
    const apart = [event('a', within(1, 2)), event('b', within(8, 9), follows('a'))];
    expect(sizesIn(graphOf(...apart, event('r', within(9, 9), refines('a'))), 'a', 'b', 'r')).toEqual([3, 3, 3]);
    const late = [event('r', within(5, 6), refines('a')), correction('c', 'r', { occurred: within(8, 8) })];
    expect(sizesIn(graphOf(...apart, ...late), 'b')).toEqual([3]);
  });

  it('are connected by links that a correction brings', () => {
    const graph = graphOf(
      event('a', within(1, 5)),
      event('b', within(5, 9)),
      correction('c', 'b', { follow: ['a'] }),
      correction('d', 'c', { level: 2, follow: ['elsewhere'] }),
    );
    expect(sizesIn(graph, 'a', 'b', 'c')).toEqual([2, 2, 1]);
    expect([...graph.followsOf('b')]).toEqual(['elsewhere', 'a']);
  });

  it('are connected once both are on record', () => {
    const later = event('a', within(1, 5), follows('b', 'of-another-policy'));
    expect(sizesIn(graphOf(later), 'a')).toEqual([1]);
    expect(sizesIn(graphOf(later, event('b', within(5, 9))), 'a')).toEqual([2]);
  });

  const dates = fc.tuple(fc.nat(20), fc.nat(3)).map(([first, length]) => within(first, first + length));
  const steps = fc.array(
    fc.record({ what: fc.nat(2), date: dates, one: fc.nat(11), other: fc.nat(11), rel: fc.boolean() }),
    { maxLength: 24 },
  );

  it('are the same, with or without a base, as found from all links and dates at once', () => {
    fc.assert(
      fc.property(steps, fc.nat(24), (told, cut) => {
        const events = told.map(({ what, date, one, other, rel }, index): GraphEvent => {
          const [key, first, second] = [`e${index}`, `e${one % (index + 1)}`, `e${other}`];
          const links = linksTo(rel ? 'follows' : 'refines-date-of', second === key ? [] : [second]);
          if (what < 2 || first === key) return event(key, date, what === 0 ? [] : links);
          return correction(key, first, { occurred: date, ...(rel ? { follow: [second] } : {}) });
        });
        const base = graphOf(...events.slice(0, cut));
        const graph = new RecordGraph(base);
        for (const each of events.slice(cut)) graph.add(each);
        const keys = events.map(({ key }) => key);
        expect(sizesIn(graph, ...keys)).toEqual(sizesAtOnce(events));
        expect(sizesIn(base, ...keys.slice(0, cut))).toEqual(sizesAtOnce(events.slice(0, cut)));
      }),
    );
  });
});

/** The sizes of the sets, by the definition: every date of an event, then every pair. */
function sizesAtOnce(events: readonly GraphEvent[]): readonly number[] {
  const known = new Map(events.map((each) => [each.key, each]));
  const own = new Map(events.map(({ key, occurred }) => [key, occurred ? [occurred] : []]));
  const links: { from: string; to: string; rel: string }[] = [];
  for (const { key, target, parts } of events)
    for (const { level, occurred, links: brought } of parts) {
      const of = level === 0 ? key : (target ?? '');
      if (occurred) own.get(of)?.push(occurred);
      for (const { rel, to } of brought) if (known.has(to)) links.push({ from: of, to, rel });
    }
  const datesOf = (key: string): readonly Bounds[] => [
    ...(own.get(key) ?? []),
    ...links.flatMap(({ from, to, rel }) => (rel === 'refines-date-of' && to === key ? (own.get(from) ?? []) : [])),
  ];
  const meet = (one: string, other: string): boolean =>
    datesOf(one).some((a) => datesOf(other).some((b) => a.earliest <= b.latest && b.earliest <= a.latest));
  const connected = links.filter(({ from, to, rel }) => rel === 'refines-date-of' || meet(from, to));
  return events.map(({ key }) => {
    const set = new Set([key]);
    for (const each of set)
      for (const { from, to } of connected) {
        if (from === each) set.add(to);
        if (to === each) set.add(from);
      }
    return set.size;
  });
}

describe('a link or a date that connects too many', () => {
  const year = within(0, 365);
  const chain = Array.from({ length: DATED_TOGETHER }, (_each, index) =>
    event(`e${index}`, year, index === 0 ? [] : follows(`e${index - 1}`)),
  );
  const days = Array.from({ length: 1000 }, (_each, index) =>
    event(`d${index}`, within(1000 + index, 1000 + index), index === 0 ? [] : follows(`d${index - 1}`)),
  );
  const codes = (next: GraphEvent, graph: RecordGraph) =>
    limitFaults(next, graph).map(({ code, pointer }) => `${code} ${pointer}`);

  it('is refused where it stands, with how many there are', () => {
    const graph = graphOf(...chain, event('f', year));
    const next = event('next', year, follows('f', 'e7'));
    expect(limitFaults(next, graph)).toEqual([
      {
        code: 'linked-set-too-large',
        pointer: '/links/1/to',
        message:
          'With this, the dates of 202 events would depend on each other through the links follows and refines-date-of; at most 200 are allowed, and 200 are already connected. Leave out links that the order does not depend on: follows is only needed where the dates leave the order open.',
      },
    ]);
    expect(codes(correction('c', 'f', { follow: ['e7'] }), graph)).toEqual([
      'linked-set-too-large /changes/links/0/to',
    ]);
    expect(codes(event('next', within(400, 401), follows('e7')), graph)).toEqual([]);
    expect(codes(event('next', year, follows('f')), graph)).toEqual([]);
    expect(codes(event('next', within(400, 401), refines('e7')), graph)).toEqual(['linked-set-too-large /links/0/to']);
  });

  it('does not limit a series of plain days, until a date is corrected so that they meet', () => {
    const graph = graphOf(...days);
    expect(codes(event('next', within(2000, 2000), follows('d999')), graph)).toEqual([]);
    expect(codes(correction('c', 'd5', { occurred: within(1004, 1006) }), graph)).toEqual([]);
    graph.add(event('wide', within(3000, 3000), follows(...days.map(({ key }) => key))));
    expect(codes(correction('c', 'wide', { occurred: within(1000, 1500) }), graph)).toEqual([
      'linked-set-too-large /changes/occurred',
    ]);
  });

  it('holds back nothing else where what is on record is beyond it already', () => {
    const graph = graphOf(...chain, event('beyond', year, follows('e3')), event('f', year));
    expect(graph.countDatedTogether('e0')).toBe(DATED_TOGETHER + 1);
    expect(codes(event('next', year, follows('f')), graph)).toEqual([]);
    expect(codes(correction('c', 'e3', { follow: ['e1'] }), graph)).toEqual([]);
    expect(codes(event('next', year, follows('e3')), graph)).toEqual(['linked-set-too-large /links/0/to']);
  });
});

describe('the follows that recording an event brings', () => {
  it('are its own and those of what it corrects, through corrections of corrections', () => {
    const { key, target, parts } = correction('d', 'c', { level: 2, follow: ['x'] });
    const own = { level: 0, occurred: undefined, pointer: '/occurred', links: follows('y') };
    const targets = new Map([['c', 'a']]);
    expect(followsRecordedBy({ key, target, parts: [own, ...parts] }, (of) => targets.get(of))).toEqual([
      { from: 'd', to: 'y', pointer: '/links/0/to' },
      { from: 'a', to: 'x', pointer: '/changes/changes/links/0/to' },
    ]);
  });
});
