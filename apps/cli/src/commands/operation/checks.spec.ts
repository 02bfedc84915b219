import { expect, it } from '@jest/globals';
import { type DoctorFacts, checksOf } from './checks.js';

const well: DoctorFacts = {
  url: 'http://log.example',
  about: { name: 'Policy Timeline', version: '1.0.0', head: 12, fold: 2, writes: 'open' },
  rateLimit: null,
  adminPort: null,
  hasKey: false,
  ownVersion: '1.0.0',
  roundTripMs: 4,
  serverDate: 'Sun, 01 Nov 2026 10:00:00 GMT',
  here: { begun: Date.parse('2026-11-01T10:00:00.500Z'), ended: Date.parse('2026-11-01T10:00:00.504Z') },
  ready: {
    status: 'ok',
    reasons: [],
    eventsBehind: 0,
    projections: [{ name: 'figures', state: 'running', lagMs: 0 }],
    audit: { state: 'following', size: 12, signedAt: '2026-11-01T09:59:00Z', lagEvents: 0, error: null },
    spool: { files: 1, bytes: 10, limitBytes: 100, disk: { freeBytes: 50, totalBytes: 100 } },
    sql: { views: 7, hasReader: true },
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
  ['limits', { rateLimit: '"reads";r=3;t=57' }],
  ['provider', { about: { ...well.about, identityProvider: 'failing' } }],
  ['metrics', { adminPort: { port: 9464, isAnswering: false } }],
  ['health', { ready: { ...well.ready, status: 'degraded', reasons: [{ code: 'x', message: 'It halted.' }] } }],
  ['lag', { ready: { ...well.ready, projections: [{ name: 'figures', state: 'stopped', lagMs: 0 }] } }],
  ['set-aside', { parked: [{ projection: 'figures', event: 'e' }] }],
  ['checkpoint', { ready: { ...well.ready, audit: { ...well.ready.audit, size: 0 } } }],
  ['audit', { ready: { ...well.ready, audit: { ...well.ready.audit, state: 'halted', error: 'Another root.' } } }],
  ['audit', { selfCheck: { ...well.selfCheck, status: 'stale' } }],
  ['disk', { ready: { ...well.ready, spool: { ...well.ready.spool, disk: { freeBytes: 4, totalBytes: 100 } } } }],
  ['spool', { ready: { ...well.ready, spool: { ...well.ready.spool, bytes: 98 } } }],
  ['sql', { ready: { ...well.ready, sql: { views: 0, hasReader: true } } }],
  ['sql', { ready: { ...well.ready, sql: { views: 7, hasReader: false } } }],
])('warns of %s alone', (check, facts) => {
  expect(warnings(facts)).toEqual([check]);
});

it('says who asks, how old the newest checkpoint is, and how much room there is', () => {
  const said = Object.fromEntries(
    checksOf({
      ...well,
      hasKey: true,
      rateLimit: '"reads";r=1187;t=1',
      about: { ...well.about, role: 'recorder' },
    }).map(({ check, message }) => [check, message]),
  );
  expect(said).toMatchObject({
    key: 'this key reads as recorder; writes are open to it',
    limits: 'this key has 1187 reads left; all are back in 1 s',
    checkpoint: 'the newest checkpoint is over all 12 events, signed 60 s ago',
    spool: '1 files of exports are kept, 0.0 GB of 0.0 GB',
    sql: '7 views in analytics_v1; the role ptl_reader reads them',
  });
});
