import { REGISTERED, formatInstant, fromStored, instant, policyOf, presentBody, registrationFromStored } from '#domain';
import type { LogEntry } from '#event-log';

/** An event in the JSON format of CloudEvents 1.0. */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: object;
}

/**
 * The CloudEvent of an entry: the event as it was recorded, and perhaps by whom. A later correction is an event of its own.
 */
export function cloudEventOf(entry: LogEntry, namesRecorder: boolean): CloudEvent {
  const { id, type, stream, recordedAt } = entry;
  const policy = policyOf(stream);
  return {
    specversion: '1.0',
    id,
    source: `/v1/policies/${policy}`,
    type,
    subject: policy,
    time: formatInstant(instant(recordedAt)),
    datacontenttype: 'application/json',
    data: namesRecorder && entry.by !== undefined ? { ...dataOf(entry), recordedBy: entry.by } : dataOf(entry),
  };
}

function dataOf(entry: LogEntry): object {
  const { id, key, type, stream, position, revision } = entry;
  const recordedAt = formatInstant(instant(entry.recordedAt));
  const place = { id, key, position, revision, recordedAt };
  if (type === REGISTERED) return { ...registrationFromStored(entry), ...place, type, policy: policyOf(stream) };
  const { body } = fromStored(entry);
  return { ...presentBody(body), ...place, knownFrom: formatInstant(body.publishedAt.from) };
}
