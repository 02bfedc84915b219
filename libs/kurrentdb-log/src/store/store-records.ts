import type { AllStreamResolvedEvent, ResolvedEvent } from '@kurrent/kurrentdb-client';
import type { StoredRecord } from './store.js';

type Recorded = NonNullable<AllStreamResolvedEvent['event'] | ResolvedEvent['event']>;

/** The record of an event that the store's client answers; undefined for events that are the store's own. */
export function toStoredRecord(prefix: string, event: Recorded | undefined): StoredRecord | undefined {
  if (!event?.streamId.startsWith(prefix) || event.type.startsWith('$')) return undefined;
  return {
    at: event.position ?? { commit: 0n, prepare: 0n },
    stream: event.streamId.slice(prefix.length),
    revision: Number(event.revision),
    id: event.id,
    type: event.type,
    createdMs: event.created.getTime(),
    // What is JSON to the store was not written by the log, which writes bytes: only they come back as they were.
    data: event.data instanceof Uint8Array ? event.data : Buffer.from(JSON.stringify(event.data)),
    metadata: flatStrings(event.metadata),
  };
}

function flatStrings(metadata: unknown): Readonly<Record<string, string>> {
  if (typeof metadata !== 'object' || metadata === null || metadata instanceof Uint8Array) return {};
  const strings: Record<string, string> = {};
  for (const [name, value] of Object.entries(metadata)) if (typeof value === 'string') strings[name] = value;
  return strings;
}
