import type { AuditStatus, SelfCheckVerdict } from '#audit';
import type { StoreStatus } from '#kurrentdb-log';
import type { ProjectionStatus } from '#projections';
import { CLOCK_TOLD_MS, type ClockFigures } from '#recording';

/** A read model that is further behind is reported: usually it is behind by less than a second. */
export const BEHIND_LIMIT_MS = 60_000;

/** The reasons for which the service is degraded, with their meanings. */
export const healthReasons = {
  'read-models-stopped': 'The read models no longer advance; answers stay as they are. Restart the process.',
  'read-model-building': 'A read model is being built; answers that depend on it are not available yet.',
  'read-model-behind': `A read model is more than ${BEHIND_LIMIT_MS / 1_000} s behind the log.`,
  'read-model-failing': 'The read models meet a fault and retry.',
  'events-parked': 'A read model cannot process an event and parked it; its policy waits for an operator.',
  'audit-halted': 'Signing has stopped.',
  'self-check-found':
    'The self-check found something that differs from what was signed, or does not follow from the log.',
  'self-check-stale': 'The self-check has not completed recently, so its result is unknown.',
  'clock-behind':
    'The clock is more than a minute behind the last record: it is wrong now, or was wrong when that record was made.',
  'clock-differs': 'The clocks of the database and this machine differ by more than a minute: one of them is wrong.',
  'store-differs': 'KurrentDB and the log copied from it differ.',
} as const;

type ReasonCode = keyof typeof healthReasons;

/** A reason why the service is degraded, with a message that names what is affected. */
export interface HealthReason {
  readonly code: ReasonCode;
  readonly message: string;
}

/** The status of the audit, and the result of its self-check. */
export interface AuditFacts {
  readonly status: AuditStatus;
  readonly verdict: SelfCheckVerdict;
  readonly report: { readonly log: { readonly findings: readonly unknown[] } };
}

/** The facts from which health is determined. */
export interface HealthFacts {
  readonly projections: readonly ProjectionStatus[];
  readonly audit: AuditFacts;
  readonly store?: Pick<StoreStatus, 'findings'> | undefined;
  /** How far the clocks are off. */
  readonly clock: Pick<ClockFigures, 'behindMs' | 'differsMs'>;
  /** True while read models catch up after a start: being behind is not a fault then. */
  readonly isStarting: boolean;
  /** How long the process has been running: the self-check has no result at first. */
  readonly runningMs: number;
}

/** All reasons why the service is degraded; empty if it is not. */
export const reasonsIn = (facts: HealthFacts): readonly HealthReason[] => [
  ...facts.projections.flatMap((each) => readModelReasons(each, facts.isStarting)),
  ...failureReasons(facts.projections),
  ...auditReasons(facts),
  ...clockReasons(facts),
  ...storeReasons(facts),
];

function readModelReasons(status: ProjectionStatus, isStarting: boolean): readonly HealthReason[] {
  const { name, state, lagEvents, lagMs, parked } = status;
  const reasons: HealthReason[] = [];
  if (state === 'building')
    reasons.push({ code: 'read-model-building', message: `${name} is being built${buildFailure(status)}.` });
  else if (lagMs > BEHIND_LIMIT_MS && !isStarting)
    reasons.push({
      code: 'read-model-behind',
      message: `${name} is ${lagEvents} events and ${Math.round(lagMs / 1_000)} s behind the log.`,
    });
  for (const { event, policy, error, stops } of parked) {
    const then = stops ? `${name} has stopped in the partition of the policy` : 'the policy waits for an operator';
    reasons.push({
      code: 'events-parked',
      message: `${name} cannot process "${event}" of ${policy} (${error}); ${then}.`,
    });
  }
  return reasons;
}

const buildFailure = ({ rebuild }: ProjectionStatus): string =>
  rebuild?.state === 'failed' ? `; the build failed: ${rebuild.error ?? 'unknown reason'}` : '';

/** A fault concerns all read models of this process, so it is reported once. */
function failureReasons(projections: readonly ProjectionStatus[]): readonly HealthReason[] {
  const isStopped = projections.every(({ state }) => state === 'stopped');
  const reported = new Set(projections.flatMap(({ parked }) => parked.map(({ error }) => error)));
  const errors = new Set(projections.flatMap(({ lastError }) => (lastError === null ? [] : [lastError])));
  const code = isStopped ? 'read-models-stopped' : 'read-model-failing';
  const messages = [...errors].filter((error) => !reported.has(error));
  if (isStopped && messages.length === 0) messages.push(healthReasons[code]);
  return messages.map((message) => ({ code, message }));
}

function auditReasons({ audit, runningMs }: HealthFacts): readonly HealthReason[] {
  const { status, verdict, report } = audit;
  const isHalted = status.state === 'halted';
  const reasons: HealthReason[] = [];
  if (isHalted) reasons.push({ code: 'audit-halted', message: status.error ?? healthReasons['audit-halted'] });
  // A halt is a finding as well, which is already reported.
  if (verdict.status === 'found' && (!isHalted || report.log.findings.length > 0))
    reasons.push({ code: 'self-check-found', message: verdict.message });
  if (verdict.status === 'stale' && runningMs > verdict.staleAfterMs)
    reasons.push({ code: 'self-check-stale', message: verdict.message });
  return reasons;
}

const clockReasons = ({ clock: { behindMs, differsMs } }: HealthFacts): readonly HealthReason[] => [
  ...(behindMs > CLOCK_TOLD_MS
    ? [{ code: 'clock-behind' as const, message: `The clock is ${seconds(behindMs)} behind the last record.` }]
    : []),
  ...(Math.abs(differsMs) > CLOCK_TOLD_MS
    ? [
        {
          code: 'clock-differs' as const,
          message: `The database's clock is ${seconds(differsMs)} ${differsMs > 0 ? 'ahead of' : 'behind'} this machine's.`,
        },
      ]
    : []),
];

const seconds = (ms: number): string => `${Math.round(Math.abs(ms) / 1_000)} s`;

function storeReasons({ store }: HealthFacts): readonly HealthReason[] {
  const found = Object.entries(store?.findings ?? {}).filter(([, count]) => count > 0);
  if (found.length === 0) return [];
  const counts = found.map(([kind, count]) => `${count} ${kind}`).join(', ');
  return [{ code: 'store-differs', message: `Events that differ between KurrentDB and the log: ${counts}.` }];
}
