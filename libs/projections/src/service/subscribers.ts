import type { Pool } from 'pg';
import { policyStream, position } from '#domain';
import type { Descriptions } from '../core/descriptions.js';
import type { FactsCache } from '../core/states/facts-cache.js';
import type { PolicyHeads } from '../core/states/policy-heads.js';
import type { PolicyChange } from '../rows/projection.js';
import type { ChangeSubscriber, CommittedChange } from '../runner/change-feed.js';
import { partitionOf } from '../runner/ledgers/partitions.js';

/** Keeps the names of policies level with what is committed. */
export const descriptionsSubscriber =
  (descriptions: Descriptions, pool: Pool): ChangeSubscriber =>
  async (change) => {
    if (change.kind === 'advanced') return descriptions.apply(change.changes);
    if (change.kind === 'replaced') return descriptions.load(pool);
    const [first] = change.kind === 'advanced-elsewhere' ? change.entries : [];
    if (first) await descriptions.loadAfter(pool, position(first.position - 1));
  };

/** Keeps facts in memory level with what is committed; it subscribes after the names. */
export const factsSubscriber =
  (facts: FactsCache, descriptions: Descriptions): ChangeSubscriber =>
  (change) => {
    if (change.kind === 'advanced') facts.apply(change.changes);
    else if (change.kind === 'replaced') facts.forgetAll();
    else for (const { policy } of changedBy(change, descriptions)) facts.forget(policy);
  };

/** Keeps current states level with what is committed, and makes those of this process's partitions; after the names. */
export function headsSubscriber(
  heads: PolicyHeads,
  descriptions: Descriptions,
  member: () => number | undefined,
): ChangeSubscriber {
  let made: readonly number[] = [];
  return async (change) => {
    if (change.kind === 'advanced') return heads.apply(change.changes, change.more);
    if (change.kind === 'replaced') await heads.load();
    else for (const { policy, position: at } of changedBy(change, descriptions)) heads.noteChange(policy, at);
    if (change.kind === 'uncertain') return;
    const owned = change.partitions.flatMap(({ owner, partition }) =>
      owner !== null && owner === member() ? [partition] : [],
    );
    if (change.kind !== 'replaced' && owned.join() === made.join()) return;
    made = owned;
    const isMine = ({ slug }: { readonly slug: string }): boolean => owned.includes(partitionOf(policyStream(slug)));
    heads.leave(isMine);
    heads.takeUp(isMine);
  };
}

/** The policies whose rows may have changed, and where. */
function changedBy(
  change: Extract<CommittedChange, { readonly kind: 'advanced-elsewhere' | 'uncertain' }>,
  descriptions: Descriptions,
): readonly Pick<PolicyChange, 'policy' | 'position'>[] {
  if (change.kind === 'uncertain') return change.changes;
  return change.entries.flatMap(({ stream, position: at }) => {
    const policy = descriptions.ofStream(stream)?.policy;
    return policy === undefined ? [] : [{ policy, position: at }];
  });
}
