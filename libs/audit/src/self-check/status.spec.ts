import { describe, expect, it } from '@jest/globals';
import { NOTHING_CHECKED, type SelfCheckReport } from './report.js';
import { judgeReport } from './status.js';

const ENDED = '2026-11-29T10:00:00.000Z';
const now = Date.parse(ENDED);
const pauseMs = 5_000;

const CHECKED: SelfCheckReport = {
  log: {
    pass: null,
    lastFullPass: { startedAt: '2026-11-29T09:59:50.000Z', finishedAt: ENDED, size: 9, root: 'x', findings: 0 },
    passes: 3,
    findings: [],
  },
  rows: { ...NOTHING_CHECKED.rows, lastComparedAt: ENDED },
  engines: NOTHING_CHECKED.engines,
  trouble: null,
};

const finding = { position: 4, reason: 'leaf-differs', message: 'The entry was changed.', foundAt: ENDED };
const row = { policy: 'toll', table: 'timeline', row: '3.0', fault: 'extra' as const, foundAt: ENDED };
const difference = { policy: 'toll', recorded: 4, knownAt: ENDED, validAt: ENDED, foundAt: ENDED };
const trouble = { message: 'The row is missing.', at: ENDED };

describe('the verdict of the self-check', () => {
  it('is ok while pass and rows are young, for a minute, the pause and three times what the pass took', () => {
    expect(judgeReport(CHECKED, { isHalted: false, pauseMs, now })).toMatchObject({
      status: 'ok',
      message: expect.stringContaining('up to position 9, where it ended then'),
      staleAfterMs: 95_000,
    });
    expect(judgeReport(CHECKED, { isHalted: false, pauseMs, now: now + 95_000 }).status).toBe('ok');
    expect(judgeReport(CHECKED, { isHalted: false, pauseMs, now: now + 95_001 }).status).toBe('stale');
  });

  it.each<[what: string, report: SelfCheckReport, message: RegExp]>([
    ['no pass has ended', NOTHING_CHECKED, /No pass over the whole log has ended yet\./],
    ['no pass can be made', { ...NOTHING_CHECKED, trouble }, /ended yet\. .*not be made: The row is missing\./],
    ['no rows were compared', { ...CHECKED, rows: NOTHING_CHECKED.rows }, /No rows .* were compared lately/],
    [
      'a read model was passed over',
      { ...CHECKED, rows: { ...CHECKED.rows, passedOver: ['figures'] } },
      /The read model figures is being built/,
    ],
  ])('is stale where %s, and says so', (_what, report, message) => {
    const verdict = judgeReport(report, { isHalted: false, pauseMs, now });
    expect(verdict).toMatchObject({ status: 'stale', message: expect.stringMatching(message) });
  });

  it.each<[what: string, report: SelfCheckReport, isHalted: boolean, message: RegExp]>([
    ['the log', { ...CHECKED, log: { ...CHECKED.log, findings: [finding] } }, false, /The entry was changed\./],
    ['a row', { ...CHECKED, rows: { ...CHECKED.rows, findings: [row] } }, false, /row 3\.0 of toll .* should not/],
    [
      'the engines',
      { ...CHECKED, engines: { ...CHECKED.engines, differences: [difference] } },
      false,
      /disagree about toll/,
    ],
    ['what signs, which halted', CHECKED, true, /Nothing more is signed/],
  ])('is found where %s says so, however old that is', (_what, report, isHalted, message) => {
    const verdict = judgeReport(report, { isHalted, pauseMs, now: now + 1_000_000_000 });
    expect(verdict).toMatchObject({ status: 'found', message: expect.stringMatching(message) });
  });
});
