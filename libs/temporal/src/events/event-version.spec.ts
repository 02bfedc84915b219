import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';

const on = (day: string) => ({ occurred: day, publishedAt: day });
const announced: Told = { key: 'announced', type: 'policy.announced', ...on('2024-03-01') };
const about = (key: string, type: string, day: string, more: object = {}): Told => ({
  key,
  type,
  target: 'announced',
  ...on(day),
  ...more,
});
const gazette = { publisher: 'Gazette', title: 'Report' };
const radio = { publisher: 'Coast Radio', title: 'Earlier', publishedAt: '2024-02-20', genre: 'news' };
const later = { knownAt: '2025-01-01' };

const standing = (
  key: string,
  asked: { readonly knownAt: string; readonly recorded?: string },
  ...told: readonly Told[]
) =>
  given(...told)
    .asOf(asked)
    .version(key);

describe('how an event stands', () => {
  it('is unknown before it is public, and before it is recorded', () => {
    expect(standing('announced', { knownAt: '2024-02-29' }, announced)).toBeUndefined();
    expect(
      standing('second', { ...later, recorded: 'announced' }, announced, { ...announced, key: 'second' }),
    ).toBeUndefined();
  });

  it('is in force, without a mark, by itself', () =>
    expect(standing('announced', later, announced)).toMatchObject({
      retracted: false,
      retractedBy: [],
      correctedBy: [],
      anomalies: [],
      firstPublishedBy: undefined,
    }));

  it('names the corrections in force in the order in which they act', () => {
    const corrections = [
      about('late', 'record.corrected', '2024-06-01', { changes: { summary: 'Late.' } }),
      about('early', 'record.corrected', '2024-05-01', { changes: { summary: 'Early.' } }),
      about('gone', 'record.corrected', '2024-05-02', { changes: { summary: 'Gone.' } }),
      about('back', 'record.retracted', '2024-07-01', { target: 'gone' }),
    ];
    expect(standing('announced', later, announced, ...corrections)).toMatchObject({
      correctedBy: ['early', 'late'],
      body: { summary: 'Late.' },
    });
    expect(standing('announced', { knownAt: '2024-06-15' }, announced, ...corrections)?.correctedBy).toEqual([
      'early',
      'gone',
      'late',
    ]);
  });

  it('names a correction of its publication first, although that is not known yet', () =>
    expect(
      standing(
        'announced',
        { knownAt: '2024-06-01' },
        announced,
        about('worded', 'record.corrected', '2024-05-01', { changes: { summary: 'Else.' } }),
        about('dated', 'record.corrected', '2024-12-01', { changes: { publishedAt: '2024-02-01' } }),
      )?.correctedBy,
    ).toEqual(['dated', 'worded']));

  it('names every retraction in force', () =>
    expect(
      standing(
        'announced',
        later,
        announced,
        about('one', 'record.retracted', '2024-05-01'),
        about('other', 'record.retracted', '2024-04-01'),
        about('undone', 'record.retracted', '2024-04-02'),
        about('undoing', 'record.retracted', '2024-06-01', { target: 'undone' }),
      ),
    ).toMatchObject({ retracted: true, retractedBy: ['other', 'one'] }));

  it('is still listed, by its own date, once it is retracted', () =>
    expect(
      standing(
        'announced',
        later,
        { ...announced, occurred: '2024' },
        {
          key: 'sharp',
          type: 'disclosure.reported',
          ...on('2024-05-01'),
          links: [{ rel: 'refines-date-of', to: 'announced' }],
        },
        about('gone', 'record.retracted', '2024-06-01'),
      ),
    ).toMatchObject({ retracted: true, datedBy: [] }));
});

describe('the sources of an event', () => {
  const attached = about('attached', 'source.attached', '2024-04-01', { source: radio, publishedAt: '2024-02-20' });
  const withdrawn = (key: string, source: object): Told =>
    about(key, 'source.retracted', '2024-05-01', { source, reason: 'Not authentic.' });

  it('are its own, and those attached by then, each with who brought it', () => {
    const seen = (knownAt: string) => standing('announced', { knownAt }, announced, attached);
    expect(seen('2024-06-01')).toMatchObject({
      sources: [{ source: gazette }, { source: radio, attachedBy: 'attached' }],
      firstPublishedBy: 'attached',
    });
    expect(standing('announced', { ...later, recorded: 'announced' }, announced, attached)).toMatchObject({
      sources: [{ source: gazette }],
      firstPublishedBy: undefined,
    });
  });

  it('are marked where their publisher withdrew them, by publisher and title', () => {
    const named = { publisher: radio.publisher, title: radio.title };
    expect(standing('announced', later, announced, attached, withdrawn('w', named))).toMatchObject({
      retracted: false,
      sources: [{ source: gazette }, { source: radio, attachedBy: 'attached', retractedBy: 'w' }],
      anomalies: [],
    });
  });

  it('are unmarked where only the publisher or only the title is the same', () =>
    expect(
      standing(
        'announced',
        later,
        announced,
        withdrawn('w', { publisher: 'Gazette', title: 'Another' }),
        withdrawn('v', { publisher: 'Another', title: 'Report' }),
      )?.sources.map(({ retractedBy }) => retractedBy),
    ).toEqual([undefined]));

  it('may be withdrawn before they are attached', () =>
    expect(
      standing(
        'announced',
        later,
        announced,
        withdrawn('w', { publisher: radio.publisher, title: radio.title }),
        attached,
      ),
    ).toMatchObject({ sources: [{ source: gazette }, { retractedBy: 'w' }] }));

  it('that are all withdrawn are an anomaly, and the event stays in force', () => {
    const policy = given(announced, withdrawn('w', gazette));
    policy.asOf(later).shows({ state: { status: 'announced' }, events: ['announced'] });
    expect(policy.asOf(later).version('announced')).toMatchObject({ anomalies: [{ kind: 'no-source-left' }] });
  });
});

describe('an anomaly of dates', () => {
  const paused = (more: object): Told => ({ key: 'paused', type: 'policy.paused', ...on('2024-06-01'), ...more });
  const linked = (rel: string) => ({ links: [{ rel, to: 'announced' }] });

  it('is an event said to follow one that happened wholly after it', () =>
    expect(standing('paused', later, announced, paused({ ...on('2024-02-01'), ...linked('follows') }))).toMatchObject({
      follows: [],
      anomalies: [{ kind: 'follows-wrong-way' }],
    }));

  it('is none where the two dates only meet', () =>
    expect(standing('paused', later, announced, paused({ ...on('2024-03-01'), ...linked('follows') }))).toMatchObject({
      follows: ['announced'],
      anomalies: [],
    }));

  it('is a date for which the events linked to it leave no time', () => {
    const between = paused({ occurred: '2024-03', publishedAt: '2024-07-01', ...linked('follows') });
    const before: Told = {
      key: 'before',
      type: 'policy.ended',
      ...on('2024-03-05'),
      links: [{ rel: 'follows', to: 'paused' }],
    };
    const late = { ...announced, ...on('2024-03-20') };
    expect(standing('paused', later, late, between, before)).toMatchObject({
      anomalies: [{ kind: 'bounds-crossed' }],
    });
  });
});
