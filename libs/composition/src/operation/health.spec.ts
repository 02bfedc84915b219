import { describe, expect, it } from '@jest/globals';
import { instant, position } from '#domain';
import type { ProjectionStatus } from '#projections';
import { type AuditFacts, BEHIND_LIMIT_MS, type HealthFacts, reasonsIn } from './health.js';

const well: ProjectionStatus = {
  name: 'timeline',
  version: 1,
  position: position(10),
  lagEvents: 0,
  lagMs: 0,
  state: 'running',
  lastError: null,
  rebuild: null,
  parked: [],
};

/** The audit in a state, with a verdict of its self-check. */
const audited = (
  status: Partial<AuditFacts['status']>,
  verdict: Partial<AuditFacts['verdict']> = {},
  findings: readonly string[] = [],
): AuditFacts => ({
  status: { state: 'following', size: 10, signedAt: null, lagEvents: 0, error: null, ...status },
  verdict: { status: 'ok', message: 'All is well.', staleAfterMs: 60_000, ...verdict },
  report: { log: { findings } },
});

const told = (more: Partial<HealthFacts>): readonly string[] => {
  const projections = [well, { ...well, name: 'figures' }];
  const facts = {
    projections,
    audit: audited({}),
    clock: { behindMs: 60_000, differsMs: -60_000 },
    isStarting: false,
    runningMs: 60_001,
    ...more,
  };
  return reasonsIn(facts).map(({ code, message }) => `${code}: ${message}`);
};

const behind = { ...well, lagEvents: 1_502, lagMs: BEHIND_LIMIT_MS + 1_000 };

describe('the reasons why the service is not well', () => {
  it('are none when all is well, or a read model is a little behind', () => {
    expect(told({})).toEqual([]);
    expect(told({ projections: [{ ...well, lagEvents: 3, lagMs: BEHIND_LIMIT_MS }] })).toEqual([]);
    expect(told({ audit: audited({ state: 'unattended', lagEvents: 3 }) })).toEqual([]);
  });

  it('name read models that are behind, but not those that catch up at a start', () => {
    expect(told({ projections: [behind] })).toEqual([
      'read-model-behind: timeline is 1502 events and 61 s behind the log.',
    ]);
    expect(told({ projections: [behind], isStarting: true })).toEqual([]);
  });

  it('name events that are parked, and do not tell their error twice', () => {
    const parked = {
      projection: 'timeline',
      policy: 'ferry',
      event: 'bad',
      position: position(3),
      error: 'too much',
      since: instant(0),
      stops: false,
    };
    expect(told({ projections: [well, { ...well, parked: [parked] }] })).toEqual([
      'events-parked: timeline cannot process "bad" of ferry (too much); the policy waits for an operator.',
    ]);
    const stopped = {
      ...well,
      state: 'stopped',
      lastError: 'too much',
      parked: [{ ...parked, stops: true }],
    } as const;
    expect(told({ projections: [well, stopped] })).toEqual([
      `events-parked: timeline cannot process "bad" of ferry (too much); timeline has stopped in the partition of the policy.`,
    ]);
  });

  it('tell a fault of all read models once, and that they have stopped', () => {
    const failing = { ...well, lastError: 'no room' };
    expect(told({ projections: [failing, failing] })).toEqual(['read-model-failing: no room']);
    const stopped = { ...well, state: 'stopped', lastError: 'the log ends' } as const;
    expect(told({ projections: [stopped, { ...stopped, lastError: null }] })).toEqual([
      'read-models-stopped: the log ends',
    ]);
  });

  it('tell what is being built, and that it failed', () => {
    expect(told({ projections: [{ ...well, state: 'building' }], isStarting: true })).toEqual([
      'read-model-building: timeline is being built.',
    ]);
  });

  it('tell that signing has halted, what the self-check found, and that the store differs', () => {
    const message = 'Entry 3 was altered.';
    const halted = { state: 'halted', error: 'The log was changed.' } as const;
    expect(told({ audit: audited({}, { status: 'found', message }, [message]) })).toEqual([
      `self-check-found: ${message}`,
    ]);
    expect(told({ audit: audited(halted, { status: 'found', message: 'Halted.' }) })).toEqual([
      'audit-halted: The log was changed.',
    ]);
    expect(told({ audit: audited(halted, { status: 'found', message }, [message]) })).toEqual([
      'audit-halted: The log was changed.',
      `self-check-found: ${message}`,
    ]);
    expect(told({ store: { findings: { altered: 1, blanked: 0, missing: 2, added: 0 } } })).toEqual([
      'store-differs: Events that differ between KurrentDB and the log: 1 altered, 2 missing.',
    ]);
  });

  it('tell that the clock is more than a minute behind the last record', () => {
    expect(told({ clock: { behindMs: 61_000, differsMs: 62_000 } })).toEqual([
      'clock-behind: The clock is 61 s behind the last record.',
      "clock-differs: The database's clock is 62 s ahead of this machine's.",
    ]);
    expect(told({ clock: { behindMs: 0, differsMs: -62_000 } })).toEqual([
      "clock-differs: The database's clock is 62 s behind this machine's.",
    ]);
  });

  it('tell that the self-check stands still, once the process runs long enough to know', () => {
    const audit = audited({}, { status: 'stale', message: 'Passes stand still.' });
    expect(told({ audit })).toEqual(['self-check-stale: Passes stand still.']);
    expect(told({ audit, runningMs: 60_000 })).toEqual([]);
  });
});
