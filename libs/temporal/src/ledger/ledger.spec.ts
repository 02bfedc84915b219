import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';
import { type Instant, FOREVER, formatInstant, instant } from '#domain';
import type { Box, LedgerItem } from '../events/ledger-items.js';
import type { OrderDoubt } from '../fields/pairing.js';
import { effectsOf } from './effects.js';
import { Ledger, type LedgerChange } from './ledger.js';

const on = (day: string) => ({ occurred: day, publishedAt: day });
const status = (key: string, type: string, day: string, more: object = {}): Told => ({
  key,
  type,
  ...on(day),
  ...more,
});
const proposed = status('proposed', 'policy.proposed', '2024-01-10');
const announced = status('announced', 'policy.announced', '2024-02-10');
const ended = status('ended', 'policy.ended', '2024-03-10');
const retracted = (key: string, target: string, day: string): Told => ({
  key,
  type: 'record.retracted',
  target,
  ...on(day),
});
const corrected = (key: string, target: string, day: string, changes: object): Told => ({
  key,
  type: 'record.corrected',
  target,
  changes,
  ...on(day),
});

/** What the last of the events changes, after the others. */
function lastChange(...told: readonly Told[]): LedgerChange {
  const ledger = new Ledger();
  const changes = given(...told).events.map((event) => ledger.append(event));
  const last = changes.at(-1);
  if (!last) throw new Error('There is no event.');
  return last;
}

const HOUR = 3_600_000;
const dayOf = (at: Instant): string =>
  at === FOREVER ? '…' : Number.isFinite(at) ? formatInstant(instant(at + HOUR)).slice(0, 10) : '-…';

/** A box as `event known-from known-to valid-from valid-to`. */
const shownBox = ({ value: { assertion, known, valid } }: LedgerItem<Box>): string =>
  [assertion.event.key, ...[known.from, known.to, valid.from, valid.to].map(dayOf)].join(' ');
const boxes = ({ boxes: { opened, closed } }: LedgerChange) => ({
  opened: opened.map(shownBox).toSorted(),
  closed: closed.map(shownBox).toSorted(),
});
const doubts = ({ doubts: { opened, closed } }: LedgerChange) => {
  const shown = ({ value: { kind, event, other } }: LedgerItem<OrderDoubt>): string => `${kind} ${event} ${other}`;
  return { opened: opened.map(shown).toSorted(), closed: closed.map(shown).toSorted() };
};

/** Appends events in steps, each with the same result as at once; answers how many pauses the last one has. */
function pausesOfLast(...told: readonly Told[]): number {
  const [inSteps, atOnce] = [new Ledger(), new Ledger()];
  const pauses = given(...told).events.map((event) => {
    const steps = inSteps.appendInSteps(event);
    let [step, count] = [steps.next(), 0];
    for (; step.done !== true; step = steps.next()) count += 1;
    expect(step.value).toEqual(atOnce.append(event));
    return count;
  });
  return pauses.at(-1) ?? 0;
}

describe('an event that changes much is appended with pauses', () => {
  it('after each field', () => {
    const terms = Array.from({ length: 30 }, (_, index) => ({ key: `term-${index}`, value: index, unit: 'GBP' }));
    expect(pausesOfLast(proposed, { key: 'many', type: 'terms.changed', ...on('2024-02-10'), terms })).toBe(31);
  });

  it('after each event that is dated otherwise, and after each that is renewed', () => {
    const chain = Array.from({ length: 30 }, (_, index) => ({
      key: `link-${index}`,
      type: 'policy.announced',
      occurred: '2024',
      publishedAt: '2025-01-10',
      ...(index === 0 ? {} : { links: [{ rel: 'follows', to: `link-${index - 1}` }] }),
    }));
    const redated = corrected('fix', 'link-0', '2025-02-10', { occurred: '2024-03' });
    // The earliest moment, the order and the version of each.
    expect(pausesOfLast(...chain, redated)).toBeGreaterThan(3 * 30);
  });
});

describe('the boxes of a field', () => {
  it('are one for the first that asserts it: from when it is known, from when it is valid', () =>
    expect(boxes(lastChange(proposed))).toEqual({ opened: ['proposed 2024-01-10 … 2024-01-10 …'], closed: [] }));

  it('are cut where something stronger comes to be known', () =>
    expect(boxes(lastChange(proposed, announced))).toEqual({
      closed: ['proposed 2024-01-10 … 2024-01-10 …'],
      opened: [
        'announced 2024-02-10 … 2024-02-10 …',
        'proposed 2024-01-10 2024-02-10 2024-01-10 …',
        'proposed 2024-02-10 … 2024-01-10 2024-02-10',
      ],
    }));

  it('are filled where late news comes between, and nowhere else', () =>
    expect(
      boxes(
        lastChange(proposed, ended, { ...announced, publishedAt: '2024-06-10', effective: { from: '2024-02-10' } }),
      ),
    ).toEqual({
      closed: ['proposed 2024-03-10 … 2024-01-10 2024-03-10'],
      opened: [
        'announced 2024-06-10 … 2024-02-10 2024-03-10',
        'proposed 2024-03-10 2024-06-10 2024-01-10 2024-03-10',
        'proposed 2024-06-10 … 2024-01-10 2024-02-10',
      ],
    }));

  it('go back to what lay under an event that is retracted, where it counted, from when that is known', () =>
    expect(boxes(lastChange(proposed, announced, retracted('r', 'announced', '2024-05-10')))).toEqual({
      closed: ['announced 2024-02-10 … 2024-02-10 …'],
      opened: ['announced 2024-02-10 2024-05-10 2024-02-10 …', 'proposed 2024-05-10 … 2024-02-10 …'],
    }));

  it('let what lies under them show through after an end', () =>
    expect(boxes(lastChange(proposed, { ...announced, effective: { to: '2024-04-09' } })).opened).toEqual([
      'announced 2024-02-10 … 2024-02-10 2024-04-10',
      'proposed 2024-01-10 2024-02-10 2024-01-10 …',
      'proposed 2024-02-10 … 2024-01-10 2024-02-10',
      'proposed 2024-02-10 … 2024-04-10 …',
    ]));

  it('are not touched by what is weaker everywhere', () =>
    expect(
      boxes(
        lastChange(announced, {
          ...proposed,
          ...on('2024-02-10'),
          ordinal: 0,
          effective: { from: '2024-01-10', to: '2024-01-20' },
        }),
      ).closed,
    ).toEqual([]));

  it('are not touched by an event of which no field of the state is told', () => {
    const change = lastChange(proposed, status('reported', 'absence.reported', '2024-02-10'));
    expect([boxes(change), effectsOf(change)]).toEqual([{ opened: [], closed: [] }, []]);
    expect(change.versions.opened).toHaveLength(1);
  });

  it('are not touched by a correction of what they do not rest on', () =>
    expect(boxes(lastChange(proposed, corrected('c', 'proposed', '2024-05-10', { note: 'Else.' })))).toEqual({
      opened: [],
      closed: [],
    }));
});

describe('the uncertain intervals of a field', () => {
  it('are there for what is not certain to have begun, and go once its date is known', () => {
    const vague = { ...proposed, occurred: '2024', publishedAt: '2025-01-10' };
    const sharp = status('sharp', 'disclosure.reported', '2024-03-10', {
      publishedAt: '2025-02-10',
      links: [{ rel: 'refines-date-of', to: 'proposed' }],
    });
    expect(lastChange(vague).uncertain.opened).toHaveLength(1);
    const { opened, closed } = lastChange(vague, sharp).uncertain;
    const known = [...opened, ...closed].map(({ value }) => [value.known.from, value.known.to].map(dayOf));
    expect(known[0]).toEqual(['2025-01-10', '2025-02-10']);
    expect(closed).toHaveLength(1);
  });

  it('are none for what settles at once', () =>
    expect(lastChange(proposed).uncertain).toEqual({ opened: [], closed: [] }));
});

describe('a doubt about the order of two events', () => {
  const vague = status('vague', 'policy.ended', '2024', { publishedAt: '2025-01-10' });

  it('is a tie where nothing but their place in the log decides between them', () =>
    expect(doubts(lastChange(proposed, { ...announced, ...on('2024-01-10') })).opened).toEqual([
      'tie announced proposed',
    ]));

  it('is none where they say the same, or one has a higher ordinal', () => {
    expect(doubts(lastChange(proposed, { ...proposed, key: 'again' })).opened).toEqual([]);
    expect(doubts(lastChange(proposed, { ...announced, ...on('2024-01-10'), ordinal: 1 })).opened).toEqual([]);
  });

  it('is unknown order where one may have happened before or after the other', () =>
    expect(doubts(lastChange(announced, vague)).opened).toEqual(['order-unknown vague announced']));

  it('is none where the sharper one lies elsewhere', () =>
    expect(doubts(lastChange({ ...announced, ...on('2023-12-10') }, vague)).opened).toEqual([]));

  it('is none where neither of two is the vaguer', () =>
    expect(
      doubts(lastChange({ ...vague, key: 'other', type: 'policy.paused', publishedAt: '2025-01-09' }, vague)).opened,
    ).toEqual([]));

  it('is none where a link tells which followed which, through others too', () => {
    const between = status('between', 'absence.reported', '2024', {
      publishedAt: '2025-01-10',
      links: [{ rel: 'follows', to: 'announced' }],
    });
    const after = (to: string) => ({ ...vague, links: [{ rel: 'follows', to }] });
    expect(doubts(lastChange(announced, after('announced'))).opened).toEqual([]);
    expect(doubts(lastChange(announced, between, after('between'))).opened).toEqual([]);
  });

  it('ends once one of them is retracted, and stands for whoever knew nothing of that', () => {
    const change = lastChange(announced, vague, retracted('r', 'announced', '2025-06-10'));
    expect(doubts(change)).toEqual({
      closed: ['order-unknown vague announced'],
      opened: ['order-unknown vague announced'],
    });
    expect(change.doubts.opened.map(({ value }) => dayOf(value.known.to))).toEqual(['2025-06-10']);
  });

  it('is one for each event, however many rivals it has', () =>
    expect(
      doubts(lastChange(announced, status('paused', 'policy.paused', '2024-05-10'), proposed, vague)).opened,
    ).toHaveLength(1));
});

describe('a ledger', () => {
  it('gives the same numbers whenever the same events are fed to it', () => {
    const told = [proposed, announced, corrected('c', 'proposed', '2024-05-10', { status: 'ended' }), ended];
    const [one, other] = [new Ledger(), new Ledger()].map((ledger) =>
      given(...told).events.map((event) => ledger.append(event)),
    );
    expect(one).toEqual(other);
    const ids = (one ?? []).flatMap(({ boxes: { opened } }) => opened.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('remembers its events, and says for each change at which position it was made', () => {
    const ledger = new Ledger();
    const { events } = given(proposed, announced);
    expect(events.map((event) => ledger.append(event).position)).toEqual([1, 2]);
    expect(ledger.events).toEqual(events);
    expect(ledger.versionsOf('unknown')).toEqual([]);
  });

  it('takes more memory the more there is to be said', () => {
    const ledger = new Ledger();
    const sizes = given(proposed, announced, ended).events.map((event) => {
      ledger.append(event);
      return ledger.bytes;
    });
    expect(sizes.toSorted((one, other) => one - other)).toEqual(sizes);
    expect(sizes[0]).toBeGreaterThan(0);
  });
});
