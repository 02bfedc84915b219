import { describe, expect, it } from '@jest/globals';
import { parseEventBody, position } from '#domain';
import { type LogEntry, createMemoryEventLog } from '#event-log';
import { appendAll, bodyRequest, registrationRequest } from '../../../../test/support/events/append-bodies.js';
import { projections } from '../read-models/registry.js';
import { foldBatches } from './batch.js';
import { PARTITIONS } from './ledgers/partitions.js';
import { PolicyLedgers } from './ledgers/policy-ledgers.js';
import { ParkedFilter } from './parking/parked-filter.js';

const MANY_TERMS = 150;
const POLICIES = ['ferry', 'bridge'];
const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);
const models = projections.map((projection) => ({ projection, builtTo: position(0) }));

function termsChanged(policy: string, key: string, count: number): ReturnType<typeof bodyRequest> {
  const parsed = parseEventBody(
    {
      key,
      type: 'terms.changed',
      policy,
      occurred: '2025-05-01',
      publishedAt: '2025-05-01',
      summary: 'Terms.',
      epistemic: 'confirmed',
      terms: Array.from({ length: count }, (_, index) => ({ key: `${key}-${index}`, value: index, unit: 'GBP' })),
      sources: [{ publisher: 'Gazette', title: 'News', publishedAt: '2025-05-01', genre: 'news' }],
    },
    'UTC',
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
  return bodyRequest(parsed.body);
}

/** Folds entries as the worker does, batch by batch; answers the positions and kinds of the batches. */
async function batchesOf(
  entries: readonly LogEntry[],
  ledgers: PolicyLedgers,
  log: ReturnType<typeof createMemoryEventLog>,
) {
  const parkedFilter = new ParkedFilter(log);
  const batches: { readonly from: number; readonly to: number; readonly changes: readonly number[]; kind: string }[] =
    [];
  for (let rest = entries; rest.length > 0;) {
    for (const { after, last, changes, rows } of await foldBatches(rest, {
      ledgers,
      models,
      partitions,
      parkedFilter,
      weightLimit: 0,
    }))
      batches.push({
        from: after + 1,
        to: last.position,
        changes: changes.map((change) => change.position),
        kind: Object.keys(rows).join(),
      });
    rest = entries.filter((entry) => entry.position > (batches.at(-1)?.to ?? 0));
  }
  return batches;
}

describe('entries that are folded together', () => {
  it('end before an event that changes very much, which is a batch of its own', async () => {
    const log = createMemoryEventLog(() => Date.UTC(2026, 0, 1));
    await appendAll(log, [
      ...POLICIES.map((slug) => registrationRequest({ slug, title: slug, kind: 'scheme', jurisdiction: 'GB' })),
      termsChanged('ferry', 'a', 1),
      termsChanged('bridge', 'much', MANY_TERMS),
      termsChanged('ferry', 'b', 1),
      termsChanged('bridge', 'c', 1),
      termsChanged('bridge', 'much-more', MANY_TERMS),
    ]);
    const entries = await log.readAll(position(0), 100);
    const expected = [
      { from: 1, to: 3, changes: [1, 3, 2], kind: 'few' },
      { from: 4, to: 4, changes: [4], kind: 'few' },
      { from: 5, to: 6, changes: [5, 6], kind: 'few' },
      { from: 7, to: 7, changes: [7], kind: 'few' },
    ];
    expect(await batchesOf(entries, new PolicyLedgers(log), log)).toEqual(expected);
    // The same when ledgers do not fit in memory, and are folded policy by policy.
    const crowded = new PolicyLedgers(log, 1);
    await crowded.takeAll(entries);
    crowded.keepOnly(new Set());
    expect(crowded.isCrowded).toBe(true);
    const inOrder = (each: { readonly changes: readonly number[] }) => ({ ...each, changes: each.changes.toSorted() });
    expect((await batchesOf(entries, crowded, log)).map(inOrder)).toEqual(expected.map(inOrder));
  });
});
