import { describe, expect, it } from '@jest/globals';
import { instant } from '#domain';
import { createMemoryEventLog } from '#event-log';
import { appendAll, registrationRequest } from '../../../test/support/append-bodies.js';
import { CLOCK_TOLD_MS, ClockWatch } from './clock-watch.js';

const RECORDED = Date.UTC(2026, 0, 1);
const LIMIT_MS = 3_600_000;

describe('a clock beside the record', () => {
  it('is told once when it is more than a minute behind, and once when it is right again', async () => {
    let now = RECORDED;
    const told: number[] = [];
    const log = createMemoryEventLog(() => RECORDED);
    const watch = new ClockWatch({ log, now: () => instant(now), limitMs: LIMIT_MS, onBehind: (ms) => told.push(ms) });
    await watch.look();
    await appendAll(log, [registrationRequest({ slug: 'ferry', title: 'F', kind: 'scheme', jurisdiction: 'GB' })]);
    const looked: [behind: number, isTooFar: boolean][] = [];
    for (const behind of [-LIMIT_MS, CLOCK_TOLD_MS, CLOCK_TOLD_MS + 1, LIMIT_MS, LIMIT_MS + 1, 0]) {
      now = RECORDED - behind;
      await watch.look();
      looked.push([watch.behindMs, watch.isTooFarBehind]);
    }
    expect(looked).toEqual([
      [0, false],
      [CLOCK_TOLD_MS, false],
      [CLOCK_TOLD_MS + 1, false],
      [LIMIT_MS, false],
      [LIMIT_MS + 1, true],
      [0, false],
    ]);
    expect(told).toEqual([CLOCK_TOLD_MS + 1, 0]);
  });
});
