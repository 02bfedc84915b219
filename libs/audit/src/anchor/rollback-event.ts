import { createHash } from 'node:crypto';
import { ROLLBACK_ACCEPTED, SERVICE, parseEventBody, policyStream, toStoredBody } from '#domain';
import { type AppendRequest, type EventLog, canonicalJson } from '#event-log';
import type { Acceptance } from './acceptance.js';

/**
 * Records that an operator accepted a rollback; the same acceptance is recorded once, however often it is tried.
 *
 * Throws where the log does not take it.
 */
export async function recordRollback(log: Pick<EventLog, 'append'>, acceptance: Acceptance): Promise<void> {
  const outcome = await log.append(requestOf(acceptance));
  if (outcome.outcome === 'appended' || outcome.outcome === 'duplicate' || outcome.outcome === 'pending') return;
  throw new Error(`The accepted rollback cannot be recorded: ${outcome.outcome}.`);
}

const DAY = '2000-01-01'.length;

const KEY_DIGITS = 16;

function requestOf({ size, root, reason, acceptedAt }: Acceptance): AppendRequest {
  const key = `rollback-accepted-${size}-${Buffer.from(root, 'base64').toString('hex').slice(0, KEY_DIGITS)}`;
  const input = {
    key,
    type: ROLLBACK_ACCEPTED,
    policy: SERVICE,
    occurred: acceptedAt.slice(0, DAY),
    publishedAt: acceptedAt,
    summary: 'An operator accepted that the log was put back to an older state.',
    size,
    root,
    reason,
  };
  const parsed = parseEventBody(input, 'UTC');
  if (!parsed.ok) throw new Error(`The accepted rollback cannot be recorded: ${JSON.stringify(parsed.rejections)}`);
  const body = canonicalJson(toStoredBody(parsed.body, () => '').body);
  const event = { id: idOf(body), key, type: ROLLBACK_ACCEPTED, body };
  return { stream: policyStream(SERVICE), expected: 'any', events: [event] };
}

/** RFC 9562, section 5.8: an id that follows from the content. */
function idOf(content: string): string {
  const hex = createHash('sha256').update(content).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
