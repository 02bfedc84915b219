import type { EventVersion, Fact } from '#temporal';
import { type MadePromise, OVER, type Settlement, promiseIn, settlementsIn } from './promise-events.js';
import type { PolicyEnd, PromiseRecord } from './promise-states.js';

/** One policy, folded: how its events stand, and the fact that holds for its status. */
export interface FoldedPolicy {
  readonly slug: string;
  readonly versions: readonly EventVersion[];
  readonly status: Fact | undefined;
}

/** What promises are judged from, gathered policy by policy. */
export class PromiseRecordDraft implements PromiseRecord {
  readonly promises: MadePromise[] = [];
  readonly settlements: Settlement[] = [];
  readonly ends = new Map<string, PolicyEnd>();

  /** Adds a policy; answers the promises that are made in it. Links cross policies, so all of them should be added. */
  add({ slug, versions, status }: FoldedPolicy): readonly MadePromise[] {
    const made = versions.flatMap((version) => promiseIn(version) ?? []);
    const end = status && endIn(status);
    this.promises.push(...made);
    this.settlements.push(...versions.flatMap(settlementsIn));
    if (end) this.ends.set(slug, end);
    return made;
  }
}

/** What the promises of one policy are judged from, if no other one speaks of them. */
export function promiseRecordOf(policy: FoldedPolicy): PromiseRecord {
  const draft = new PromiseRecordDraft();
  draft.add(policy);
  return draft;
}

/** That a policy is over, if its status says so. */
const endIn = ({ value, event, valid }: Fact): PolicyEnd | undefined =>
  OVER.some((status) => status === value) ? { event, since: valid.from } : undefined;
