import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { position } from '#domain';
import { createMemoryEventLog } from '#event-log';
import { appendAll } from '../../../../../test/support/append-bodies.js';
import { corpus } from '../../../../../test/support/corpus.js';
import { policyRequests } from '../../../../../test/support/one-log.js';
import { PolicyLedgers } from './policy-ledgers.js';

const SEED = Number(process.env['PROPERTY_SEED'] ?? 20261124);
const POLICIES = 6;

describe('the ledgers of the policies', () => {
  it('answer the same whether they stay in memory or are rebuilt from the log', async () => {
    const log = createMemoryEventLog(() => Date.UTC(2026, 0, 1));
    const requests = fc
      .sample(corpus({ size: 20 }), { numRuns: POLICIES, seed: SEED })
      .map(({ events }, index) => policyRequests(`policy-${index}`, events));
    // Turn by turn, so that each policy's next event finds its ledger gone.
    for (let turn = 0; requests.some((each) => turn < each.length); turn += 1)
      await appendAll(
        log,
        requests.flatMap((each) => each.slice(turn, turn + 1)),
      );
    const entries = await log.readAll(position(0), 10_000);

    const roomy = new PolicyLedgers(log);
    const tight = new PolicyLedgers(log, 3);
    for (let from = 0; from < entries.length; from += 7) {
      const batch = entries.slice(from, from + 7);
      expect(await tight.takeAll(batch)).toEqual(await roomy.takeAll(batch));
    }
    expect([roomy.isCrowded, tight.isCrowded]).toEqual([false, true]);
  });
});
