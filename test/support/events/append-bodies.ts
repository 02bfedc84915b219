import { createHash } from 'node:crypto';
import { type EventBody, REGISTERED, type Registration, policyStream, registrationKey, toStoredBody } from '#domain';
import { type AppendRequest, type EventLog, type NewEvent, canonicalJson } from '#event-log';

/** Appends a policy's registration as it is, past the rules of recording. */
export const registrationRequest = (registration: Registration): AppendRequest => ({
  stream: policyStream(registration.slug),
  expected: 'none',
  events: [newEvent(registrationKey(registration.slug), REGISTERED, canonicalJson(registration))],
});

/** Appends an event's body as it is, past the rules of recording. */
export function bodyRequest(body: EventBody): AppendRequest {
  const { body: stored, erasable } = toStoredBody(body, () => 'c2FsdA==');
  return {
    stream: policyStream(body.policy),
    expected: 'exists',
    events: [{ ...newEvent(body.key, body.type, canonicalJson(stored)), erasable }],
  };
}

/** Appends requests in order; throws when one is not appended. */
export async function appendAll(log: EventLog, requests: readonly AppendRequest[]): Promise<void> {
  for (const outcome of await log.appendMany(requests))
    if (outcome.outcome !== 'appended') throw new Error(`Not appended: ${JSON.stringify(outcome)}`);
}

const newEvent = (key: string, type: string, body: string): NewEvent => ({
  id: createHash('sha256')
    .update(key)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5'),
  key,
  type,
  body,
});
