import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';
import { type Instant, formatInstant, instant, position } from '#domain';
import { PolicyHistory } from './policy-history.js';
import { publicationsAt } from './publications.js';

const on = (day: string) => ({ occurred: day, publishedAt: day });
const announced: Told = { key: 'announced', type: 'policy.announced', ...on('2024-03-01') };
const attached = (key: string, day: string, target = 'announced'): Told => ({
  key,
  type: 'source.attached',
  target,
  source: { publisher: 'Coast Radio', title: key, publishedAt: day, genre: 'news' },
  occurred: '2024-12-01',
  publishedAt: day,
});
const corrected = (key: string, publishedAt: string, more: object = {}): Told => ({
  key,
  type: 'record.corrected',
  target: 'announced',
  changes: { publishedAt },
  ...on('2024-12-01'),
  ...more,
});
const retracted = (key: string, target: string): Told => ({
  key,
  type: 'record.retracted',
  target,
  ...on('2025-06-01'),
});

const HOUR = 3_600_000;

/** The day in London that begins then, in summer too. */
const dayOf = (at: Instant): string => formatInstant(instant(at + HOUR)).slice(0, 10);

/** When the first event was published, as recorded up to the last of the events. */
function published(...told: readonly Told[]) {
  const { events } = given(...told);
  const [event] = events;
  if (!event) throw new Error('One event is one.');
  const publications = publicationsAt(new PolicyHistory(events), position(events.length));
  return {
    from: dayOf(publications.knownFrom(event)),
    all: publications.of(event).map(({ at, attachedBy }) => [dayOf(at), attachedBy]),
    own: publications.own(event).text,
    correctedBy: publications.correctedBy(event),
    by: publications.firstPublishedBy(event),
  };
}

describe('an event was published', () => {
  it('when it says so itself', () =>
    expect(published(announced)).toEqual({
      from: '2024-03-01',
      all: [['2024-03-01', undefined]],
      own: '2024-03-01',
      correctedBy: undefined,
      by: undefined,
    }));

  it('by every source that was attached, the earliest first', () =>
    expect(published(announced, attached('late', '2024-04-01'), attached('early', '2024-02-01'))).toMatchObject({
      from: '2024-02-01',
      all: [
        ['2024-02-01', 'early'],
        ['2024-03-01', undefined],
        ['2024-04-01', 'late'],
      ],
      by: 'early',
    }));

  it('not by a source whose attachment was retracted', () =>
    expect(published(announced, attached('early', '2024-02-01'), retracted('r', 'early'))).toMatchObject({
      from: '2024-03-01',
      by: undefined,
    }));

  it('by it again once that retraction was retracted', () =>
    expect(
      published(announced, attached('early', '2024-02-01'), retracted('r', 'early'), retracted('rr', 'r')),
    ).toMatchObject({ from: '2024-02-01', by: 'early' }));

  it('when a correction says so, and no longer when it first said', () =>
    expect(published(announced, corrected('c', '2024-02-01'))).toEqual({
      from: '2024-02-01',
      all: [['2024-02-01', undefined]],
      own: '2024-02-01',
      correctedBy: 'c',
      by: 'c',
    }));

  it('later, where a correction says so', () =>
    expect(published(announced, corrected('c', '2024-05-01'))).toMatchObject({
      from: '2024-05-01',
      own: '2024-05-01',
    }));

  it('by a source before a correction that says later', () =>
    expect(published(announced, corrected('c', '2024-05-01'), attached('a', '2024-04-01'))).toMatchObject({
      from: '2024-04-01',
      own: '2024-05-01',
      correctedBy: 'c',
      by: 'a',
    }));

  it('when the last of several corrections says, in the order of their own publications', () => {
    const first = corrected('first', '2024-01-01', on('2024-11-01'));
    const last = corrected('last', '2024-02-01', on('2024-12-01'));
    expect(published(announced, first, last).correctedBy).toBe('last');
    expect(published(announced, last, first).correctedBy).toBe('last');
  });

  it('when the one of them with the higher ordinal says, where they were published together', () => {
    const [one, two] = [corrected('one', '2024-01-01', { ordinal: 2 }), corrected('two', '2024-02-01', { ordinal: 1 })];
    expect(published(announced, one, two).correctedBy).toBe('one');
    expect(published(announced, two, one).correctedBy).toBe('one');
  });

  it('when the one recorded last says, where they tie in all else', () =>
    expect(published(announced, corrected('one', '2024-01-01'), corrected('two', '2024-02-01')).correctedBy).toBe(
      'two',
    ));

  it('when the correction says that was itself corrected', () =>
    expect(
      published(announced, corrected('c', '2024-02-01'), {
        ...corrected('cc', ''),
        target: 'c',
        changes: { changes: { publishedAt: '2024-01-15' } },
      }),
    ).toMatchObject({ from: '2024-01-15', correctedBy: 'c', by: 'c' }));

  it('as before, once the correction was retracted, or corrected to something else', () => {
    const otherwise = { ...corrected('cc', ''), target: 'c', changes: { changes: { summary: 'Else.' } } };
    expect(published(announced, corrected('c', '2024-02-01'), retracted('r', 'c')).from).toBe('2024-03-01');
    expect(published(announced, corrected('c', '2024-02-01'), otherwise).from).toBe('2024-03-01');
  });

  it('by a source when that says, although its own publication was corrected', () =>
    expect(
      published(announced, attached('a', '2024-02-01'), { ...corrected('c', '2024-01-01'), target: 'a' }),
    ).toMatchObject({ from: '2024-01-01', by: 'a' }));

  it('not by what a withdrawn source cites, or by what another event says', () => {
    const withdrawn: Told = {
      key: 'w',
      type: 'source.retracted',
      target: 'announced',
      source: { publisher: 'Gazette', title: 'Report' },
      ...on('2024-01-01'),
    };
    expect(published(announced, withdrawn, { ...announced, key: 'other', ...on('2024-01-01') }).from).toBe(
      '2024-03-01',
    );
  });
});

describe('when an event was published', () => {
  it('rests on what was recorded by then alone', () => {
    const { events } = given(announced, attached('a', '2024-02-01'), retracted('r', 'a'));
    const [event] = events;
    const from = [1, 2, 3].map((recorded) => {
      const publications = publicationsAt(new PolicyHistory(events), position(recorded));
      return event && dayOf(publications.knownFrom(event));
    });
    expect(from).toEqual(['2024-03-01', '2024-02-01', '2024-03-01']);
  });

  it('is told in the words of the recorder', () =>
    expect(published({ ...announced, publishedAt: '2024-03-01T09:30:00+01:00' }).own).toBe(
      '2024-03-01T09:30:00+01:00',
    ));
});
