import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';

const paused = (occurred: string, publishedAt: string, more: Partial<Told> = {}): Told => ({
  key: 'paused',
  type: 'policy.paused',
  occurred,
  publishedAt,
  ...more,
});

describe('an event', () => {
  it('is known from the first millisecond of its day of publication', () => {
    const policy = given(paused('2024-02-01', '2024-03-01'));
    policy.asOf({ knownAt: '2024-03-01T00:00:00.000Z' }).shows({ events: ['paused'] });
    policy.asOf({ knownAt: '2024-02-29T23:59:59.999Z' }).shows({ events: [] });
  });

  it('published at an instant is not known a millisecond before it', () => {
    const policy = given(paused('2024-02-01', '2024-03-01T14:00:00+01:00'));
    policy.asOf({ knownAt: '2024-03-01T13:00:00.000Z' }).shows({ events: ['paused'] });
    policy.asOf({ knownAt: '2024-03-01T12:59:59.999Z' }).shows({ events: [] });
  });

  it.each([
    ['within a month', '2024-02', '2024-02-29'],
    ['within a year, however approximate', '2024~', '2024-12-31'],
    ['within an interval', '2024-01/2024-06', '2024-06-30'],
    ['at one unknown moment of a set', '[2024-04-16..2024-07-06]', '2024-07-06'],
  ])('that happened %s is uncertain until the last day of it', (_when, occurred, lastDay) => {
    const policy = given(paused(occurred, '2025-06-01'));
    const uncertain = [{ field: 'status', value: 'paused', event: 'paused' }];
    const at = (validAt: string) => policy.asOf({ knownAt: '2025-06-02', validAt });
    at(`${lastDay}T00:00:00.000Z`).shows({ state: {}, uncertain });
    at(lastDay).shows({ state: { status: 'paused' }, uncertain: [] });
  });

  it('had happened by its publication where that lies within the time in which it happened', () =>
    given(paused('2024', '2024-03-01'))
      .asOf({ knownAt: '2024-03-01' })
      .shows({ state: { status: 'paused' }, uncertain: [] }));

  it('is not settled by a publication before the time in which it happens', () =>
    given(paused('2024', '2023-11-01'))
      .asOf({ knownAt: '2024-06-01' })
      .shows({ state: {}, uncertain: [{ field: 'status', value: 'paused', event: 'paused' }] }));

  it('stands from the first day of its effect, whatever the day on which it occurred', () => {
    const policy = given(paused('2024-02-01', '2024-02-01', { effective: { from: '2024-04-01' } }));
    policy.asOf({ knownAt: '2024-03-31' }).shows({ state: {}, uncertain: [] });
    policy.asOf({ knownAt: '2024-04-01' }).shows({ state: { status: 'paused' } });
  });

  it('is uncertain over the whole month where its effect names only that', () => {
    const policy = given(paused('2024-02-01', '2024-02-01', { effective: { from: '2024-04' } }));
    expect(policy.asOf({ knownAt: '2024-04-10' }).uncertain).toHaveLength(1);
    policy.asOf({ knownAt: '2024-04-30' }).shows({ state: { status: 'paused' }, uncertain: [] });
  });

  it('whose effect has ended lets what lies under it show through', () => {
    const policy = given(
      { key: 'begun', type: 'policy.commenced', occurred: '2023-01-01', publishedAt: '2023-01-01' },
      paused('2024-02-01', '2024-02-01', { effective: { to: '2024-02-29' } }),
    );
    policy.asOf({ knownAt: '2024-02-29' }).shows({ state: { status: 'paused' } });
    policy.asOf({ knownAt: '2024-03-01' }).shows({ state: { status: 'in-operation' } });
  });

  it('recorded late hides nothing that happened after it', () =>
    given(
      { key: 'ended', type: 'policy.ended', occurred: '2024-03-01', publishedAt: '2024-03-01' },
      paused('2024-02-01', '2024-05-01'),
    )
      .asOf({ knownAt: '2024-06-01' })
      .shows({ state: { status: 'ended' }, events: ['paused', 'ended'] }));
});

describe('a date that another event refines', () => {
  const refining = (occurred: string): Told => ({
    key: 'refining',
    type: 'disclosure.reported',
    occurred,
    publishedAt: '2025-03-01',
    links: [{ rel: 'refines-date-of', to: 'paused' }],
  });
  const vague = paused('2024-03', '2025-01-01');

  it.each([
    ['what both dates have in common', '2024-03-10/2024-04-10', '2024-03-09', '2024-03-10'],
    ['the refining date where they do not meet', '2024-05', '2024-04-30', '2024-05-01'],
  ])('becomes %s', (_what, occurred, before, first) => {
    const policy = given(vague, refining(occurred));
    const at = (validAt: string) => policy.asOf({ knownAt: '2025-03-01', validAt });
    at(before).shows({ state: {}, uncertain: [] });
    expect(at(first).uncertain).toHaveLength(1);
  });

  it('is as vague as before to whoever asks what was known before the refinement', () =>
    expect(
      given(vague, refining('2024-03-10')).asOf({ knownAt: '2025-02-28', validAt: '2024-03-10' }).uncertain,
    ).toHaveLength(1));
});
