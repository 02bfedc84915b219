import { expect, it } from '@jest/globals';
import { type DoctorFacts, checksOf } from './checks.js';

const well: DoctorFacts = {
  url: 'http://log.example',
  about: { name: 'Policy Timeline', version: '1.0.0', head: 12, fold: 2, writes: 'open' },
  ownVersion: '1.0.0',
  roundTripMs: 4,
  serverDate: 'Sun, 01 Nov 2026 10:00:00 GMT',
  here: { begun: Date.parse('2026-11-01T10:00:00.500Z'), ended: Date.parse('2026-11-01T10:00:00.504Z') },
  ready: {
    status: 'ok',
    reasons: [],
    eventsBehind: 0,
    projections: [{ name: 'figures', state: 'running', lagMs: 0 }],
    audit: { state: 'following', size: 12, lagEvents: 0, error: null },
  },
  parked: [],
  selfCheck: {
    status: 'ok',
    message: 'Nothing was found.',
    log: { lastFullPass: { finishedAt: '2026-11-01T09:59:50Z' } },
  },
  now: Date.parse('2026-11-01T10:00:00Z'),
};

const warnings = (facts: Partial<DoctorFacts>): readonly string[] =>
  checksOf({ ...well, ...facts }).flatMap(({ check, status }) => (status === 'ok' ? [] : [check]));

it('finds nothing where all is well', () => {
  expect(warnings({})).toEqual([]);
});

const minutesLater = { begun: well.here.begun + 120_000, ended: well.here.ended + 120_000 };

it.each<readonly [string, Partial<DoctorFacts>]>([
  ['reach', { roundTripMs: 3_000 }],
  ['clock', { here: minutesLater }],
  ['clock', { serverDate: null }],
  ['version', { ownVersion: '0.9.0' }],
  ['health', { ready: { ...well.ready, status: 'degraded', reasons: [{ code: 'x', message: 'It halted.' }] } }],
  ['lag', { ready: { ...well.ready, projections: [{ name: 'figures', state: 'stopped', lagMs: 0 }] } }],
  ['set-aside', { parked: [{ projection: 'figures', event: 'e' }] }],
  ['checkpoint', { ready: { ...well.ready, audit: { ...well.ready.audit, size: 0 } } }],
  ['audit', { ready: { ...well.ready, audit: { ...well.ready.audit, state: 'halted', error: 'Another root.' } } }],
  ['audit', { selfCheck: { ...well.selfCheck, status: 'stale' } }],
])('warns of %s alone', (check, facts) => {
  expect(warnings(facts)).toEqual([check]);
});
