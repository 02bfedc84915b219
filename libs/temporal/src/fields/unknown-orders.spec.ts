import { describe, expect, it } from '@jest/globals';
import { given } from '../../../../test/support/events/given.js';
import { FOREVER, instant } from '#domain';
import type { DatedAssertion } from '../events/dated-assertion.js';
import type { Interval } from '../time/coordinate.js';
import type { LiveAssertion } from './live-assertions.js';
import { UnknownOrders } from './unknown-orders.js';

type Ends = readonly [from: number, to: number];

const interval = ([from, to]: Ends): Interval => ({ from: instant(from), to: instant(to) });

/** An assertion: its key, the bounds in which it began, and what else matters. It holds from the last bound on. */
interface Said {
  readonly begun: Ends;
  readonly value?: string;
  readonly valid?: Ends;
  readonly known?: Ends;
  readonly weight?: string;
}

/** How often the value of an assertion was read, and the relatives of an event asked for. */
interface Work {
  values: number;
  relatives: number;
}

function field() {
  const work: Work = { values: 0, relatives: 0 };
  const events = new Map<string, DatedAssertion['event']>();
  const related = new Map<string, Map<string, readonly Interval[]>>();
  const orders = new UnknownOrders({
    relativesOf: (key) => {
      work.relatives += 1;
      return related.get(key) ?? new Map();
    },
  });
  const eventOf = (key: string): DatedAssertion['event'] => {
    const [event] = given({ key, type: 'policy.announced', occurred: '2024', publishedAt: '2024-01-01' }).events;
    const found = events.get(key) ?? event;
    if (!found) throw new Error(`There is no event ${key}.`);
    events.set(key, found);
    return found;
  };
  const live = (key: string, said: Said): LiveAssertion => {
    const { begun, value = key, valid = [begun[1], FOREVER], known = [0, FOREVER], weight = '' } = said;
    const assertion = {
      field: 'status',
      get value() {
        work.values += 1;
        return value;
      },
      event: eventOf(key),
      valid: interval(valid),
      uncertain: interval([begun[0], valid[0]]),
      begun: interval(begun),
      isVague: begun[0] < begun[1],
      weight,
    };
    return { assertion, content: key, known: interval(known) };
  };
  const renew = (change: {
    readonly added?: readonly LiveAssertion[];
    readonly removed?: readonly LiveAssertion[];
    readonly relinked?: readonly string[];
  }): readonly string[] => {
    const { added = [], removed = [], relinked = [] } = change;
    const changes = [...orders.renew({ added, removed, relinked: new Set(relinked) })];
    return changes.flatMap((doubts) => [
      ...doubts.removed.map((doubt) => `- ${shown(doubt)}`),
      ...doubts.added.map((doubt) => `+ ${shown(doubt)}`),
    ]);
  };
  /** Says over which known times the order of two events is known. */
  const relate = (one: string, other: string, ...over: readonly Ends[]): void => {
    related.set(one, new Map([...(related.get(one) ?? []), [other, over.map(interval)]]));
  };
  return { live, renew, relate, work };
}

const shown = ({ event, other, known }: { event: string; other: string; known: Interval }): string =>
  `${event} ${other} ${known.from} ${known.to === FOREVER ? '…' : known.to}`;

const vague: Said = { begun: [10, 20] };
const sharp: Said = { begun: [15, 15] };

describe('a vague date and a sharp one within it', () => {
  it('leave their order open, whichever comes first', () => {
    for (const [first, second] of [
      ['vague', 'sharp'],
      ['sharp', 'vague'],
    ] as const) {
      const { live, renew } = field();
      const said = { vague: live('vague', vague), sharp: live('sharp', sharp) };
      expect(renew({ added: [said[first]] })).toEqual([]);
      expect(renew({ added: [said[second]] })).toEqual(['+ vague sharp 0 …']);
    }
  });

  it('do so while both are known', () => {
    const { live, renew } = field();
    renew({ added: [live('vague', { ...vague, known: [100, 300] })] });
    expect(renew({ added: [live('sharp', { ...sharp, known: [200, FOREVER] })] })).toEqual(['+ vague sharp 200 300']);
  });

  it.each([
    ['they say the same', { ...sharp, value: 'vague' }],
    ['they hold at no common time', { ...sharp, valid: [15, 20] as Ends }],
    ['the sharp one lies outside', { begun: [21, 21] as Ends }],
    ['both have the same bounds', vague],
    ['each reaches beyond the other', { begun: [15, 25] as Ends }],
    ['the bounds of the other are crossed', { begun: [16, 14] as Ends }],
  ])('leave nothing open where %s', (_why, other) => {
    const { live, renew } = field();
    expect(renew({ added: [live('vague', vague), live('other', other)] })).toEqual([]);
  });

  it('leave nothing open where one event says both', () => {
    const { live, renew } = field();
    expect(renew({ added: [live('one', vague), live('one', { ...sharp, value: 'other' })] })).toEqual([]);
  });

  it('leave open what links do not say', () => {
    const { live, renew, relate } = field();
    relate('vague', 'sharp', [100, 200]);
    expect(renew({ added: [live('vague', vague), live('sharp', sharp)] })).toEqual([
      '+ vague sharp 0 100',
      '+ vague sharp 200 …',
    ]);
  });

  it('are in no doubt from a link on, and in doubt again without it', () => {
    const { live, renew, relate } = field();
    renew({ added: [live('vague', vague), live('sharp', sharp)] });
    relate('vague', 'sharp', [0, FOREVER]);
    expect(renew({ relinked: ['vague', 'sharp'] })).toEqual(['- vague sharp 0 …']);
    relate('vague', 'sharp');
    expect(renew({ relinked: ['vague', 'sharp'] })).toEqual(['+ vague sharp 0 …']);
  });

  it('stay in doubt when only the strength of one changes', () => {
    const { live, renew } = field();
    renew({ added: [live('vague', vague), live('sharp', sharp)] });
    const change = { removed: [live('sharp', sharp)], added: [live('sharp', { ...sharp, weight: 'z' })] };
    expect(renew(change)).toEqual([]);
  });
});

describe('a vague date with several rivals', () => {
  it('has one partner at each known time, and keeps it', () => {
    const { live, renew } = field();
    renew({ added: [live('vague', vague), live('first', { ...sharp, known: [0, 100] })] });
    expect(renew({ added: [live('second', sharp)] })).toEqual(['+ vague second 100 …']);
    expect(renew({ added: [live('third', sharp)] })).toEqual([]);
  });

  it('has another partner once it loses one', () => {
    const { live, renew } = field();
    const first = live('first', sharp);
    renew({ added: [live('vague', vague), first, live('second', sharp)] });
    expect(renew({ removed: [first] })).toEqual(['- vague first 0 …', '+ vague second 0 …']);
  });

  it('is in doubt about none once it is gone itself', () => {
    const { live, renew } = field();
    const gone = live('vague', vague);
    renew({ added: [gone, live('first', sharp)] });
    expect(renew({ removed: [gone] })).toEqual(['- vague first 0 …']);
    expect(renew({ added: [live('second', sharp)] })).toEqual([]);
  });
});

describe('the work of finding doubts', () => {
  const rivals = ({ live }: ReturnType<typeof field>, count: number, said: Said): readonly LiveAssertion[] =>
    Array.from({ length: count }, (_each, index) => live(`rival${index}`, said));

  /** The work of one change to a field with so many rivals of a vague date. */
  function workOf(count: number, change: (status: ReturnType<typeof field>, all: readonly LiveAssertion[]) => void) {
    const status = field();
    const all = rivals(status, count, sharp);
    Object.assign(status.work, { values: 0, relatives: 0 });
    change(status, all);
    return status.work;
  }

  const addEach = ({ renew, live }: ReturnType<typeof field>, all: readonly LiveAssertion[]): void => {
    renew({ added: [live('vague', vague)] });
    for (const rival of all) renew({ added: [rival] });
  };

  it.each([50, 100, 200])('is the same for each of %i rivals that are recorded one after the other', (count) => {
    const { values, relatives } = workOf(count, addEach);
    // Each is named once, when it is added; only the first is compared.
    expect(values).toBeLessThanOrEqual(count + 5);
    expect(relatives).toBe(1);
  });

  it.each([50, 100, 200])('is one comparison for each of %i rivals in order by links, and one look-up', (count) => {
    const status = field();
    const all = rivals(status, count, sharp);
    for (const { assertion } of all) status.relate('vague', assertion.event.key, [0, FOREVER]);
    addEach(status, all);
    Object.assign(status.work, { values: 0, relatives: 0 });
    expect(status.renew({ relinked: ['vague'] })).toEqual([]);
    expect(status.work).toEqual({ values: 2 * count, relatives: 1 });
  });

  it.each([50, 100, 200])('is none for %i assertions with sharp dates', (count) => {
    const { values, relatives } = workOf(count, ({ renew }, all) => {
      for (const rival of all) renew({ added: [rival], relinked: [rival.assertion.event.key] });
    });
    expect({ values, relatives }).toEqual({ values: count, relatives: 0 });
  });

  it.each([50, 100, 200])('is none for %i assertions outside its bounds', (count) => {
    const status = field();
    const all = rivals(status, count, { begun: [30, 30] });
    Object.assign(status.work, { values: 0, relatives: 0 });
    addEach(status, all);
    expect(status.work).toEqual({ values: count + 1, relatives: 0 });
  });
});
