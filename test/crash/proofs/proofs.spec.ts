import { describe, expect, it } from '@jest/globals';
import { Acknowledgements } from '../load/acknowledgements.js';
import type { Evidence, EvidenceRow } from './evidence.js';
import { planFaults } from '../plan.js';
import {
  type Proof,
  acknowledgedEventsAreThere,
  entriesSayWhatColumnsSay,
  idempotencyKeysLeadThere,
  keysAndIdsAreUnique,
  nothingElseIsThere,
  positionsHaveNoGap,
  processesEndWhenAsked,
  readerSawEachOnce,
  recordedTimeNeverDecreases,
  streamsAreContiguous,
} from './proofs.js';

const row = (position: number, more: Partial<EvidenceRow> = {}): EvidenceRow => ({
  position,
  id: `id-${position}`,
  key: `key-${position}`,
  type: 'toll.changed',
  stream: 'toll',
  revision: position - 1,
  prev: position === 1 ? null : position - 1,
  recordedAt: 1000 + position,
  body: 'body',
  differsIn: [],
  ...more,
});

const logOf = (rows: readonly EvidenceRow[], more: Partial<Evidence> = {}): Evidence => ({
  rows,
  head: { position: rows.length, recordedAt: rows.at(-1)?.recordedAt ?? null },
  idempotencyKeys: new Map([['repeat-key-1', 1]]),
  digest: 'digest',
  ...more,
});

const whole = [row(1), row(2), row(3)];

function acknowledged(rows: readonly EvidenceRow[]): Acknowledgements {
  const acknowledgements = new Acknowledgements();
  for (const { key, position, revision, recordedAt, stream, id, type, body } of rows)
    acknowledgements.noteOne(key, { position, revision, recordedAt, stream, id, type, body });
  acknowledgements.idempotencyKeys.set('repeat-key-1', 1);
  return acknowledgements;
}

const reader = (position: number, digest: string, disorder: readonly string[] = []) => ({
  position: () => position as never,
  digest: () => digest,
  disorder,
  ends: [],
  stop: () => Promise.resolve(),
});

const everyProof = (evidence: Evidence, told = acknowledged(whole)): readonly Proof[] => [
  positionsHaveNoGap(evidence),
  recordedTimeNeverDecreases(evidence),
  acknowledgedEventsAreThere(evidence, told),
  nothingElseIsThere(evidence, told),
  streamsAreContiguous(evidence),
  keysAndIdsAreUnique(evidence),
  entriesSayWhatColumnsSay(evidence),
  idempotencyKeysLeadThere(evidence, told),
  readerSawEachOnce(evidence, reader(evidence.rows.length, 'digest')),
];

const refutedBy = (proofs: readonly Proof[]): readonly string[] =>
  proofs.filter(({ against }) => against.length > 0).flatMap(({ against }) => against);

describe('the proofs of a campaign', () => {
  it('find nothing against a log that is as it was acknowledged', () => {
    expect(refutedBy(everyProof(logOf(whole)))).toEqual([]);
  });

  it.each<[what: string, evidence: Evidence, found: RegExp]>([
    ['a position is missing', logOf([row(1), row(2), row(4)]), /position 4 stands at place 3/],
    ['the head is behind', logOf(whole, { head: { position: 2, recordedAt: 1003 } }), /the head says 2/],
    ['time goes back', logOf([row(1), row(2, { recordedAt: 5 }), row(3)]), /it decreases at 2/],
    ['an acknowledged event is lost', logOf([row(1), row(2)]), /key-3 was acknowledged at 3 and is not there/],
    ['an event is there twice', logOf([...whole, row(4, { key: 'key-3' })]), /key-3 is there 2 times/],
    [
      'an event is elsewhere',
      logOf([row(1), row(2, { key: 'key-3' }), row(3, { key: 'key-2' })]),
      /key-2 has position 3/,
    ],
    ['an event says something else', logOf([row(1), row(2, { body: 'other' }), row(3)]), /key-2 has body other/],
    ['an event came from nowhere', logOf([...whole, row(4)]), /key-4 at 4/],
    ['a revision is left out', logOf([row(1), row(2, { revision: 2 }), row(3)]), /has revision 2 at 2, after 0/],
    ['prev is wrong', logOf([row(1), row(2), row(3, { prev: 1 })]), /3 says prev 1/],
    ['an id is there twice', logOf([row(1), row(2), row(3, { id: 'id-1' })]), /id-1/],
    ['text and column differ', logOf([row(1, { differsIn: ['key'] }), row(2), row(3)]), /1 differs in key/],
    ['an idempotency key is lost', logOf(whole, { idempotencyKeys: new Map() }), /repeat-key-1 leads to undefined/],
    ['a reader saw something else', logOf(whole, { digest: 'other' }), /another digest/],
  ])('are refuted when %s', (_what, evidence, found) => {
    expect(refutedBy(everyProof(evidence)).join('\n')).toMatch(found);
  });

  it('are refuted by a reader that saw an entry twice or stopped short, and by contradictory answers', () => {
    expect(readerSawEachOnce(logOf(whole), reader(3, 'digest', ['After 2 came 2.'])).against).toHaveLength(1);
    expect(readerSawEachOnce(logOf(whole), reader(2, 'digest')).against).toEqual(['it got to 2']);
    const told = acknowledged([...whole, row(5, { key: 'key-3' })]);
    expect(acknowledgedEventsAreThere(logOf(whole), told).against[0]).toContain('was said to be at 3, then at 5');
  });

  it('let a process fail to start, but not end by itself once it runs', () => {
    const fate = { name: 'projector-1', starts: 2, kills: 0, stop: 'code 0' };
    const end = { code: '1', lastLines: ['60 the start failed'] };
    expect(processesEndWhenAsked([{ ...fate, ends: [{ ...end, wasReady: false }] }]).against).toEqual([]);
    expect(processesEndWhenAsked([{ ...fate, ends: [{ ...end, wasReady: true }] }]).against).toHaveLength(1);
    expect(processesEndWhenAsked([{ ...fate, ends: [], stop: 'SIGKILL' }]).against).toHaveLength(1);
  });
});

describe('the plan of a campaign', () => {
  const size = { events: 5000, kills: 40, seed: 7 };

  it('is the same for a seed, and another for another', () => {
    expect(planFaults(size)).toEqual(planFaults(size));
    expect(planFaults({ ...size, seed: 8 })).not.toEqual(planFaults(size));
  });

  it('has the kills that were asked for, in order over the events', () => {
    const plan = planFaults(size);
    expect(plan.filter(({ fault }) => fault.kind.startsWith('kill'))).toHaveLength(40);
    const places = plan.map(({ afterEvents }) => afterEvents);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places.at(-1)).toBeLessThan(5000);
  });
});
