import { type RecordedEvent, REGISTERED, type Revision, fromStored, policyStream, revision } from '#domain';
import { DISREGARDED, type EventLog, readStreamWhole } from '#event-log';

/** The log's record of a policy. */
export interface PolicyRecord {
  /** In order of position, without the registration. */
  readonly events: readonly RecordedEvent[];
  readonly lastRevision: Revision;
}

/** Reads everything that the log holds of a policy. */
export async function readPolicyRecord(log: Pick<EventLog, 'readStream'>, policy: string): Promise<PolicyRecord> {
  const events: RecordedEvent[] = [];
  let lastRevision = revision(0);
  for await (const page of readStreamWhole(log, policyStream(policy)))
    for (const entry of page) {
      lastRevision = entry.revision;
      if (entry.type !== REGISTERED && entry.type !== DISREGARDED) events.push(fromStored(entry));
    }
  return { events, lastRevision };
}
