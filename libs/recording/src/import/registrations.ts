import {
  type EventBody,
  type Instant,
  type RecordedEvent,
  type Rejection,
  position,
  registrationKey,
  retractionOfRegistration,
  revision,
} from '#domain';
import { readPolicyRecord } from '../policy-record.js';
import { policyWithdrawn, registrationFaults } from '../withdrawals.js';
import type { Candidate } from './candidates.js';
import { recordingOrder } from './order.js';
import { type CheckNeeds, bodyOf } from './pieces.js';

type Faults = readonly (readonly [Candidate, readonly Rejection[]])[];

/** What stands against lines because a policy is, or is to be, withdrawn or restored: judged in the order of recording. */
export async function registrationFaultsOf(lines: readonly Candidate[], needs: CheckNeeds): Promise<Faults> {
  const byKey = new Map(lines.map((line) => [line.key, line]));
  const isAbout = (line: Candidate): boolean => retractsRegistration(line, byKey, needs);
  const policies = new Set(
    lines.filter((line) => isAbout(line) || needs.names.withdrawnBy(line.policy)).map(({ policy }) => policy),
  );
  if (policies.size === 0) return [];
  const byPolicy = new Map<string, Candidate[]>([...policies].map((policy) => [policy, []]));
  for (const line of recordingOrder(lines)) if (line.type !== undefined) byPolicy.get(line.policy)?.push(line);
  const faults: (readonly [Candidate, readonly Rejection[]])[] = [];
  for (const [policy, ofPolicy] of byPolicy) faults.push(...(await faultsOf(policy, ofPolicy, { ...needs, isAbout })));
  return faults;
}

/** Through any depth of retractions, in the file or on record. */
function retractsRegistration(
  { type, policy, target }: Candidate,
  byKey: ReadonlyMap<string, Candidate>,
  { names }: Pick<CheckNeeds, 'names'>,
): boolean {
  if (type !== 'record.retracted') return false;
  const seen = new Set<string>();
  for (let next = target; next !== undefined && !seen.has(next); next = byKey.get(next)?.target) {
    if (next === registrationKey(policy) || names.registrationBehind(next) === policy) return true;
    seen.add(next);
  }
  return false;
}

async function faultsOf(
  policy: string,
  lines: readonly Candidate[],
  needs: CheckNeeds & { readonly isAbout: (line: Candidate) => boolean },
): Promise<Faults> {
  const { names } = needs;
  const record = await readPolicyRecord(needs.log, policy);
  const [events, retractions] = [[...record.events], [...names.retractionsOf(policy)]];
  const found: (readonly [Candidate, readonly Rejection[]])[] = [];
  for (const line of lines) {
    const { body } = await bodyOf(line, needs);
    const by = retractionOfRegistration(policy, retractions);
    const faults = needs.isAbout(line)
      ? registrationFaults(body, { names, events, retractions })
      : by === undefined
        ? []
        : [policyWithdrawn(policy, by)];
    if (faults.length > 0) found.push([line, faults]);
    else {
      if (needs.isAbout(line)) retractions.push({ key: body.key, target: body.target ?? '' });
      events.push(asRecorded(body, { last: events.at(-1), now: needs.now() }));
    }
  }
  return found;
}

/** The event as it would be recorded after the last, as far as a fold needs it. */
const asRecorded = (
  body: EventBody,
  { last, now }: { readonly last: RecordedEvent | undefined; readonly now: Instant },
): RecordedEvent => ({
  id: '',
  key: body.key,
  type: body.type,
  position: position((last?.position ?? 0) + 1),
  revision: revision((last?.revision ?? 0) + 1),
  recordedAt: now,
  body,
});
