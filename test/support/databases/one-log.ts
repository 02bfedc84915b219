import type { EventBody, RecordedEvent } from '#domain';
import type { AppendRequest } from '#event-log';
import { bodyRequest, registrationRequest } from '../events/append-bodies.js';

/** Appends a policy with a corpus's events, which get its slug into their keys: so many corpora fit in one log. */
export const policyRequests = (policy: string, events: readonly RecordedEvent[]): readonly AppendRequest[] => [
  registrationRequest({ slug: policy, title: policy, kind: 'scheme', jurisdiction: 'GB' }),
  ...events.map(({ body }) => bodyRequest(moveBody(body, policy))),
];

const renamed = (key: string, policy: string): string => `${policy}-${key}`;

/** The body with a policy's slug, which goes into all keys as well. */
export const moveBody = (body: EventBody, policy: string): EventBody => ({
  ...body,
  key: renamed(body.key, policy),
  policy,
  ...(body.target === undefined ? {} : { target: renamed(body.target, policy) }),
  ...(body.links ? { links: body.links.map((link) => ({ ...link, to: renamed(link.to, policy) })) } : {}),
  ...(body.changes ? { changes: movedChanges(body.changes, policy) } : {}),
});

const movedChanges = (
  changes: NonNullable<EventBody['changes']>,
  policy: string,
): NonNullable<EventBody['changes']> => ({
  ...changes,
  ...(changes.links ? { links: changes.links.map((link) => ({ ...link, to: renamed(link.to, policy) })) } : {}),
  ...(changes.changes ? { changes: movedChanges(changes.changes, policy) } : {}),
});
