import { z } from 'zod';
import { EVENT_STREAM } from '../live/frames.js';
import { allStreamQuery, policyStreamQuery } from '../live/stream-query.js';
import { type DocumentPart, hoistDefinitions, schemaOf } from '../openapi/schema-of.js';
import { shareFields } from '../openapi/shared-fields.js';
import { type DescribedMessage, eventMessages } from './event-messages.js';
import { OTHER_MESSAGES } from './other-messages.js';

/** The parts of an AsyncAPI 3 document that are used here. */
export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly info: DocumentPart;
  readonly defaultContentType: 'application/json';
  readonly channels: Readonly<Record<string, DocumentPart>>;
  readonly operations: Readonly<Record<string, DocumentPart>>;
  readonly components: {
    readonly messages: Readonly<Record<string, DocumentPart>>;
    readonly schemas: Readonly<Record<string, DocumentPart>>;
  };
}

/** Builds the document of the streams: every message, from the registry of event types and the schemas of answers. */
export function asyncApiDocument(): AsyncApiDocument {
  const components = componentsOf({ ...eventMessages(), ...OTHER_MESSAGES });
  const names = Object.keys(components.messages);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Policy Timeline: streams',
      version: '1',
      description: ABOUT,
    },
    defaultContentType: 'application/json',
    channels: {
      everything: channelOf('/v1/stream', names, {
        title: 'Everything',
        description: `All events, or the states of all policies. ${parametersIn(allStreamQuery)}`,
      }),
      policy: channelOf('/v1/policies/{slug}/stream', names, {
        title: 'One policy',
        description: `The events of one policy, or its state. ${parametersIn(policyStreamQuery)}`,
        parameters: { slug: { description: 'Slug of the policy.' } },
      }),
    },
    operations: {
      tellEverything: operationOf('everything', names, 'Sends everything as it is recorded.'),
      tellPolicy: operationOf('policy', names, 'Sends what is recorded about one policy.'),
    },
    components,
  };
}

const ABOUT = `Server-Sent Events (${EVENT_STREAM}) over HTTP. The name of a message is its \`event\` field, its payload the JSON in \`data\`.
\`id\` is the position in the log with \`view=events\` and \`position.instantMs\`, the coordinate last shown, with \`view=patches\`. A client that sends it as \`Last-Event-ID\`, or as \`?after=\`, resumes there with nothing lost or repeated. A comment is sent every 15 s.`;

const parametersIn = (query: z.ZodObject): string =>
  `Query parameters: ${Object.keys(query.shape)
    .map((name) => `\`${name}\``)
    .join(', ')}; /openapi.json describes them.`;

/** All payloads are converted as one object, so that what they have in common is converted once. */
function componentsOf(messages: Readonly<Record<string, DescribedMessage>>): AsyncApiDocument['components'] {
  const payloads = z.object(Object.fromEntries(Object.entries(messages).map(([key, { payload }]) => [key, payload])));
  const { schema, definitions } = hoistDefinitions(schemaOf(payloads, 'output'));
  const properties: DocumentPart = Object(schema['properties']);
  const described = Object.entries(messages).map(([key, { payload: _payload, ...about }]) => [
    key,
    { ...about, contentType: 'application/json', payload: properties[key] },
  ]);
  return { messages: Object.fromEntries(described), schemas: shareFields(definitions) };
}

const channelOf = (address: string, messages: readonly string[], about: DocumentPart): DocumentPart => ({
  address,
  ...about,
  messages: Object.fromEntries(messages.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
});

const operationOf = (channel: string, messages: readonly string[], summary: string): DocumentPart => ({
  action: 'send',
  channel: { $ref: `#/channels/${channel}` },
  summary,
  messages: messages.map((name) => ({ $ref: `#/channels/${channel}/messages/${name}` })),
});
