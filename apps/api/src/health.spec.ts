import { describe, expect, it } from '@jest/globals';
import { instant, position } from '#domain';
import type { ProjectionStatus } from '#projections';
import { BEHIND_LIMIT_MS, type HealthFacts, reasonsIn } from './health.js';

const well: ProjectionStatus = {
  name: 'timeline',
  version: 1,
  position: position(10),
  lagEvents: 0,
  lagMs: 0,
  state: 'running',
  lastError: null,
  rebuild: null,
  setAside: [],
};

const facts = (more: Partial<HealthFacts> = {}): HealthFacts => ({
  projections: [well, { ...well, name: 'figures' }],
  audit: { state: 'following', size: 10, lagEvents: 0, error: null },
  selfCheck: {
    log: { pass: null, lastFullPass: null, passes: 0, findings: [] },
    engines: { compared: 0, differing: 0, lastComparedAt: null, differences: [] },
  },
  ...more,
});

const told = (more: Partial<HealthFacts>, isStarting = false): readonly string[] =>
  reasonsIn(facts(more), isStarting).map(({ code, message }) => `${code}: ${message}`);

const behind = { ...well, lagEvents: 1_502, lagMs: BEHIND_LIMIT_MS + 1_000 };

describe('the reasons why the service is not well', () => {
  it('are none when all is well, or a read model is a little behind', () => {
    expect(told({})).toEqual([]);
    expect(told({ projections: [{ ...well, lagEvents: 3, lagMs: BEHIND_LIMIT_MS }] })).toEqual([]);
    expect(told({ audit: { state: 'unattended', size: 0, lagEvents: 3, error: null } })).toEqual([]);
  });

  it('name read models that are behind, but not those that catch up at a start', () => {
    expect(told({ projections: [behind] })).toEqual([
      'read-model-behind: timeline is 1502 events and 61 s behind the log.',
    ]);
    expect(told({ projections: [behind] }, true)).toEqual([]);
  });

  it('name events that are parked, and do not tell their error twice', () => {
    const setAside = {
      projection: 'timeline',
      policy: 'ferry',
      event: 'bad',
      position: position(3),
      error: 'too much',
      since: instant(0),
      stops: false,
    };
    expect(told({ projections: [well, { ...well, setAside: [setAside] }] })).toEqual([
      'events-parked: timeline cannot take "bad" of ferry (too much); the policy waits.',
    ]);
    const stopped = {
      ...well,
      state: 'stopped',
      lastError: 'too much',
      setAside: [{ ...setAside, stops: true }],
    } as const;
    expect(told({ projections: [well, stopped] })).toEqual([
      `events-parked: timeline cannot take "bad" of ferry (too much); timeline stands still in the policy's partition.`,
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
    expect(told({ projections: [{ ...well, state: 'building' }] }, true)).toEqual([
      'read-model-building: timeline is being built.',
    ]);
  });

  it('tell that signing has halted, what the self-check found, and that the store differs', () => {
    const foundAt = new Date(0).toISOString();
    const { selfCheck } = facts();
    expect(
      told({
        audit: { state: 'halted', size: 3, lagEvents: 2, error: 'The log was changed.' },
        selfCheck: {
          log: {
            ...selfCheck.log,
            findings: [{ position: 3, reason: 'altered', message: 'Entry 3 was altered.', foundAt }],
          },
          engines: {
            ...selfCheck.engines,
            differences: [{ policy: 'ferry', recorded: 4, knownAt: foundAt, validAt: foundAt, foundAt }],
          },
        },
        store: { findings: { altered: 1, blanked: 0, missing: 2, added: 0 } },
      }),
    ).toEqual([
      'audit-halted: The log was changed.',
      'self-check-found: Entry 3 was altered.',
      'self-check-found: The engines disagree about ferry at position 4.',
      'store-differs: Events that differ between KurrentDB and the log: 1 altered, 2 missing.',
    ]);
  });
});
