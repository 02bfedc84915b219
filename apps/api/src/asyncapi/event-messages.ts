import { z } from 'zod';
import { REGISTERED, eventTypes, registrationSchema } from '#domain';
import { componentOf } from '../openapi/event-bodies.js';
import { type DocumentPart, hoistDefinitions, schemaOf } from '../openapi/schema-of.js';
import { shareFields } from '../openapi/shared-fields.js';

/** The messages of all event types, and the schemas that their payloads refer to. */
export interface EventMessages {
  readonly messages: Readonly<Record<string, DocumentPart>>;
  readonly schemas: Readonly<Record<string, DocumentPart>>;
}

/** An event type as its message needs it: its description, and the schema of what was recorded. */
interface DescribedType {
  readonly name: string;
  readonly says: string;
  readonly schema: z.ZodType;
  /** True if its data also contains when it became public. */
  readonly isDated: boolean;
}

/** Describes a message for every type of event, and for the registration of a policy. */
export function eventMessages(): EventMessages {
  const registration = {
    name: REGISTERED,
    says: 'A policy was registered.',
    schema: registrationSchema,
    isDated: false,
  };
  const types: readonly DescribedType[] = [
    registration,
    ...[...eventTypes.values()].map((type) => ({ ...type, isDated: true })),
  ];
  const described = types.map(({ schema }) => hoistDefinitions(schemaOf(schema, 'input')));
  const { schemas, components } = shareFields(described.map(({ schema }) => schema));
  const messages = types.map(({ name, says }) => [componentOf(name), messageOf(name, says)] as const);
  const data = types.map((type, index) => [componentOf(type.name), dataOf(schemas[index] ?? {}, type)] as const);
  return {
    messages: Object.fromEntries(messages),
    schemas: {
      ...Object.fromEntries(data),
      ...components,
      ...Object.assign({}, ...described.map(({ definitions }) => definitions)),
    },
  };
}

const messageOf = (type: string, says: string): DocumentPart => ({
  name: 'event',
  title: type,
  summary: says,
  contentType: 'application/json',
  payload: {
    type: 'object',
    description: 'A CloudEvent 1.0 in JSON.',
    required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'data'],
    properties: {
      specversion: { const: '1.0' },
      id: { type: 'string', format: 'uuid' },
      source: { type: 'string', format: 'uri-reference' },
      type: { const: type },
      subject: { type: 'string', description: 'Slug of the policy.' },
      time: { type: 'string', format: 'date-time', description: 'When it was recorded.' },
      datacontenttype: { const: 'application/json' },
      data: { $ref: `#/components/schemas/${componentOf(type)}` },
    },
  },
});

const place = z.object({
  id: z.string(),
  key: z.string(),
  type: z.string(),
  policy: z.string(),
  position: z.int().min(1),
  revision: z.int().min(0),
  recordedAt: z.string().meta({ format: 'date-time' }),
});

const dated = place.extend({
  knownFrom: z
    .string()
    .meta({ format: 'date-time', description: 'The first instant at which the public could know the event.' }),
});

/** The schema of an erased text. */
const ERASED: DocumentPart = { type: 'object', required: ['erased'], properties: { erased: { const: true } } };

/** The schema of the recorded body with its location in the log. A note may have been erased since. */
function dataOf(body: DocumentPart, { isDated }: DescribedType): DocumentPart {
  const { additionalProperties: _strict, ...rest } = body;
  const added = schemaOf(isDated ? dated : place, 'output');
  const properties = { ...propertiesOf(rest), ...propertiesOf(added) };
  const { note } = properties;
  return {
    ...rest,
    properties: { ...properties, ...(note === undefined ? {} : { note: { anyOf: [note, ERASED] } }) },
    required: [...new Set([...namesIn(rest['required']), ...namesIn(added['required'])])],
  };
}

const propertiesOf = ({ properties }: DocumentPart): Readonly<Record<string, unknown>> =>
  typeof properties === 'object' && properties !== null ? Object.fromEntries(Object.entries(properties)) : {};

const namesIn = (required: unknown): readonly string[] => (Array.isArray(required) ? required.map(String) : []);
