import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';
import { endOfDay, position } from '#domain';
import { factBefore, replayPoint } from './replay.js';

const on = (day: string) => ({ occurred: day, publishedAt: day });
const proposed: Told = { key: 'proposed', type: 'policy.proposed', ...on('2024-01-01') };
const announced: Told = { key: 'announced', type: 'policy.announced', ...on('2024-02-01') };
const ended: Told = { key: 'ended', type: 'policy.ended', ...on('2024-03-01') };

/** The status that was replaced by the one that holds at the end of a day, and by which event it was. */
function replacedAt(day: string, ...told: readonly Told[]): readonly unknown[] | undefined {
  const { events } = given(...told);
  const at = { recorded: position(events.length), knownAt: endOfDay(day, 'UTC'), validAt: endOfDay(day, 'UTC') };
  const fact = replayPoint(events, at).facts.get('status');
  const before = fact && factBefore(events, fact, at);
  return before && [before.value, before.event];
}

describe('what a fact replaced', () => {
  it('is what held just before it began to count', () => {
    expect(replacedAt('2024-03-10', proposed, announced, ended)).toEqual(['announced', 'announced']);
    expect(replacedAt('2024-02-10', proposed, announced, ended)).toEqual(['proposed', 'proposed']);
  });

  it('is nothing where nothing held before', () => expect(replacedAt('2024-01-10', proposed)).toBeUndefined());

  it('is not what was told of later times before it was', () =>
    expect(replacedAt('2024-03-10', ended, proposed)).toEqual(['proposed', 'proposed']));

  it('is nothing for what has no beginning', () =>
    expect(replacedAt('2024-03-10', proposed, { ...ended, effective: { from: '../2024-03-05', to: '2025' } })).toEqual([
      'proposed',
      'proposed',
    ]));
});

describe('a policy as seen from a coordinate', () => {
  const retracted: Told = { key: 'r', type: 'record.retracted', target: 'announced', ...on('2024-06-01') };
  const policy = given(proposed, announced, retracted);

  it('knows every event that is recorded, with how it stands once it is known', () => {
    const point = policy.asOf({ knownAt: '2024-01-15' });
    expect(point.event('announced')).toMatchObject({ key: 'announced', position: 2 });
    expect(point.event('announced')?.version).toBeUndefined();
    expect(point.event('proposed')?.version).toMatchObject({ retracted: false });
    expect(policy.asOf({ knownAt: '2024-07-01', recorded: 'proposed' }).event('announced')).toBeUndefined();
  });

  it('knows a retracted event as retracted, and not as in force', () => {
    const point = policy.asOf({ knownAt: '2024-06-01' });
    expect(point.event('announced')?.version).toMatchObject({ retracted: true, retractedBy: ['r'] });
    point.shows({ events: ['proposed'], state: { status: 'proposed' } });
  });

  it('has the records about others that were recorded by then', () => {
    const { events } = policy;
    const at = { knownAt: endOfDay('2024-07-01', 'UTC'), validAt: endOfDay('2024-07-01', 'UTC') };
    const notes = [2, 3].map((recorded) => replayPoint(events, { ...at, recorded: position(recorded) }).notes);
    expect(notes).toEqual([[], [{ key: 'r', position: 3, type: 'record.retracted', target: 'announced' }]]);
  });
});
