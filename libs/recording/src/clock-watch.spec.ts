import { beforeEach, describe, expect, it } from '@jest/globals';
import { instant } from '#domain';
import { createMemoryEventLog } from '#event-log';
import { appendAll, registrationRequest } from '../../../test/support/events/append-bodies.js';
import { CLOCK_TOLD_MS, ClockWatch } from './clock-watch.js';

const RECORDED = Date.UTC(2026, 0, 1);
const LIMIT_MS = 3_600_000;

describe('a clock', () => {
  let now = RECORDED;
  let database = RECORDED;
  let running = 0;
  let told: string[] = [];
  const log = createMemoryEventLog(() => RECORDED);
  const watching = () =>
    new ClockWatch({
      log,
      now: () => instant(now),
      recordingNow: async () => instant(database),
      runningMs: () => running,
      limitMs: LIMIT_MS,
      tell: (figure, ms) => void told.push(`${figure} ${ms}`),
    });

  beforeEach(() => {
    [now, database, running, told] = [RECORDED, RECORDED, 0, []];
  });

  it('behind the record is told once when it is more than a minute, and once when it is right again', async () => {
    const watch = watching();
    await watch.look();
    await appendAll(log, [registrationRequest({ slug: 'ferry', title: 'F', kind: 'scheme', jurisdiction: 'GB' })]);
    const looked: [behind: number, fault: string | undefined][] = [];
    for (const behind of [-LIMIT_MS, CLOCK_TOLD_MS, CLOCK_TOLD_MS + 1, LIMIT_MS, LIMIT_MS + 1, 0]) {
      now = database = RECORDED - behind;
      running = -behind;
      await watch.look();
      looked.push([watch.figures.behindMs, watch.fault]);
    }
    expect(looked).toEqual([
      [0, undefined],
      [CLOCK_TOLD_MS, undefined],
      [CLOCK_TOLD_MS + 1, undefined],
      [LIMIT_MS, undefined],
      [LIMIT_MS + 1, 'clock-behind'],
      [0, undefined],
    ]);
    expect(told).toEqual([`behindMs ${CLOCK_TOLD_MS + 1}`, 'behindMs 0']);
  });

  it('that the clock of the database differs from is told, and beyond the limit nothing is recorded', async () => {
    const watch = watching();
    now = RECORDED + 10 * LIMIT_MS;
    running = 10 * LIMIT_MS;
    const looked: [differs: number, fault: string | undefined][] = [];
    for (const ahead of [CLOCK_TOLD_MS, CLOCK_TOLD_MS + 1, LIMIT_MS, LIMIT_MS + 1, 0, -LIMIT_MS - 1, 0]) {
      database = now + ahead;
      await watch.look();
      looked.push([watch.figures.differsMs, watch.fault]);
    }
    expect(looked).toEqual([
      [CLOCK_TOLD_MS, undefined],
      [CLOCK_TOLD_MS + 1, undefined],
      [LIMIT_MS, undefined],
      [LIMIT_MS + 1, 'clock-differs'],
      [0, undefined],
      [-LIMIT_MS - 1, 'clock-differs'],
      [0, undefined],
    ]);
    expect(told).toEqual([
      `differsMs ${CLOCK_TOLD_MS + 1}`,
      'differsMs 0',
      `differsMs ${-LIMIT_MS - 1}`,
      'differsMs 0',
    ]);
  });

  it('of the database is not said to differ by as long as its answer took', async () => {
    const watch = new ClockWatch({
      log,
      now: () => instant(now),
      recordingNow: async () => {
        now += CLOCK_TOLD_MS * 3;
        return instant(now - CLOCK_TOLD_MS);
      },
      runningMs: () => running,
      limitMs: LIMIT_MS,
      tell: (figure) => void told.push(figure),
    });
    await watch.look();
    expect(watch.figures.differsMs).toBe(0);
  });

  it('that was set ahead is told, and nothing is refused; set back to what it was, it is right again', async () => {
    const watch = watching();
    const year = 365 * 24 * LIMIT_MS;
    for (const jump of [0, year, year, 0, -year, 0]) {
      running += 10_000;
      now = database = RECORDED + running + jump;
      await watch.look();
      expect([watch.figures.jumpedMs, watch.fault]).toEqual([Math.max(0, jump), jump < 0 ? 'clock-behind' : undefined]);
    }
    expect(told.filter((each) => each.startsWith('jumped'))).toEqual([`jumpedMs ${year}`, 'jumpedMs 0']);
  });
});
