import { describe, it } from '@jest/globals';
import { asserts } from '../../../../test/support/events/asserts.js';
import { type Told, given } from '../../../../test/support/events/given.js';

const people = { measure: 'crossings', value: 5, comparator: 'exact', unit: 'lorries' };
const pounds = { measure: 'cost', value: 700, comparator: 'at-least', unit: 'GBP' };
const { measure: _crossings, ...fewPeople } = people;
const { measure: _cost, ...manyPounds } = pounds;

describe('a figure', () => {
  it.each(['figure.reported', 'figure.revised', 'figure.withdrawn', 'target.set', 'target.met', 'claim.made'])(
    'of a %s is kept apart under its measure and event',
    (type) => asserts(type, { figures: [people] }, { figures: { 'crossings.event': fewPeople } }),
  );

  it('keeps its period, comparison and purpose as they were given', () => {
    const more = { period: '2024-01/2024-12', comparedTo: 'preceding P1Y', purpose: 'traffic' };
    asserts(
      'figure.reported',
      { figures: [{ ...people, ...more }] },
      { figures: { 'crossings.event': { ...fewPeople, ...more } } },
    );
  });

  it('of one measure among several in one event has a place of its own', () =>
    asserts(
      'forecast.made',
      { figures: [{ ...people, value: 1 }, pounds, { ...people, value: 2 }, { ...people, value: 3 }] },
      {
        figures: {
          'crossings.event': { ...fewPeople, value: 1 },
          'cost.event': manyPounds,
          'crossings.event.2': { ...fewPeople, value: 2 },
          'crossings.event.3': { ...fewPeople, value: 3 },
        },
      },
    ));

  it('may be one of which only a word is known', () =>
    asserts(
      'figure.reported',
      { figures: [{ ...people, value: null, comparator: 'vague' }] },
      { figures: { 'crossings.event': { ...fewPeople, value: null, comparator: 'vague' } } },
    ));

  it('does not replace one that another event reported', () => {
    const told = (key: string, value: number): Told => ({
      key,
      type: 'figure.reported',
      occurred: '2024-03-05',
      figures: [{ ...people, value }],
    });
    given(told('one', 1), told('other', 2))
      .asOf({ knownAt: '2024-03-05' })
      .shows({
        state: {
          figures: { 'crossings.one': { ...fewPeople, value: 1 }, 'crossings.other': { ...fewPeople, value: 2 } },
        },
      });
  });
});

describe('funding', () => {
  it.each(['committed', 'paid', 'withdrawn'])('%s: asserts its first figure of money', (standing) =>
    asserts(
      `funding.${standing}`,
      { figures: [people, pounds, { ...pounds, measure: 'more', value: 9 }] },
      {
        figures: { 'crossings.event': fewPeople, 'cost.event': manyPounds, 'more.event': { ...manyPounds, value: 9 } },
        funding: { event: { standing, unit: 'GBP', value: 700 } },
      },
    ),
  );

  it('of nothing in money asserts none', () =>
    asserts('funding.paid', { figures: [people] }, { figures: { 'crossings.event': fewPeople } }));

  it('is kept apart by event, so that what was committed stays beside what was paid', () => {
    const told = (key: string, type: string, occurred: string): Told => ({ key, type, occurred, figures: [pounds] });
    const policy = given(
      told('one', 'funding.committed', '2024-01-01'),
      told('other', 'funding.paid', '2024-02-01'),
    ).asOf({ knownAt: '2024-02-01' });
    policy.shows({
      state: {
        figures: { 'cost.one': manyPounds, 'cost.other': manyPounds },
        funding: {
          one: { standing: 'committed', unit: 'GBP', value: 700 },
          other: { standing: 'paid', unit: 'GBP', value: 700 },
        },
      },
    });
  });
});

describe('plans, targets and forecasts', () => {
  const planned: Told = { key: 'planned', type: 'target.set', occurred: '2024-01-01', plannedFor: '2024-09' };
  const forecast: Told = { ...planned, key: 'forecast', type: 'forecast.made' };
  const ends = (rel: string, to: string): Told => ({
    key: 'ends',
    type: rel === 'falsifies' ? 'target.missed' : 'target.met',
    occurred: '2024-09-30',
    links: [{ rel, to }],
  });

  it('are kept apart: a forecast says what its author expects, not what anyone intends', () =>
    given(planned, forecast)
      .asOf({ knownAt: '2024-01-01' })
      .shows({ state: { plans: { planned: '2024-09' }, forecasts: { forecast: '2024-09' } } }));

  it.each(['fulfils', 'falsifies', 'supersedes'])('are over once something %s them', (rel) => {
    given(planned, forecast, ends(rel, 'planned'))
      .asOf({ knownAt: '2024-09-30' })
      .shows({ state: { forecasts: { forecast: '2024-09' } } });
    given(planned, forecast, ends(rel, 'forecast'))
      .asOf({ knownAt: '2024-09-30' })
      .shows({ state: { plans: { planned: '2024-09' } } });
  });

  it.each(['about', 'corroborates', 'contradicts', 'disputes', 'denies', 'follows', 'part-of', 'responds-to'])(
    'are not over when something %s them',
    (rel) =>
      given(planned, ends(rel, 'planned'))
        .asOf({ knownAt: '2024-09-30' })
        .shows({ state: { plans: { planned: '2024-09' } } }),
  );

  it('are still there for whoever asks about a day before they were over', () =>
    given(planned, ends('fulfils', 'planned'))
      .asOf({ knownAt: '2024-09-30', validAt: '2024-09-29' })
      .shows({ state: { plans: { planned: '2024-09' } } }));
});
