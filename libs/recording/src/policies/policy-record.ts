import { type RecordedEvent, REGISTERED, type Revision, fromStored, policyStream, revision } from '#domain';
import { DISREGARDED, type EventLog } from '#event-log';
import { entriesOf } from './stream-entries.js';

/** What the log holds of a policy. */
export interface PolicyRecord {
  /** In order of position, without the registration. */
  readonly events: readonly RecordedEvent[];
  readonly lastRevision: Revision;
}

/** Reads everything that the log holds of a policy. */
export async function readPolicyRecord(log: Pick<EventLog, 'readStream'>, policy: string): Promise<PolicyRecord> {
  const events: RecordedEvent[] = [];
  let lastRevision = revision(0);
  for await (const entry of entriesOf(log, policyStream(policy))) {
    lastRevision = entry.revision;
    if (entry.type !== REGISTERED && entry.type !== DISREGARDED) events.push(fromStored(entry));
  }
  return { events, lastRevision };
}
