import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Told, given } from '../../../../test/support/events/given.js';
import { FOREVER, STANCES, type Stance, endOfDay, instant, position } from '#domain';
import { stateAt } from '#temporal';
import type { TakenStance } from './turn-events.js';
import { TurnRecordDraft } from './turn-record.js';
import { type Turn, turnsIn } from './turns.js';

const on = (text: string) => ({ occurred: text, publishedAt: text });
const said = (key: string, stance: Stance | undefined, rest: Partial<Told> = {}): Told => ({
  key,
  type: 'position.stated',
  ...on('2024-01-10'),
  actors: [{ name: 'Ada Quay', kind: 'person', role: 'Minister' }],
  ...(stance === undefined ? {} : { stance }),
  ...rest,
});

function turnsOf(told: readonly Told[], valid = '2030-01-01'): readonly Turn[] {
  const { events } = given(...told);
  const validAt = endOfDay(valid, 'Europe/London');
  const record = new TurnRecordDraft();
  record.add(stateAt(events, { recorded: position(events.length), knownAt: FOREVER, validAt }).versions);
  return turnsIn(record, validAt);
}

const kindsOf = (...stances: readonly Stance[]): readonly string[] =>
  turnsOf(stances.map((stance, index) => said(`s${index}`, stance, on(`2024-0${index + 1}-10`)))).map(
    ({ kind }) => kind,
  );

describe('a turn', () => {
  it('is a reversal between support and opposing or refusing; else it hardens or softens', () => {
    expect(kindsOf('support', 'oppose', 'support', 'refuse')).toEqual(['reversal', 'reversal', 'reversal']);
    expect(kindsOf('support', 'conditional', 'noncommittal', 'oppose', 'refuse')).toEqual([
      'hardening',
      'hardening',
      'hardening',
      'hardening',
    ]);
    expect(kindsOf('refuse', 'oppose', 'conditional', 'support')).toEqual(['softening', 'softening', 'softening']);
    expect(kindsOf('support', 'support')).toEqual([]);
  });

  it('names both events, roles and the days between, and whether the later one names the earlier', () => {
    const told = [
      said('before', 'support'),
      said('after', 'oppose', {
        ...on('2024-03-10'),
        actors: [{ name: 'Ada Quay', kind: 'person', role: 'Backbencher' }],
        links: [{ rel: 'contradicts', to: 'before' }],
      }),
    ];
    expect(turnsOf(told)).toEqual([
      expect.objectContaining({
        actor: 'Ada Quay',
        from: expect.objectContaining({ stance: 'support', event: 'before', role: 'Minister' }),
        to: expect.objectContaining({ stance: 'oppose', event: 'after', role: 'Backbencher' }),
        days: { min: 60, max: 60 },
        order: 'certain',
        acknowledged: true,
        undoes: null,
      }),
    ]);
    expect(turnsOf(told, '2024-03-09')).toEqual([]);
  });

  it('is listed as uncertain where dates overlap, unless one follows the other', () => {
    const later = said('after', 'oppose', { occurred: '2024-01', publishedAt: '2024-02-10' });
    expect(turnsOf([said('before', 'support', { occurred: '2024-01-09', publishedAt: '2024-01-09' }), later])).toEqual([
      expect.objectContaining({ order: 'uncertain', kind: 'reversal' }),
    ]);
    const same = (rest: Partial<Told>) => [
      said('before', 'support', { ordinal: 1 }),
      said('after', 'oppose', { ordinal: 2, ...rest }),
    ];
    expect(turnsOf(same({}))).toEqual([expect.objectContaining({ order: 'uncertain', days: { min: 0, max: 0 } })]);
    expect(turnsOf(same({ links: [{ rel: 'follows', to: 'before' }] }))).toEqual([
      expect.objectContaining({ order: 'certain' }),
    ]);
  });

  it('to silence changes no position', () => {
    const silent = said('silent', undefined, { type: 'answer.withheld', ...on('2024-02-01') });
    const told = [said('before', 'support'), silent, said('again', 'support', on('2024-03-01'))];
    expect(turnsOf(told).map(({ kind, to }) => [kind, to.event, to.stance])).toEqual([['to-silence', 'silent', null]]);
    const after = [said('before', 'support'), silent, said('after', 'oppose', on('2024-03-01'))];
    expect(turnsOf(after).map(({ kind, from }) => [kind, from.event])).toEqual([
      ['to-silence', 'before'],
      ['reversal', 'before'],
    ]);
  });

  it('is not that of a group, of who is anonymous, or of who spoke for another', () => {
    const by = (actor: object) => [
      said('before', 'support', { actors: [{ name: 'Sources', kind: 'person', ...actor }] }),
      said('after', 'oppose', { ...on('2024-03-01'), actors: [{ name: 'Sources', kind: 'person', ...actor }] }),
    ];
    expect(turnsOf(by({}))).toHaveLength(1);
    expect(turnsOf(by({ kind: 'group' }))).toEqual([]);
    expect(turnsOf(by({ anonymous: true }))).toEqual([]);
    const spoke = said('after', 'oppose', {
      ...on('2024-03-01'),
      actors: [{ name: 'Ada Quay', kind: 'person', onBehalfOf: 'Harbour Party' }],
    });
    expect(turnsOf([said('before', 'support'), spoke])).toEqual([]);
    const own = said('party', 'support', {
      ...on('2024-02-01'),
      actors: [{ name: 'Harbour Party', kind: 'organisation' }],
    });
    expect(turnsOf([own, spoke])).toEqual([]);
  });

  it('of a policy is of those who made both, else of nobody', () => {
    const made = (name: string) => ({ actors: [{ name, kind: 'organisation' }] });
    const announced = { key: 'announced', type: 'policy.announced', ...on('2024-01-10'), ...made('Port Board') };
    const undone = (name: string): Told => ({
      key: 'undone',
      type: 'policy.reversed',
      ...on('2024-05-10'),
      undoes: 'announced',
      ...made(name),
    });
    const stating = (told: Told, stance: Stance): Told => ({ ...told, stance });
    const both = turnsOf([stating(announced, 'support'), stating(undone('Port Board'), 'oppose')]);
    expect(both).toHaveLength(1);
    expect(both[0]).toMatchObject({ from: { stance: 'support' }, undoes: 'announced', acknowledged: true });
    const shown = (turn: Turn | undefined) => [
      turn?.actor,
      turn?.kind,
      turn?.undoes,
      turn?.from.event,
      turn?.acknowledged,
    ];
    expect(turnsOf([announced, undone('Port Board')]).map(shown)).toEqual([
      ['Port Board', 'reversal', 'announced', 'announced', true],
    ]);
    expect(turnsOf([announced, undone('New Board')]).map(shown)).toEqual([
      [null, 'reversal', 'announced', 'announced', true],
    ]);
  });
});

/** Stances in a toy time of ten days, many at one instant. */
const taken: fc.Arbitrary<readonly TakenStance[]> = fc
  .array(
    fc.record({
      actor: fc.constantFrom('Ada', 'Ben'),
      onBehalfOf: fc.constantFrom(null, null, 'Party'),
      policy: fc.constantFrom('toll', 'ferry'),
      stance: fc.constantFrom(...STANCES, null),
      day: fc.nat({ max: 9 }),
      days: fc.nat({ max: 2 }),
      names: fc.array(
        fc.nat({ max: 9 }).map((index) => `event-${index}`),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 10 },
  )
  .map((stances) =>
    stances.map(({ day, days, ...stance }, index) => ({
      ...stance,
      event: `event-${index}`,
      role: null,
      dates: {
        edtf: '2024-01-01',
        earliest: instant(day * 10),
        latest: instant((day + days) * 10 + 9),
        settled: instant((day + days) * 10 + 9),
      },
      follows: [],
      knownFrom: instant(0),
      position: position(index + 1),
      order: `${day}${String(index).padStart(2, '0')}`,
    })),
  );

describe('turns of any record', () => {
  it('are the changes from the last stance of the same actor in the same voice on the same policy', () => {
    let found = 0;
    const asked = fc.sample(fc.tuple(taken, fc.integer({ min: 0, max: 120 })), { numRuns: 2_000, seed: 1 });
    for (const [stances, at] of asked) {
      const seen = stances.filter(({ dates }) => dates.settled <= at);
      const isBefore = (one: TakenStance, other: TakenStance): boolean =>
        one.actor === other.actor &&
        one.onBehalfOf === other.onBehalfOf &&
        one.policy === other.policy &&
        one.order < other.order;
      const last = (earlier: readonly TakenStance[]): TakenStance | undefined =>
        earlier.find((one) => earlier.every((other) => one === other || isBefore(other, one)));
      const expected = seen.flatMap((to) => {
        const before = seen.filter((one) => isBefore(one, to));
        const from = last(before.filter(({ stance }) => stance !== null));
        const isSilentAlready = to.stance === null && last(before)?.stance === null;
        return from && from.stance !== to.stance && !isSilentAlready ? [`${from.event} ${to.event}`] : [];
      });
      const turns = turnsIn({ stances, undoings: [], undone: new Map() }, instant(at));
      expect(turns.map(({ from, to }) => `${from.event} ${to.event}`).sort()).toEqual(expected.sort());
      found += turns.length;
    }
    expect(found).toBeGreaterThan(500);
  });
});
