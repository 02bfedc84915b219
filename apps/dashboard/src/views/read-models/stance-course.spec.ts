import { describe, expect, it } from '@jest/globals';
import type { Stance } from '../../http/model-answers.js';
import { type Step, judgeCourse } from './stance-course.js';

const taken = (stance: Stance, day: string, rest: Partial<Step> = {}): Step => ({
  stance,
  event: `${stance}-${day}`,
  earliest: `2024-01-${day}T00:00:00.000Z`,
  latest: `2024-01-${day}T23:59:59.999Z`,
  follows: [],
  speaker: 'named',
  ...rest,
});

const kindOf = (...steps: readonly Step[]) => judgeCourse(steps).kind;

describe('the course of the stances of one actor', () => {
  it('is a reversal where for becomes against, or against for, one after the other', () => {
    expect(judgeCourse([taken('support', '01'), taken('oppose', '02')])).toMatchObject({
      kind: 'reversed',
      from: { event: 'support-01' },
      to: { event: 'oppose-02' },
    });
    expect(kindOf(taken('refuse', '01'), taken('support', '02'))).toBe('reversed');
  });

  it('is steady where nothing is the opposite of what was before', () => {
    expect(kindOf()).toBe('steady');
    expect(kindOf(taken('support', '01'))).toBe('steady');
    expect(kindOf(taken('oppose', '01'), taken('refuse', '02'))).toBe('steady');
    expect(kindOf(taken('support', '01'), taken('conditional', '02'), taken('noncommittal', '03'))).toBe('steady');
  });

  it('looks past stances that are neither for nor against', () =>
    expect(judgeCourse([taken('support', '01'), taken('conditional', '02'), taken('refuse', '03')])).toMatchObject({
      kind: 'reversed',
      from: { event: 'support-01' },
      to: { event: 'refuse-03' },
    }));

  it.each<[string, Partial<Step>]>([
    ['on the same day', { earliest: '2024-01-01T00:00:00.000Z', latest: '2024-01-01T23:59:59.999Z' }],
    ['some day from before it on', { earliest: '2023-01-01T00:00:00.000Z' }],
    ['with no earliest bound', { earliest: null }],
    ['at a time that is not known', { earliest: undefined }],
  ])('is no reversal where the order is not settled: %s', (_, later) =>
    expect(judgeCourse([taken('support', '01'), taken('oppose', '02', later)])).toMatchObject({
      kind: 'differ',
      doubt: 'order',
    }),
  );

  it('is a reversal on the same day where one is recorded to follow the other', () =>
    expect(kindOf(taken('support', '01'), taken('oppose', '01', { event: 'later', follows: ['support-01'] }))).toBe(
      'reversed',
    ));

  it.each<[Step['speaker'], string]>([
    ['anonymous', 'anonymous'],
    ['group', 'group'],
    [undefined, 'speaker'],
  ])('is no reversal where one of the two was taken by somebody who is %s', (speaker, doubt) => {
    const [first, second] = [taken('support', '01'), taken('oppose', '02')];
    expect(judgeCourse([{ ...first, speaker }, second])).toMatchObject({ kind: 'differ', doubt });
    expect(judgeCourse([first, { ...second, speaker }])).toMatchObject({ kind: 'differ', doubt });
  });

  it('keeps a reversal that a later stance repeats, and prefers one to a later doubt', () => {
    expect(judgeCourse([taken('support', '01'), taken('oppose', '02'), taken('oppose', '03')])).toMatchObject({
      kind: 'reversed',
      to: { event: 'oppose-02' },
    });
    const undated = taken('support', '03', { earliest: null });
    expect(judgeCourse([taken('support', '01'), taken('oppose', '02'), undated])).toMatchObject({
      kind: 'reversed',
      to: { event: 'oppose-02' },
    });
  });
});
