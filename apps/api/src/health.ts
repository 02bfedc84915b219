import type { AuditStatus, SelfCheckReport } from '#audit';
import type { StoreStatus } from '#event-log';
import type { ProjectionStatus } from '#projections';

/** A read model that is further behind than this is not well: usually it is behind by less than a second. */
export const BEHIND_LIMIT_MS = 60_000;

/** Every reason for which the service is not well, and what is meant. */
export const healthReasons = {
  'read-models-stopped': 'Nothing is brought to the read models any more; answers stay as they are.',
  'read-model-building': 'A read model is being built; what rests on it cannot be answered yet.',
  'read-model-behind': `A read model is more than ${BEHIND_LIMIT_MS / 1_000} s behind the log.`,
  'read-model-failing': 'Read models meet a fault and try again.',
  'events-parked': 'A read model cannot take an event; its policy waits for an operator.',
  'audit-halted': 'Nothing more is signed.',
  'self-check-found': 'The self-check has found something that is not as it was signed.',
  'store-differs': 'KurrentDB and the log that was copied from it differ.',
} as const;

type ReasonCode = keyof typeof healthReasons;

/** Why the service is not well, in words that name what is concerned. */
export interface HealthReason {
  readonly code: ReasonCode;
  readonly message: string;
}

/** What health is judged by. */
export interface HealthFacts {
  readonly projections: readonly ProjectionStatus[];
  readonly audit: AuditStatus;
  readonly selfCheck: SelfCheckReport;
  readonly store?: Pick<StoreStatus, 'findings'> | undefined;
}

/** Everything that is not well; empty when all is. While read models catch up at a start, being behind is no fault. */
export const reasonsIn = (facts: HealthFacts, isStarting: boolean): readonly HealthReason[] => [
  ...facts.projections.flatMap((each) => readModelReasons(each, isStarting)),
  ...failing(facts.projections),
  ...auditReasons(facts),
  ...storeReasons(facts),
];

function readModelReasons(status: ProjectionStatus, isStarting: boolean): readonly HealthReason[] {
  const { name, state, lagEvents, lagMs, setAside } = status;
  const reasons: HealthReason[] = [];
  if (state === 'building')
    reasons.push({ code: 'read-model-building', message: `${name} is being built${builtShare(status)}.` });
  else if (lagMs > BEHIND_LIMIT_MS && !isStarting)
    reasons.push({
      code: 'read-model-behind',
      message: `${name} is ${lagEvents} events and ${Math.round(lagMs / 1_000)} s behind the log.`,
    });
  for (const { event, policy, error, stops } of setAside) {
    const then = stops ? `${name} stands still in the policy's partition` : 'the policy waits';
    reasons.push({
      code: 'events-parked',
      message: `${name} cannot take "${event}" of ${policy} (${error}); ${then}.`,
    });
  }
  return reasons;
}

const builtShare = ({ rebuild }: ProjectionStatus): string =>
  rebuild?.state === 'failed' ? `; that failed: ${rebuild.error ?? 'no reason is known'}` : '';

/** What fails, fails for every read model of this process: it is told once. */
function failing(projections: readonly ProjectionStatus[]): readonly HealthReason[] {
  const isStopped = projections.every(({ state }) => state === 'stopped');
  const parked = new Set(projections.flatMap(({ setAside }) => setAside.map(({ error }) => error)));
  const errors = new Set(projections.flatMap(({ lastError }) => (lastError === null ? [] : [lastError])));
  const code = isStopped ? 'read-models-stopped' : 'read-model-failing';
  const messages = [...errors].filter((error) => !parked.has(error));
  if (isStopped && messages.length === 0) messages.push(healthReasons[code]);
  return messages.map((message) => ({ code, message }));
}

function auditReasons({ audit, selfCheck: { log, engines } }: HealthFacts): readonly HealthReason[] {
  const reasons: HealthReason[] = [];
  if (audit.state === 'halted')
    reasons.push({ code: 'audit-halted', message: audit.error ?? healthReasons['audit-halted'] });
  const [found] = log.findings;
  if (found) reasons.push({ code: 'self-check-found', message: found.message });
  const [difference] = engines.differences;
  if (difference)
    reasons.push({
      code: 'self-check-found',
      message: `The engines disagree about ${difference.policy} at position ${difference.recorded}.`,
    });
  return reasons;
}

function storeReasons({ store }: HealthFacts): readonly HealthReason[] {
  const found = Object.entries(store?.findings ?? {}).filter(([, count]) => count > 0);
  if (found.length === 0) return [];
  const counts = found.map(([kind, count]) => `${count} ${kind}`).join(', ');
  return [{ code: 'store-differs', message: `Events that differ between KurrentDB and the log: ${counts}.` }];
}
