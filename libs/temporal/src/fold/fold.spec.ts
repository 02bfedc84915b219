import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';
import { FOREVER, type RecordedEvent, instant, position } from '#domain';
import { PolicyHistory } from '../records/policy-history.js';
import { bodyInForce, viewAt } from '../records/view.js';
import { stateAt, stateSteps } from './fold.js';

const FOREVER_BUT_ONE = instant(Date.UTC(2100, 0));

const paused = (rest: Partial<Told> = {}): Told => ({
  key: 'paused',
  type: 'policy.paused',
  ...day('2024-03-01'),
  ...rest,
});
const ended = (rest: Partial<Told> = {}): Told => ({
  key: 'ended',
  type: 'policy.ended',
  ...day('2024-03-01'),
  ...rest,
});
const day = (text: string) => ({ occurred: text, publishedAt: text });
const follows = (to: string) => ({ links: [{ rel: 'follows', to }] });

describe('the fold in steps', () => {
  it('pauses at each event when it reads it and when it says how it stands, and comes to the same', () => {
    const { events } = given(paused(), ended({ ...day('2024-04-01'), ...follows('paused') }));
    const at = { recorded: position(events.length), knownAt: FOREVER, validAt: FOREVER_BUT_ONE };
    const steps = stateSteps(events, at);
    let pauses = 0;
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) {
        expect(step.value).toEqual(stateAt(events, at));
        break;
      }
      pauses += 1;
    }
    expect(pauses).toBeGreaterThanOrEqual(2 * events.length);
  });
});

describe('what an event follows', () => {
  it('had happened by the follower, although it is dated by its publication alone', () => {
    const policy = given(
      paused({ occurred: '[..2021-01-04]', publishedAt: '2021-01-04' }),
      ended({ ...day('2020-12-16'), ...follows('paused') }),
    );
    const seen = policy.asOf({ knownAt: '2021-02-01' });
    expect(seen.state).toEqual({ status: 'ended' });
    expect(seen.events).toEqual(['paused', 'ended']);
    expect(policy.asOf({ knownAt: '2021-02-01', validAt: '2020-12-15' }).uncertain).toEqual([
      { field: 'status', value: 'paused', event: 'paused' },
    ]);
  });

  it('does not win on the same day, although it was told a week later', () => {
    const policy = given(
      paused({ occurred: '2020-12-16', publishedAt: '2020-12-23' }),
      ended({ ...day('2020-12-16'), ...follows('paused') }),
    );
    expect(policy.asOf({ knownAt: '2021-01-10' }).state).toEqual({ status: 'ended' });
    expect(policy.asOf({ knownAt: '2021-01-10' }).events).toEqual(['paused', 'ended']);
  });

  it('does not win with a time of day against a follower without one', () => {
    const policy = given(
      paused({ occurred: '2020-12-16', publishedAt: '2020-12-16T14:00:00Z', ordinal: 9 }),
      ended({ ...day('2020-12-16'), ...follows('paused') }),
    );
    expect(policy.asOf({ knownAt: '2020-12-17' }).state).toEqual({ status: 'ended' });
  });

  it('does not win along a chain, whatever is between and however coarse', () => {
    const policy = given(
      paused({ occurred: '2020', publishedAt: '2022-01-01' }),
      { key: 'resumed', type: 'policy.resumed', occurred: '2020', publishedAt: '2022-02-01', ...follows('paused') },
      ended({ occurred: '2020-05', publishedAt: '2020-05-20', ...follows('resumed') }),
    );
    expect(policy.asOf({ knownAt: '2022-03-01' }).state).toEqual({ status: 'ended' });
    expect(policy.asOf({ knownAt: '2022-03-01' }).events).toEqual(['paused', 'resumed', 'ended']);
  });

  it('keeps its own start where the follower lies wholly before it', () => {
    const policy = given(paused({ ...day('2021-05-01') }), ended({ ...day('2020-12-16'), ...follows('paused') }));
    expect(policy.asOf({ knownAt: '2021-06-01' }).state).toEqual({ status: 'paused' });
    expect(policy.asOf({ knownAt: '2021-06-01' }).version('ended')).toMatchObject({ followsWrongWay: true });
  });
});

describe('an end', () => {
  const closed = (rest: Partial<Told> = {}): Told => ({
    key: 'closed',
    type: 'policy.commenced',
    occurred: '2020',
    effective: { to: '2020-06-30' },
    publishedAt: '2021-02-01',
    ...rest,
  });
  const known = { knownAt: '2021-03-01' };

  it('settles the start at its last millisecond, and nothing outlasts it', () => {
    const policy = given(closed());
    const at = (validAt: string) => policy.asOf({ ...known, validAt });
    expect(at('2020-03-01').uncertain).toHaveLength(1);
    expect(at('2020-03-01').state).toEqual({});
    expect(at('2020-06-30').state).toEqual({ status: 'in-operation' });
    expect(at('2020-06-30').uncertain).toEqual([]);
    at('2020-10-01').shows({ state: {}, uncertain: [] });
  });

  it('leaves a start that is settled earlier where it is', () => {
    const policy = given(closed({ occurred: '2020-02-01', publishedAt: '2020-02-01' }));
    expect(policy.asOf({ ...known, validAt: '2020-02-02' }).state).toEqual({ status: 'in-operation' });
    expect(policy.asOf({ ...known, validAt: '2020-07-01' }).state).toEqual({});
  });

  it('asserts nothing once the start is dated after it', () => {
    const policy = given(closed(), {
      key: 'dated',
      type: 'disclosure.reported',
      occurred: '2020-09-01',
      publishedAt: '2021-02-10',
      links: [{ rel: 'refines-date-of', to: 'closed' }],
    });
    for (const validAt of ['2020-03-01', '2020-06-30', '2020-09-01', '2020-12-31'])
      policy.asOf({ ...known, validAt }).shows({ state: {}, uncertain: [] });
  });
});

describe('a vague date', () => {
  const scrapped = (rest: Partial<Told> = {}): Told => ({ key: 'scrapped', type: 'policy.reversed', ...rest });

  it('does not overrule a sharper one within it', () => {
    const policy = given(scrapped({ occurred: '2023', publishedAt: '2025-01-10' }), paused({ ...day('2023-09-12') }));
    expect(policy.asOf({ knownAt: '2025-02-01' }).state).toEqual({ status: 'paused' });
    expect(policy.asOf({ knownAt: '2025-02-01' }).events).toEqual(['scrapped', 'paused']);
  });

  it('overrules what lies before it', () => {
    const policy = given(scrapped({ occurred: '2023', publishedAt: '2025-01-10' }), paused({ ...day('2022-09-12') }));
    expect(policy.asOf({ knownAt: '2025-02-01' }).state).toEqual({ status: 'scrapped' });
  });

  it('counts from the publication within its bounds, as told by then', () => {
    const policy = given(scrapped({ occurred: '2023', publishedAt: '2023-11-01' }), paused({ ...day('2023-09-12') }));
    expect(policy.asOf({ knownAt: '2023-11-02' }).state).toEqual({ status: 'scrapped' });
  });

  it('comes after what it follows, although its first day lies before', () => {
    const policy = given(
      paused({ ...day('2023-09-12') }),
      scrapped({ occurred: '2023', publishedAt: '2025-01-10', ...follows('paused') }),
    );
    expect(policy.asOf({ knownAt: '2025-02-01' }).state).toEqual({ status: 'scrapped' });
  });
});

describe('the end of a plan', () => {
  const planned: Told = { key: 'planned', type: 'policy.announced', ...day('2024-01-01'), plannedFor: '2024-09-01' };
  const done: Told = {
    key: 'done',
    type: 'implementation.advanced',
    occurred: '2024-05',
    publishedAt: '2024-08-01',
    links: [{ rel: 'fulfils', to: 'planned' }],
  };

  it('is uncertain while the event that ends it is, and takes the plan away once that is settled', () => {
    const policy = given(planned, done);
    const at = (validAt: string) => policy.asOf({ knownAt: '2024-08-02', validAt });
    expect(at('2024-05-10').state).toEqual({ status: 'announced', plans: { planned: '2024-09-01' } });
    expect(at('2024-05-10').uncertain).toEqual([{ field: 'plans.planned', value: null, event: 'done' }]);
    at('2024-06-01').shows({ state: { status: 'announced' }, uncertain: [] });
  });

  it('is nothing to be uncertain of where there was no plan', () => {
    const { plannedFor: _none, ...announced } = planned;
    const policy = given(announced, done);
    expect(policy.asOf({ knownAt: '2024-08-02', validAt: '2024-05-10' }).uncertain).toEqual([]);
  });
});

describe('a correction of publishedAt', () => {
  const announced: Told = { key: 'announced', type: 'policy.announced', ...day('2024-06-01') };
  const earlier: Told = {
    key: 'earlier',
    type: 'record.corrected',
    target: 'announced',
    changes: { publishedAt: '2024-02-01' },
    ...day('2025-01-01'),
  };
  const first = instant(Date.UTC(2024, 1, 1));

  it('acts as soon as it is recorded, whatever is known of it', () => {
    const policy = given(announced, earlier);
    expect(policy.asOf({ knownAt: '2024-03-01' }).knownFrom('announced')).toBe(first);
    expect(policy.asOf({ knownAt: '2024-03-01' }).events).toEqual(['announced']);
    expect(policy.asOf({ knownAt: '2024-03-01', recorded: 'announced' }).events).toEqual([]);
  });

  it('makes an event known later, too', () => {
    const policy = given(announced, { ...earlier, changes: { publishedAt: '2024-08-01' } });
    expect(policy.asOf({ knownAt: '2024-07-01' }).events).toEqual([]);
    expect(policy.asOf({ knownAt: '2024-07-01', recorded: 'announced' }).events).toEqual(['announced']);
  });

  it('is the last of several by their own publication, not by the order of recording', () => {
    const other: Told = { ...earlier, key: 'other', changes: { publishedAt: '2024-04-01' }, publishedAt: '2024-12-01' };
    expect(given(announced, earlier, other).asOf({ knownAt: '2025-02-01' }).knownFrom('announced')).toBe(first);
    expect(given(announced, other, earlier).asOf({ knownAt: '2025-02-01' }).knownFrom('announced')).toBe(first);
  });

  it('is undone by retracting it, by recorded position alone', () => {
    const back: Told = { key: 'back', type: 'record.retracted', target: 'earlier', ...day('2025-06-01') };
    const policy = given(announced, earlier, back);
    expect(policy.asOf({ knownAt: '2024-03-01' }).events).toEqual([]);
    expect(policy.asOf({ knownAt: '2024-03-01', recorded: 'earlier' }).events).toEqual(['announced']);
  });

  it('is what a correction of the correction makes it', () => {
    const again: Told = {
      key: 'again',
      type: 'record.corrected',
      target: 'earlier',
      changes: { changes: { publishedAt: '2024-05-01' } },
      ...day('2025-06-01'),
    };
    const policy = given(announced, earlier, again);
    expect(policy.asOf({ knownAt: '2024-04-01' }).events).toEqual([]);
    expect(policy.asOf({ knownAt: '2024-05-01' }).events).toEqual(['announced']);
    expect(policy.asOf({ knownAt: '2024-05-01' }).version('announced')?.correctedBy).toEqual(['earlier']);
  });
});

describe('a chain of records', () => {
  const LENGTH = 20_000;

  /** The first event, then the second again and again, each about the one before it. */
  function chainOf(start: Told, link: Told): readonly RecordedEvent[] {
    const [first, second] = given(start, link).events;
    if (!first || !second) throw new Error('Two events are two.');
    return Array.from({ length: LENGTH }, (_, index): RecordedEvent => {
      if (index === 0) return first;
      const [key, target] = [`${second.key}-${index}`, index === 1 ? first.key : `${second.key}-${index - 1}`];
      return { ...second, id: key, key, position: position(index + 1), body: { ...second.body, key, target } };
    });
  }

  const statusAfter = (events: readonly RecordedEvent[], count: number) =>
    stateAt(events.slice(0, count), {
      recorded: position(count),
      knownAt: FOREVER,
      validAt: FOREVER_BUT_ONE,
    }).facts.get('status')?.value;

  it('of retractions is as long as it likes: an odd number takes the event away', () => {
    const events = chainOf(paused(), { key: 'r', type: 'record.retracted', target: 'paused', ...day('2024-04-01') });
    const view = viewAt(new PolicyHistory(events), { recorded: position(LENGTH), knownAt: FOREVER });
    expect([2, 3, 4].map((count) => statusAfter(events, count))).toEqual([undefined, 'paused', undefined]);
    expect(events.slice(0, 2).map(view.isVisible)).toEqual([false, true]);
  });

  it('of corrections, too: every second one is corrected away', () => {
    const changes = { status: 'ended', changes: { status: 'scrapped' } };
    const events = chainOf(paused(), {
      key: 'c',
      type: 'record.corrected',
      target: 'paused',
      changes,
      ...day('2024-04-01'),
    });
    const statuses = [1, 2, 3, 4, 5].map((count) => statusAfter(events, count));
    expect(statuses).toEqual(['paused', 'ended', 'scrapped', 'ended', 'scrapped']);
    expect(bodyInForce(events, 'paused')?.status).toBe('ended');
  });
});
