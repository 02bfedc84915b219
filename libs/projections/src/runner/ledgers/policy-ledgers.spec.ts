import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type EventBody, parseEventBody, position } from '#domain';
import { createMemoryEventLog } from '#event-log';
import { finish } from '#temporal';
import { appendAll, bodyRequest, registrationRequest } from '../../../../../test/support/events/append-bodies.js';
import { corpus } from '../../../../../test/support/events/corpus.js';
import { policyRequests } from '../../../../../test/support/databases/one-log.js';
import { unkindShapes } from '../../../../../test/support/events/unkind-shapes.js';
import { PolicyLedger, PolicyLedgers } from './policy-ledgers.js';

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

it('never folds around an event in a form that only a newer version reads', async () => {
  const log = createMemoryEventLog(() => Date.UTC(2026, 0, 1));
  await appendAll(
    log,
    policyRequests('policy-0', fc.sample(corpus({ size: 4 }), { numRuns: 1, seed: SEED })[0]?.events ?? []),
  );
  const entries = await log.readAll(position(0), 100);
  const [last, before] = [entries.at(-1), entries.at(-2)];
  const newer = entries.map((entry) => (entry === before ? { ...entry, v: 3 } : entry));
  const message = `The entry "${before?.key}" has stored form 3; this program reads forms up to 2. Run a newer version.`;
  await expect(new PolicyLedgers(log).takeAll(newer)).rejects.toThrow(message);
  // Nor when a ledger is made again from the log.
  const stored = { readStream: async () => newer.filter((entry) => entry !== last) };
  await expect(new PolicyLedgers(stored).takeAll(newer.slice(-1))).rejects.toThrow(message);
});

/** Heap that a ledger of a hundred events of a shape was measured to take, in bytes an event. */
const MEASURED = [
  ['one-policy-day', 5_700],
  ['ties-day', 5_300],
  ['rival-figures', 8_660],
  ['corrections-star-day', 7_900],
  ['sources-one-event-late', 3_500],
  ['follows-chain-day', 8_430],
  ['follows-chain-late-vague', 8_780],
] as const;

describe('the ledger of a policy', () => {
  it.each(MEASURED)('tells its size in memory of %s', async (name, bytes) => {
    const bodies = bodiesOf(name);
    const estimate = (await ledgerOf(bodies)).bytes / bodies.length;
    expect(estimate / bytes).toBeGreaterThan(1 / 1.5);
    expect(estimate / bytes).toBeLessThan(1.5);
  });
});

function bodiesOf(name: string): readonly EventBody[] {
  const lines = unkindShapes.find((shape) => shape.name === name)?.lines(100, 'set') ?? [];
  return lines
    .filter(({ policy }) => policy === 'set-0')
    .flatMap((line) => {
      const parsed = parseEventBody({ ...line }, 'Europe/London');
      return parsed.ok ? [parsed.body] : [];
    });
}

async function ledgerOf(bodies: readonly EventBody[]): Promise<PolicyLedger> {
  const log = createMemoryEventLog(() => Date.UTC(2026, 0, 1));
  const registration = { slug: 'set-0', title: 'Set', kind: 'scheme', jurisdiction: 'GB' } as const;
  await appendAll(log, [registrationRequest(registration), ...bodies.map(bodyRequest)]);
  const [first, ...others] = await log.readAll(position(0), 10_000);
  if (!first) throw new Error('Nothing was appended.');
  const ledger = new PolicyLedger(first);
  for (const entry of others) finish(ledger.appendInSteps(entry));
  return ledger;
}
