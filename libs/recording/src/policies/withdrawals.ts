import {
  type EventBody,
  type RegistrationRetraction,
  type Rejection,
  retractionOfRegistration,
  speaksOfRecords,
} from '#domain';
import type { PolicyNames } from './policy-names.js';

/** The number of keys that a rejection lists. */
const LISTED = 10;

/** As much of an event as tells whether it is in force once everything is known. */
export interface RecordedPart {
  readonly key: string;
  readonly type: string;
  readonly target?: string | undefined;
}

/** A policy as a decision about its registration needs it. */
export interface RegistrationState {
  readonly names: PolicyNames;
  readonly events: readonly RecordedPart[];
  /** Of its registration and, at any depth, of these. */
  readonly retractions: readonly RegistrationRetraction[];
}

/** True for a retraction of a registration, or at any depth of such a retraction. */
export const isAboutRegistration = ({ type, policy, target }: AboutTarget, names: PolicyNames): boolean =>
  type === 'record.retracted' && target !== undefined && names.registrationBehind(target) === policy;

type AboutTarget = Pick<EventBody, 'policy' | 'type' | 'target'>;

/**
 * Why a policy's registration cannot be retracted, or that retraction not be taken back.
 *
 * A policy is withdrawn only when no event about it is in force, and comes back only while its aliases are free.
 */
export function registrationFaults(
  { key, policy, target = '' }: Pick<EventBody, 'key' | 'policy' | 'target'>,
  { names, events, retractions }: RegistrationState,
): readonly Rejection[] {
  const before = retractionOfRegistration(policy, retractions);
  const after = retractionOfRegistration(policy, [...retractions, { key, target }]);
  if (before === undefined && after !== undefined) return eventsInForce(policy, events);
  if (before === undefined || after !== undefined) return [];
  return names.taken(
    policy,
    names.aliasesOf(policy).map((name) => ({ name, pointer: '/target' })),
  );
}

function eventsInForce(policy: string, events: readonly RecordedPart[]): readonly Rejection[] {
  const keys = keysInForce(events);
  if (keys.length === 0) return [];
  const listed = keys.slice(0, LISTED).join(', ') + (keys.length > LISTED ? `, and ${keys.length - LISTED} more` : '');
  return [
    {
      code: 'events-in-force',
      pointer: '/target',
      message: `"${policy}" cannot be withdrawn while events about it are in force: ${listed}. Retract them first, or record how the policy ended.`,
    },
  ];
}

/** Keys of the events of the policy itself that no retraction in force takes back, once everything is known. */
function keysInForce(events: readonly RecordedPart[]): readonly string[] {
  // What takes something back is recorded after it: from the last on, each stands or was taken back.
  const takenBack = new Set<string>();
  for (const { key, type, target } of events.toReversed())
    if (type === 'record.retracted' && target !== undefined && !takenBack.has(key)) takenBack.add(target);
  return events.filter(({ key, type }) => !speaksOfRecords(type) && !takenBack.has(key)).map(({ key }) => key);
}

/** The rejection of anything that is recorded about a policy while it is withdrawn. */
export const policyWithdrawn = (policy: string, by: string): Rejection => ({
  code: 'policy-withdrawn',
  pointer: '/policy',
  message: `The registration of "${policy}" was withdrawn by "${by}". To restore it, retract "${by}".`,
});
