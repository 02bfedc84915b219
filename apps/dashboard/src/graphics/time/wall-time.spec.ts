import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { openWallClock, wallTimeOf } from './wall-time.js';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../../../..');

const ZONES = [
  'Europe/London',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Sao_Paulo',
  'UTC',
];

const clocks = new Map(ZONES.map((zone) => [zone, openWallClock(zone)]));
const clockOf = (zone: string) => clocks.get(zone) ?? openWallClock(zone);
const at = (text: string): number => Date.parse(text);

/** What Temporal says that the wall shows, as if it were UTC. */
function wallByTemporal(instant: number, zone: string): number {
  const shown = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  return shown.toPlainDateTime().toZonedDateTime('UTC').epochMilliseconds;
}

const zones = fc.constantFrom(...ZONES);
const instants = fc.integer({ min: at('1900-01-01T00:00Z'), max: at('2100-01-01T00:00Z') });

describe('wall time', () => {
  it('is what Temporal says, at any instant of two centuries', () => {
    fc.assert(
      fc.property(instants, zones, (instant, zone) => {
        expect(clockOf(zone).toWall(instant)).toBe(wallByTemporal(instant, zone));
      }),
    );
  });

  it('is exact to the millisecond beside both changes of the clock', () => {
    const { toWall } = clockOf('Europe/London');
    const [spring, autumn] = [at('2025-03-30T01:00Z'), at('2025-10-26T01:00Z')];
    expect(toWall(spring - 1)).toBe(at('2025-03-30T00:59:59.999Z'));
    expect(toWall(spring)).toBe(at('2025-03-30T02:00Z'));
    expect(toWall(autumn - 1)).toBe(at('2025-10-26T01:59:59.999Z'));
    expect(toWall(autumn)).toBe(at('2025-10-26T01:00Z'));
  });

  it('keeps what is without an end', () => {
    const { toWall, toInstant } = clockOf('Europe/London');
    expect([toWall(-Infinity), toWall(Infinity)]).toEqual([-Infinity, Infinity]);
    expect([toInstant(-Infinity), toInstant(Infinity)]).toEqual([-Infinity, Infinity]);
  });

  it('knows the first years of the calendar', () => {
    const day = { year: 1, month: 1, day: 1 };
    const first = Temporal.PlainDate.from(day).toZonedDateTime('Europe/London').epochMilliseconds;
    expect(clockOf('Europe/London').toWall(first)).toBe(wallTimeOf(day));
    expect(new Date(wallTimeOf(day)).toISOString()).toBe('0001-01-01T00:00:00.000Z');
  });
});

describe('the instant of a wall time', () => {
  it('shows that wall time, and is the first that does', () => {
    fc.assert(
      fc.property(instants, zones, (instant, zone) => {
        const { toWall, toInstant } = clockOf(zone);
        const first = toInstant(toWall(instant));
        expect(toWall(first)).toBe(toWall(instant));
        expect(first).toBeLessThanOrEqual(instant);
      }),
    );
  });

  it('is where the day begins for Temporal, at every midnight, those that the clock skips included', () => {
    const days = fc.record({
      year: fc.integer({ min: 1900, max: 2100 }),
      month: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 1, max: 28 }),
    });
    fc.assert(
      fc.property(days, zones, (day, zone) => {
        const start = Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds;
        expect(clockOf(zone).toInstant(wallTimeOf(day))).toBe(start);
      }),
    );
    const skipped = { year: 2018, month: 11, day: 4 };
    expect(clockOf('America/Sao_Paulo').toInstant(wallTimeOf(skipped))).toBe(at('2018-11-04T03:00Z'));
  });

  it('is the change of the clock for an hour that is skipped, and the first of an hour that is repeated', () => {
    const { toInstant } = clockOf('Europe/London');
    expect(toInstant(at('2025-03-30T01:30Z'))).toBe(at('2025-03-30T01:00Z'));
    expect(toInstant(at('2025-10-26T01:30Z'))).toBe(at('2025-10-26T00:30Z'));
  });
});

/** Wall times, words and ticks as a process in another zone gives them. */
async function readIn(TZ: string): Promise<unknown> {
  const source = `
    import { openWallClock } from './apps/dashboard/src/graphics/time/wall-time.ts';
    import { nameDay } from './apps/dashboard/src/graphics/time/wall-words.ts';
    import { ticksIn } from './apps/dashboard/src/graphics/time/ticks.ts';
    const { toWall, toInstant } = openWallClock('Europe/London');
    const [from, to] = ['2025-03-25T00:00Z', '2025-11-02T00:00Z'].map((text) => toWall(Date.parse(text)));
    const ticks = [1000, 20000].flatMap((width) => ticksIn({ from, to, width }));
    const offset = new Date('2025-07-08T00:00Z').getTimezoneOffset();
    console.log(JSON.stringify({ offset, from, to, day: nameDay(to), ticks, starts: ticks.map(({ wall }) => toInstant(wall)) }));`;
  const loader = ['--import', './test/support/typescript.mjs', '--input-type=module', '--eval', source];
  const { stdout } = await run(process.execPath, loader, { cwd: root, env: { ...process.env, TZ } });
  return JSON.parse(stdout);
}

it('does not depend on the zone of the process or the reader', async () => {
  const [auckland, losAngeles] = await Promise.all(['Pacific/Auckland', 'America/Los_Angeles'].map(readIn));
  expect(auckland).toMatchObject({ offset: -720, day: '2 November 2025' });
  expect(losAngeles).toMatchObject({ offset: 420 });
  expect({ ...(auckland as object), offset: 0 }).toEqual({ ...(losAngeles as object), offset: 0 });
});
