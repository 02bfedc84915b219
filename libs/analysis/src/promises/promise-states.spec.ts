import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';
import { type Instant, type RecordedEvent, endOfDay, position } from '#domain';
import { stateAt } from '#temporal';
import { promiseRecordOf } from './promise-record.js';
import { type SettledPromise, settlePromises } from './promise-states.js';

const day = (text: string): Instant => endOfDay(text, 'Europe/London');
const on = (text: string) => ({ occurred: text, publishedAt: text });
const links = (...pairs: readonly (readonly [rel: string, to: string])[]) => ({
  links: pairs.map(([rel, to]) => ({ rel, to })),
});

const promised = (rest: Partial<Told> = {}): Told => ({
  key: 'bridge',
  type: 'policy.announced',
  ...on('2024-01-10'),
  plannedFor: '2024-06-30',
  actors: [{ name: 'Port Board', kind: 'organisation' }],
  ...rest,
});
const opened = (rest: Partial<Told> = {}): Told => ({
  key: 'opened',
  type: 'policy.commenced',
  ...on('2024-06-20'),
  ...links(['fulfils', 'bridge']),
  ...rest,
});

const ALL_KNOWN = '2030-01-01';

function promisesOf(events: readonly RecordedEvent[], valid: string, known = ALL_KNOWN): readonly SettledPromise[] {
  const at = { recorded: position(events.length), knownAt: day(known), validAt: day(valid) };
  const { versions, facts } = stateAt(events, at);
  const record = promiseRecordOf({ slug: 'harbour-toll', versions, status: facts.get('status') });
  return settlePromises(record, at.validAt);
}

/** The state of each promise, in order, with what it is because of. */
const stateOf = (told: readonly Told[], valid: string, known?: string): readonly string[] =>
  promisesOf(given(...told).events, valid, known).map(({ promise, state, because }) =>
    [promise, state, ...because].join(' '),
  );
const slipOf = (told: readonly Told[], valid: string, promise = 'bridge') =>
  promisesOf(given(...told).events, valid).find((each) => each.promise === promise)?.slipDays;

describe('a promise', () => {
  it('goes from pending to due to overdue by the calendar alone', () => {
    const told = [promised()];
    expect(stateOf(told, '2024-01-09')).toEqual([]);
    expect(stateOf(told, '2024-06-29')).toEqual(['bridge pending']);
    expect(stateOf(told, '2024-06-30')).toEqual(['bridge due']);
    expect(stateOf(told, '2024-07-01')).toEqual(['bridge overdue']);
    expect(slipOf(told, '2024-06-30')).toBeNull();
    expect(slipOf(told, '2024-07-02')).toEqual({ min: 2, max: 2 });
  });

  it('is made by the actors of its event; not by those who report it, or of whom somebody else expects it', () => {
    const gazette = [{ name: 'Harbour Gazette', kind: 'organisation' as const }];
    const madeBy = (rest: Partial<Told>) =>
      promisesOf(given(promised(rest)).events, '2024-02-01').flatMap(({ by }) => by);
    const attributed = { attributedTo: gazette };
    expect(madeBy(attributed)).toEqual(['Port Board']);
    expect(madeBy({ type: 'forecast.made' })).toEqual(['Port Board']);
    expect(madeBy({ type: 'forecast.made', ...attributed })).toEqual(['Harbour Gazette']);
    expect(madeBy({ type: 'disclosure.reported', status: null })).toEqual([]);
    expect(madeBy({ type: 'disclosure.reported', status: null, ...attributed })).toEqual(['Harbour Gazette']);
  });

  it('with a deadline only is pending until it has passed', () => {
    const told = [promised({ plannedFor: '[..2024-06-30]' })];
    expect(stateOf(told, '2024-06-30')).toEqual(['bridge pending']);
    expect(stateOf(told, '2024-07-01')).toEqual(['bridge overdue']);
    expect(slipOf(told, '2024-07-03')).toEqual({ min: 3, max: null });
  });

  it('is due throughout the period that it names', () => {
    const told = [promised({ plannedFor: '2024' })];
    expect(stateOf(told, '2024-01-11')).toEqual(['bridge due']);
    expect(stateOf(told, '2025-01-01')).toEqual(['bridge overdue']);
  });

  it('is made by targets and planned pilots, with a date or without, and by nothing else without one', () => {
    const told = [
      { key: 'target', type: 'target.set', ...on('2024-01-01') },
      { key: 'pilot', type: 'pilot.planned', ...on('2024-01-02') },
      { key: 'forecast', type: 'forecast.made', ...on('2024-01-03') },
      { key: 'dated', type: 'forecast.made', ...on('2024-01-04'), plannedFor: '2024-05' },
    ];
    expect(stateOf(told, '2024-07-01')).toEqual(['target pending', 'pilot pending', 'dated overdue']);
    expect(promisesOf(given(...told).events, '2024-07-01').map(({ kind }) => kind)).toEqual([
      'target',
      'plan',
      'forecast',
    ]);
  });

  it('is met in time, late after it, and in doubt where dates leave that open', () => {
    expect(stateOf([promised(), opened()], '2024-07-01')).toEqual(['bridge met opened']);
    expect(slipOf([promised(), opened()], '2024-07-01')).toEqual({ min: -10, max: -10 });
    const late = [promised(), opened(on('2024-07-10'))];
    expect(stateOf(late, '2024-07-09')).toEqual(['bridge overdue']);
    expect(stateOf(late, '2024-07-10')).toEqual(['bridge late opened']);
    expect(slipOf(late, '2024-07-10')).toEqual({ min: 10, max: 10 });
    const open = [promised(), opened({ occurred: '[..2024-07-10]', publishedAt: '2024-08-01' })];
    expect(stateOf(open, '2024-08-01')).toEqual(['bridge met-or-late opened']);
    expect(slipOf(open, '2024-08-01')).toEqual({ min: null, max: 10 });
    const coarse = [promised(), opened({ occurred: '2024', publishedAt: '2025-02-01' })];
    expect(stateOf(coarse, '2025-02-01')).toEqual(['bridge met-or-late opened']);
  });

  it('counts days of the calendar over a change of clocks', () => {
    const told = [promised({ plannedFor: '2024-03-30' }), opened(on('2024-04-02'))];
    expect(slipOf(told, '2024-05-01')).toEqual({ min: 3, max: 3 });
    expect(slipOf([promised({ plannedFor: '2024-10-26' }), opened(on('2024-10-28'))], '2024-11-01')).toEqual({
      min: 2,
      max: 2,
    });
    expect(slipOf([promised({ plannedFor: '2024-10-26' })], '2024-10-28')).toEqual({ min: 2, max: 2 });
  });

  it('says nothing of what was not known yet, or had not happened yet', () => {
    const told = [promised(), opened({ occurred: '2024-06-20', publishedAt: '2024-09-01' })];
    expect(stateOf(told, '2024-08-01', '2024-08-31')).toEqual(['bridge overdue']);
    expect(stateOf(told, '2024-08-01', '2024-09-01')).toEqual(['bridge met opened']);
    expect(stateOf(told, '2024-06-19', '2024-09-01')).toEqual(['bridge pending']);
  });

  it('is missed where that was said, and late if it is fulfilled after all', () => {
    const missed = { key: 'missed', type: 'target.missed', ...on('2024-07-02'), ...links(['about', 'bridge']) };
    const told = [promised({ type: 'target.set' }), missed];
    expect(stateOf(told, '2024-07-02')).toEqual(['bridge missed missed']);
    const after = opened({ ...on('2024-08-01'), type: 'target.met', ...links(['about', 'bridge']) });
    expect(stateOf([...told, after], '2024-08-01')).toEqual(['bridge late opened']);
    const disproved = { key: 'no', type: 'claim.disputed', ...on('2024-06-01'), ...links(['falsifies', 'bridge']) };
    expect(stateOf([promised(), disproved], '2024-07-05')).toEqual(['bridge missed no']);
  });

  it('is dropped with its policy, whoever says so, unless it was missed before or made later', () => {
    const ended = (rest: Partial<Told> = {}): Told => ({
      key: 'ended',
      type: 'policy.reversed',
      ...on('2024-05-01'),
      ...rest,
    });
    expect(stateOf([promised(), ended()], '2024-04-30')).toEqual(['bridge pending']);
    expect(stateOf([promised(), ended()], '2024-07-01')).toEqual(['bridge dropped ended']);
    const denied = { key: 'no', type: 'claim.disputed', ...on('2024-04-01'), ...links(['falsifies', 'bridge']) };
    expect(stateOf([promised(), denied, ended()], '2024-07-01')).toEqual(['bridge missed no']);
    expect(stateOf([ended(on('2024-01-01')), promised()], '2024-07-01')).toEqual(['bridge overdue']);
    const both = ended(links(['falsifies', 'bridge']));
    expect(stateOf([promised(), both], '2024-07-01')).toEqual(['bridge dropped ended']);
    const revived = { key: 'again', type: 'policy.revived', ...on('2024-06-01') };
    expect(stateOf([promised(), ended(), revived], '2024-07-01')).toEqual(['bridge overdue']);
  });

  it('moved to another date slips from the first date, however often', () => {
    const moved = promised({
      key: 'moved',
      ...on('2024-05-01'),
      plannedFor: '2024-09-30',
      ...links(['supersedes', 'bridge']),
    });
    const again = promised({
      key: 'again',
      ...on('2024-09-01'),
      plannedFor: '2025-01-31',
      ...links(['supersedes', 'moved']),
    });
    const told = [promised(), moved, again];
    expect(stateOf(told, '2024-10-01')).toEqual([
      'bridge replaced moved again',
      'moved replaced again',
      'again pending',
    ]);
    expect([slipOf(told, '2024-10-01'), slipOf(told, '2024-10-01', 'again')]).toEqual([
      { min: 215, max: 215 },
      { min: 215, max: 215 },
    ]);
    expect(stateOf(told, '2024-08-31')).toEqual(['bridge replaced moved', 'moved pending']);
    const done = opened({ ...on('2025-01-30'), ...links(['fulfils', 'again']) });
    const [bridge, , last] = promisesOf(given(...told, done).events, '2025-02-01');
    expect(last).toMatchObject({ state: 'met', replaces: 'bridge', slipDays: { min: 214, max: 214 } });
    expect(last?.firstDue?.edtf).toBe('2024-06-30');
    expect(bridge?.revisions.map(({ event, due }) => [event, due?.edtf])).toEqual([
      ['moved', '2024-09-30'],
      ['again', '2025-01-31'],
    ]);
  });

  it('taken back without another date is dropped, but not by a figure that is revised', () => {
    const told = (type: string) => [
      promised(),
      { key: 'later', type, ...on('2024-05-01'), ...links(['supersedes', 'bridge']) },
    ];
    expect(stateOf(told('terms.changed'), '2024-05-02')).toEqual(['bridge dropped later']);
    expect(stateOf(told('figure.withdrawn'), '2024-05-02')).toEqual(['bridge pending']);
  });

  it('is not there once its record is retracted, and is as its record is corrected', () => {
    const retracted = { key: 'r', type: 'record.retracted', target: 'bridge', ...on('2024-02-01') };
    expect(stateOf([promised(), retracted], '2024-03-01')).toEqual([]);
    const changes = { plannedFor: '2024-02-15' };
    const corrected = { key: 'c', type: 'record.corrected', target: 'bridge', ...on('2024-02-01'), changes };
    expect(stateOf([promised(), corrected], '2024-03-01', '2024-03-01')).toEqual(['bridge overdue']);
    expect(stateOf([promised(), corrected], '2024-03-01', '2024-01-31')).toEqual(['bridge pending']);
  });
});
