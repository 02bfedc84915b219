import { type Instant, formatInstant } from '#domain';

/** An act about an event that a read model could not process. */
export interface Operation {
  readonly type: 'operation.event-parked' | 'operation.event-retried' | 'operation.event-discarded';
  readonly policy: string;
  /** Key of the event. */
  readonly target: string;
  readonly projection: string;
  readonly reason: string;
}

/** Describes for the record that a read model parked an event. */
export const parkedOperation = ({
  policy,
  event,
  projection,
  error,
}: {
  readonly policy: string;
  readonly event: string;
  readonly projection: string;
  readonly error: string;
}): Operation => ({
  type: 'operation.event-parked',
  policy,
  target: event,
  projection,
  reason: error.slice(0, REASON_LIMIT),
});

const REASON_LIMIT = 500;

const OPERATION_SUMMARIES: Readonly<Record<Operation['type'], string>> = {
  'operation.event-parked': 'A read model could not take an event.',
  'operation.event-retried': 'An operator had a read model try an event again.',
  'operation.event-discarded': 'An operator gave an event up for a read model.',
};

/** Keys are no longer than this. */
const KEY_LIMIT = 120;

/** The event, in its input form, that puts an operation on record. */
export function operationInput({ type, policy, target, projection, reason }: Operation, now: Instant): object {
  return {
    key: `${type.slice('operation.event-'.length)}-${projection}-${target}-${now}`.slice(-KEY_LIMIT).replace(/^-+/, ''),
    type,
    policy,
    occurred: formatInstant(now).slice(0, '2000-01-01'.length),
    publishedAt: formatInstant(now),
    summary: OPERATION_SUMMARIES[type],
    target,
    projection,
    reason,
  };
}
