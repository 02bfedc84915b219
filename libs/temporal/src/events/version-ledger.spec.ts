import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';
import { FOREVER, type Instant, formatInstant, instant } from '#domain';
import { Ledger } from '../ledger/ledger.js';
import type { VersionInterval, LedgerItem } from './ledger-items.js';

const on = (day: string) => ({ occurred: day, publishedAt: day });
const announced: Told = { key: 'announced', type: 'policy.announced', ...on('2024-03-01'), status: 'announced' };
const about = (key: string, type: string, day: string, more: object = {}): Told => ({
  key,
  type,
  target: 'announced',
  ...on(day),
  ...more,
});
const corrected = (key: string, day: string, more: object = {}): Told =>
  about(key, 'record.corrected', day, { changes: { summary: `${key}.` }, ...more });

/** The versions of the event after all is recorded, each as `from to what`, in days. */
function versionsOf(key: string, ...told: readonly Told[]): readonly string[] {
  const ledger = new Ledger();
  for (const event of given(...told).events) ledger.append(event);
  return ledger.versionsOf(key).map(shown);
}

const shown = ({ value: { known, version } }: LedgerItem<VersionInterval>): string =>
  [dayOf(known.from), dayOf(known.to), version.retracted ? 'retracted' : version.body.summary].join(' ');

const HOUR = 3_600_000;

/** The day in London that begins then, in summer too. */
const dayOf = (at: Instant): string => (at === FOREVER ? '…' : formatInstant(instant(at + HOUR)).slice(0, 10));

describe('the versions of an event', () => {
  it('are one from its publication on, where nothing is said of it', () =>
    expect(versionsOf('announced', announced)).toEqual(['2024-03-01 … Something happened.']));

  it('are parted where a correction becomes known', () =>
    expect(versionsOf('announced', announced, corrected('first', '2024-05-01'))).toEqual([
      '2024-03-01 2024-05-01 Something happened.',
      '2024-05-01 … first.',
    ]));

  it('are parted by several corrections in the order of their publication, however they were recorded', () =>
    expect(
      versionsOf('announced', announced, corrected('late', '2024-07-01'), corrected('early', '2024-05-01')),
    ).toEqual(['2024-03-01 2024-05-01 Something happened.', '2024-05-01 2024-07-01 early.', '2024-07-01 … late.']));

  it('go back to what was before once a correction is retracted', () =>
    expect(
      versionsOf(
        'announced',
        announced,
        corrected('first', '2024-05-01'),
        about('back', 'record.retracted', '2024-06-01', { target: 'first' }),
      ),
    ).toEqual([
      '2024-03-01 2024-05-01 Something happened.',
      '2024-05-01 2024-06-01 first.',
      '2024-06-01 … Something happened.',
    ]));

  it('are listed while the event is retracted, and after the retraction is', () =>
    expect(
      versionsOf(
        'announced',
        announced,
        about('gone', 'record.retracted', '2024-05-01'),
        about('back', 'record.retracted', '2024-06-01', { target: 'gone' }),
      ),
    ).toEqual([
      '2024-03-01 2024-05-01 Something happened.',
      '2024-05-01 2024-06-01 retracted',
      '2024-06-01 … Something happened.',
    ]));

  it('begin earlier once a source of an earlier day is attached', () =>
    expect(
      versionsOf(
        'announced',
        announced,
        about('attached', 'source.attached', '2024-02-01', {
          source: { publisher: 'Coast Radio', title: 'Earlier', publishedAt: '2024-02-01', genre: 'news' },
        }),
      ),
    ).toEqual(['2024-02-01 2024-03-01 Something happened.', '2024-03-01 … Something happened.']));

  it('begin on another day once the publication is corrected, whenever that became known', () =>
    expect(
      versionsOf('announced', announced, corrected('dated', '2025-01-01', { changes: { publishedAt: '2024-04-01' } })),
    ).toEqual(['2024-04-01 … Something happened.']));

  it('are parted where another event dates this one', () => {
    const vague = { ...announced, occurred: '2024' };
    const sharp: Told = {
      key: 'sharp',
      type: 'disclosure.reported',
      occurred: '2024-02-01',
      publishedAt: '2024-06-01',
      links: [{ rel: 'refines-date-of', to: 'announced' }],
    };
    expect(versionsOf('announced', vague, sharp)).toHaveLength(2);
    expect(versionsOf('announced', vague, { ...sharp, links: [{ rel: 'about', to: 'announced' }] })).toHaveLength(1);
  });

  it('of an event about which nothing new is said stay the very same', () => {
    const ledger = new Ledger();
    const { events } = given(announced, { ...announced, key: 'other' }, corrected('first', '2024-05-01'));
    const other = () => ledger.versionsOf('other')[0];
    events.slice(0, 2).forEach((event) => ledger.append(event));
    const before = other();
    events.slice(2).forEach((event) => ledger.append(event));
    expect(other()).toBe(before);
  });
});

describe('a version', () => {
  /** What an append opens and closes of the versions, without the newest event’s own. */
  const changesBy = (newest: Told, ...told: readonly Told[]) => {
    const ledger = new Ledger();
    const { events } = given(...told, newest);
    const [last, ...before] = events.toReversed();
    if (!last) throw new Error('One event is one.');
    for (const event of before.toReversed()) ledger.append(event);
    const { opened, closed } = ledger.append(last).versions;
    const ofOthers = (versions: readonly LedgerItem<VersionInterval>[]) =>
      versions.filter(({ value }) => value.version.event.key !== newest.key).map(shown);
    return { opened: ofOthers(opened), closed: ofOthers(closed) };
  };

  it('is closed and opened only where it changes', () =>
    expect(changesBy(corrected('third', '2024-07-01'), announced, corrected('second', '2024-05-01'))).toEqual({
      closed: ['2024-05-01 … second.'],
      opened: ['2024-05-01 2024-07-01 second.', '2024-07-01 … third.'],
    }));

  it('is not touched by an event that has nothing to do with it', () =>
    expect(changesBy({ ...announced, key: 'other' }, announced)).toEqual({ opened: [], closed: [] }));

  it('is numbered by when it was opened, and knows the position', () => {
    const ledger = new Ledger();
    const [first, second] = given(announced, { ...announced, key: 'other' }).events.map((event) =>
      ledger.append(event),
    );
    const [one, other] = [first?.versions.opened[0], second?.versions.opened[0]];
    expect([one?.since, other?.since]).toEqual([1, 2]);
    expect((one?.id ?? 0) < (other?.id ?? 0)).toBe(true);
  });
});
