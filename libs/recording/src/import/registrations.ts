import { type Rejection, TARGETS_DEEP, registrationKey, retractionOfRegistration } from '#domain';
import { readPolicyRecord } from '../policies/policy-record.js';
import { type RecordedPart, policyWithdrawn, registrationFaults } from '../policies/withdrawals.js';
import type { Candidate } from './candidates.js';
import { recordingOrder } from './order.js';
import type { CheckNeeds } from './line-contents.js';

type Faults = readonly (readonly [Candidate, readonly Rejection[]])[];

/** The rejections of lines whose policy is, or is to be, withdrawn or restored, judged in the order of recording. */
export async function registrationFaultsOf(lines: readonly Candidate[], needs: CheckNeeds): Promise<Faults> {
  const { names, turns } = needs;
  const byKey = new Map<string, Candidate>();
  await turns.forEach(lines, (line) => byKey.set(line.key, line));
  const about = new Set<Candidate>();
  const policies = new Map<string, Candidate[]>();
  const withdrawn = new Map<string, boolean>();
  for (const line of lines) {
    const { policy } = line;
    if (retractsRegistration(line, byKey, needs)) about.add(line);
    if (!withdrawn.has(policy)) withdrawn.set(policy, names.withdrawnBy(policy) !== undefined);
    if (about.has(line) || withdrawn.get(policy) === true) policies.set(policy, []);
    if (turns.isOver) await turns.next();
  }
  if (policies.size === 0) return [];
  for (const line of await recordingOrder(lines, turns))
    if (line.type !== undefined) policies.get(line.policy)?.push(line);
  const faults: (readonly [Candidate, readonly Rejection[]])[] = [];
  for (const [policy, ofPolicy] of policies) faults.push(...(await faultsOf(policy, ofPolicy, { ...needs, about })));
  return faults;
}

/** Through any depth of retractions, in the file or on record; as deep as records may be about records. */
function retractsRegistration(
  { type, policy, target }: Candidate,
  byKey: ReadonlyMap<string, Candidate>,
  { names }: Pick<CheckNeeds, 'names'>,
): boolean {
  if (type !== 'record.retracted') return false;
  for (let next = target, depth = 0; next !== undefined && depth <= TARGETS_DEEP; depth += 1) {
    if (next === registrationKey(policy) || names.registrationBehind(next) === policy) return true;
    next = byKey.get(next)?.target;
  }
  return false;
}

async function faultsOf(
  policy: string,
  lines: readonly Candidate[],
  needs: CheckNeeds & { readonly about: ReadonlySet<Candidate> },
): Promise<Faults> {
  const { names, about, turns } = needs;
  const record = await readPolicyRecord(needs.log, policy);
  const events: RecordedPart[] = record.events.map(({ body: { key, type, target } }) => ({ key, type, target }));
  const retractions = [...names.retractionsOf(policy)];
  const found: (readonly [Candidate, readonly Rejection[]])[] = [];
  let by = retractionOfRegistration(policy, retractions);
  for (const line of lines) {
    const { key, type = '', target } = line;
    const faults = about.has(line)
      ? registrationFaults({ key, policy, ...(target === undefined ? {} : { target }) }, { names, events, retractions })
      : by === undefined
        ? []
        : [policyWithdrawn(policy, by)];
    if (faults.length > 0) found.push([line, faults]);
    else events.push({ key, type, target });
    if (faults.length === 0 && about.has(line)) {
      retractions.push({ key, target: target ?? '' });
      by = retractionOfRegistration(policy, retractions);
    }
    if (turns.isOver) await turns.next();
  }
  return found;
}
