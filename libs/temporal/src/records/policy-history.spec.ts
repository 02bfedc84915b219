import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';
import type { RecordedEvent } from '#domain';
import { PolicyHistory } from './policy-history.js';

const told = (key: string, type: string, more: object = {}): Told => ({ key, type, occurred: '2024-03-01', ...more });
const links = (...pairs: readonly (readonly [rel: string, to: string])[]) => ({
  links: pairs.map(([rel, to]) => ({ rel, to })),
});

const { events } = given(
  told('announced', 'policy.announced'),
  told('paused', 'policy.paused', links(['follows', 'announced'], ['about', 'announced'])),
  told('c1', 'record.corrected', { target: 'paused', changes: { summary: 'Else.' } }),
  told('c2', 'record.corrected', { target: 'c1', changes: { changes: links(['refines-date-of', 'announced']) } }),
  told('r', 'record.retracted', { target: 'c2' }),
  told('ended', 'policy.ended', links(['follows', 'paused'], ['follows', 'announced'])),
);
const history = new PolicyHistory(events);
const eventOf = (key: string): RecordedEvent => {
  const event = history.event(key);
  if (!event) throw new Error(`${key} is not there.`);
  return event;
};
const keysOf = (found: readonly RecordedEvent[]): readonly string[] => found.map(({ key }) => key);

describe('the history of a policy', () => {
  it('has its events in order of position, and finds each by its key', () => {
    expect(history.events).toEqual(events);
    expect(history.event('c1')).toBe(events[2]);
    expect(history.event('unknown')).toBeUndefined();
  });

  it('finds what is directly about an event, in order of position', () => {
    expect(keysOf(history.about('paused'))).toEqual(['c1']);
    expect(keysOf(history.about('c1'))).toEqual(['c2']);
    expect(history.about('ended')).toEqual([]);
  });

  it('finds what a record is about, and what that is about', () => {
    expect(history.targetOf(eventOf('c1'))?.key).toBe('paused');
    expect(history.targetOf(eventOf('paused'))).toBeUndefined();
    expect(keysOf(history.chainFrom(eventOf('r')))).toEqual(['r', 'c2', 'c1', 'paused']);
    expect(keysOf(history.chainFrom(eventOf('ended')))).toEqual(['ended']);
  });

  it('lists an event with all that is about it, each after what is about that', () =>
    expect(keysOf(history.newestFirst(eventOf('paused'), () => true))).toEqual(['r', 'c2', 'c1', 'paused']));

  it('leaves out what is not wanted, with all that is about it', () => {
    expect(keysOf(history.newestFirst(eventOf('paused'), ({ key }) => key !== 'c2'))).toEqual(['c1', 'paused']);
    expect(history.newestFirst(eventOf('paused'), () => false)).toEqual([]);
  });
});

describe('the links that date in a history', () => {
  const { datingLinks } = history;

  it('lead from follower to followed, and back in order of position', () => {
    expect(datingLinks.followedBy('ended')).toEqual(['paused', 'announced']);
    expect(datingLinks.followersOf('announced')).toEqual(['paused', 'ended']);
    expect(datingLinks.followersOf('ended')).toEqual([]);
  });

  it('are also those that a correction brings to what it corrects in the end, retracted or not', () => {
    expect(datingLinks.refinedBy('paused')).toEqual(['announced']);
    expect(datingLinks.refinersOf('announced')).toEqual(['paused']);
    expect(datingLinks.refinedBy('c2')).toEqual([]);
  });

  it('are known at both of their ends, and of no other event', () =>
    expect(['announced', 'paused', 'ended', 'c1', 'r'].map(datingLinks.has)).toEqual([true, true, true, false, false]));
});

describe('a record that was recorded before its target', () => {
  const [target, record] = given(
    told('announced', 'policy.announced'),
    told('r', 'record.retracted', { target: 'announced' }),
  ).events;

  it('is about nothing, so that the way along targets always ends', () => {
    if (!target || !record) throw new Error('Two events are two.');
    const turned = new PolicyHistory([
      { ...record, position: target.position },
      { ...target, position: record.position },
    ]);
    expect(turned.about('announced')).toEqual([]);
    expect(turned.events.map((event) => turned.targetOf(event))).toEqual([undefined, undefined]);
  });
});
