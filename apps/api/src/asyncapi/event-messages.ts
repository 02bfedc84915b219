import { z } from 'zod';
import { REGISTERED, eventTypes, registrationSchema } from '#domain';
import { instantText, recordedEvent } from '#projections';
import { componentOf } from '../openapi/event-bodies.js';

/** A message as the document describes it. */
export interface DescribedMessage {
  /** The `event` field. */
  readonly name: string;
  readonly title?: string;
  readonly summary: string;
  readonly payload: z.ZodType;
}

const { id, policy, position, revision, recordedAt, recordedBy } = recordedEvent.shape;

const recordedRegistration = z
  .object({
    ...registrationSchema.shape,
    id,
    key: z.string(),
    type: z.literal(REGISTERED),
    policy,
    position,
    revision,
    recordedAt,
    recordedBy,
  })
  .meta({ id: 'RecordedRegistration', description: 'A registration, with its place in the log.' });

/** Describes a message for every type of event, and for the registration of a policy. */
export function eventMessages(): Readonly<Record<string, DescribedMessage>> {
  const types = [...eventTypes.values()].map(({ name, says }) => messageOf(name, says, recordedEvent));
  const messages = [messageOf(REGISTERED, 'A policy was registered.', recordedRegistration), ...types];
  return Object.fromEntries(messages.map((message) => [componentOf(message.title), message]));
}

const messageOf = (type: string, says: string, data: z.ZodType): DescribedMessage & { readonly title: string } => ({
  name: 'event',
  title: type,
  summary: says,
  payload: z
    .object({
      specversion: z.literal('1.0'),
      id: z.string().meta({ format: 'uuid' }),
      source: z.string().meta({ format: 'uri-reference' }),
      type: z.literal(type),
      subject: z.string().meta({ description: 'Slug of the policy.' }),
      time: instantText.meta({ description: 'When it was recorded.' }),
      datacontenttype: z.literal('application/json'),
      data,
    })
    .meta({ description: 'A CloudEvent 1.0 in JSON.' }),
});
