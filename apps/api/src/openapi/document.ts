import { isDeepStrictEqual } from 'node:util';
import type { Type } from '@nestjs/common';
import { z } from 'zod';
import { TABLE_FORMATS, MEDIA_TYPES, tablePathOf } from '../exports/formats.js';
import type { NeededRole } from '../http/access/judge-role.js';
import { PROBLEM_TYPE } from '../http/problems/problem-filter.js';
import { type RefusalCode, refusals } from '../http/problems/refusals.js';
import { EVENT_STREAM } from '../live/frames.js';
import { COOKIES } from '../sign-in/cookies.js';
import { CSRF_HEADER } from '../sign-in/csrf.js';
import { eventBodySchemas } from './event-bodies.js';
import { mistake } from '../answers/mistakes.js';
import { type DocumentedBody, type DocumentedRoute, type DocumentedOperation, routeOf } from './route.js';
import { type DocumentPart, hoistDefinitions, schemaOf } from './schema-of.js';
import { shareFields } from './shared-fields.js';

/** The parts of an OpenAPI 3.1 document that are used here. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: DocumentPart;
  readonly servers: readonly DocumentPart[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentPart>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, DocumentPart>>;
    readonly securitySchemes: Readonly<Record<string, DocumentPart>>;
  };
  readonly security: readonly DocumentPart[];
}

/** Refusals that every operation may answer. */
const always: readonly RefusalCode[] = [
  'malformed-request',
  'foreign-host',
  'key-in-address',
  'key-rejected',
  'role-missing',
  'provider-unavailable',
  'invalid-query',
  'uri-too-long',
  'expectation-failed',
  'headers-too-large',
  'request-timeout',
  'internal-error',
  'database-unavailable',
  'took-too-long',
  'too-many-requests',
  'rate-exceeded',
  'starting',
  'shutting-down',
];

/** Refusals of every operation that only reads. */
const onReading: readonly RefusalCode[] = ['cross-site-read', 'not-acceptable', 'answer-too-large'];

/** Refusals of every operation whose answer has an entity tag. */
const onTagged: readonly RefusalCode[] = ['precondition-failed'];

/** Refusals of every operation that answers at a coordinate. */
const atCoordinates: readonly RefusalCode[] = ['beyond-head', 'in-future', 'not-settled', 'not-caught-up'];

/** Refusals of every operation that also answers files. */
const onFiles: readonly RefusalCode[] = ['range-not-satisfiable', 'no-room-for-export'];

/** Refusals of every list that a policy may filter. */
const inPolicy: readonly RefusalCode[] = ['unknown-policy', 'policy-not-yet-recorded'];

/** Refusals of every operation that changes something. */
const onWriting: readonly RefusalCode[] = [
  'writes-closed',
  'cross-site-write',
  'csrf-token-wrong',
  'clock-behind',
  'clock-differs',
  'body-too-large',
  'unsupported-media-type',
];

/** The name of this service. */
export const SERVICE_NAME = 'Policy Timeline';

const SECURITY_SCHEMES = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description:
      'A key, `ptl_…`, or a JSON Web Token of the identity provider, if the server has one. While it has neither, programs on its machine need none.',
  },
  basic: { type: 'http', scheme: 'basic', description: 'Any user, and the key as password.' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: COOKIES.session,
    description: `The session of somebody who signed in to the page, where that can be done. A write also needs the token of the session (\`csrfToken\` of \`/v1/about\`) as \`${CSRF_HEADER}\`.`,
  },
};

/** Builds the document of all routes of the controllers, from the same schemas by which requests are checked. */
export function openApiDocument(controllers: readonly Type[]): OpenApiDocument {
  const { paths, definitions } = extractDefinitions(pathsOf(controllers.flatMap(routesOf)));
  return {
    openapi: '3.1.0',
    info: {
      title: SERVICE_NAME,
      version: '1',
      description:
        'The state of policies, what was known when, what changed between two dates, and which event caused it.',
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: SECURITY_SCHEMES,
      schemas: shareFields({ ...eventBodySchemas(), ...definitions }),
    },
    // Each operation has its own.
    security: [],
  };
}

/** Checks that a component has only one schema. */
function sameAs(known: DocumentPart | undefined, definition: DocumentPart, name: string): DocumentPart {
  if (known === undefined || isDeepStrictEqual(known, definition)) return definition;
  throw new Error(`Two schemas of the document are called ${name}.`);
}

/** Moves the named schemas of answers to the components of the document. */
function extractDefinitions(paths: OpenApiDocument['paths']): {
  readonly paths: OpenApiDocument['paths'];
  readonly definitions: Readonly<Record<string, DocumentPart>>;
} {
  const found: Record<string, DocumentPart> = {};
  const rest = JSON.stringify(paths, (_name, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('$defs' in value)) return value;
    const { schema, definitions } = hoistDefinitions(Object.fromEntries(Object.entries(value)));
    for (const [name, definition] of Object.entries(definitions)) found[name] = sameAs(found[name], definition, name);
    return schema;
  });
  return { paths: JSON.parse(rest), definitions: found };
}

const problem = z
  .object({
    type: z.enum(Object.keys(refusals).map((code) => `urn:policy-timeline:problem:${code}`)),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    errors: z
      .array(mistake)
      .optional()
      .meta({ description: 'Every mistake, each with a JSON Pointer into the body, or `/query/<name>`.' }),
    since: z.int().optional().meta({ description: 'The position from which on the answer would be another.' }),
    near: z.string().optional().meta({ description: 'A name like the one that is not on record.' }),
    head: z.int().optional().meta({ description: 'The last position in the log.' }),
  })
  .meta({ id: 'Problem', description: 'Why a request was refused (RFC 9457).' });

interface NamedRoute extends DocumentedRoute {
  readonly id: string;
}

function routesOf(controller: Type): readonly NamedRoute[] {
  const prototype: object = controller.prototype;
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const method: unknown = Reflect.get(prototype, name);
    const route = typeof method === 'function' ? routeOf(method) : undefined;
    return route
      ? [{ ...route, path: templateOf(route.path), id: `${controller.name.replace('Controller', '')}.${name}` }]
      : [];
  });
}

/** Translates the parameters of Nest (`:name`) to those of OpenAPI (`{name}`); `*` becomes `{path}`. */
const templateOf = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}').replace(/\*$/, '{path}');

function pathsOf(routes: readonly NamedRoute[]): OpenApiDocument['paths'] {
  const paths: Record<string, Record<string, DocumentPart>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = describeRoute(route);
  return paths;
}

function describeRoute({ method, path, id, operation }: NamedRoute): DocumentPart {
  const { summary, description, body } = operation;
  return {
    operationId: id,
    tags: [path.startsWith('/c/') ? 'citations' : (path.split('/')[2] ?? 'operations')],
    summary,
    'x-role': operation.role,
    security: securityOf(operation.role),
    ...(description === undefined ? {} : { description }),
    parameters: parametersOf(path, operation),
    ...(body === undefined ? {} : { requestBody: requestBodyOf(body) }),
    responses: responsesOf(operation, method, path),
  };
}

/** A key is asked for only of what not everybody may do; a server can be configured to ask for it of all that reads. */
const securityOf = (role: NeededRole): readonly DocumentPart[] => {
  if (role === 'anyone') return [];
  const withKey = [{ bearer: [role] }, { basic: [role] }, { session: [role] }];
  return role === 'reader' ? [{}, ...withKey] : withKey;
};

function parametersOf(path: string, { query, headers = {} }: DocumentedOperation): readonly DocumentPart[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, schema]) => {
    const { description, ...rest } = schemaOf(schema, 'input');
    return { name, in: 'query', required: false, ...(description === undefined ? {} : { description }), schema: rest };
  });
  const inHeader = Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }));
  return [...inPath, ...inQuery, ...inHeader];
}

function requestBodyOf({ type, schema, description }: DocumentedBody): DocumentPart {
  const content =
    'component' in schema ? { $ref: `#/components/schemas/${schema.component}` } : schemaOf(schema, 'input');
  return {
    required: true,
    ...(description === undefined ? {} : { description }),
    content: { [type]: { schema: content } },
  };
}

function responsesOf(operation: DocumentedOperation, method: string, path: string): DocumentPart {
  const answers = [...new Set(operation.answers.map(({ status }) => status))].map((status) => {
    const ways = operation.answers.filter((each) => each.status === status);
    const content = ways.flatMap(({ schema, type = 'application/json' }) =>
      schema === undefined ? [] : [[type, { schema: schemaOf(schema, 'output') }]],
    );
    const description = [...new Set(ways.map((each) => each.description))].join(' ');
    return [status, { description, ...(content.length === 0 ? {} : { content: Object.fromEntries(content) }) }];
  });
  // A stream has no end, so no entity tag to compare.
  const isTagged = method === 'get' && !operation.answers.some(({ type }) => type === EVENT_STREAM);
  const notModified = isTagged ? [[304, { description: 'Not modified: the client has the current answer.' }]] : [];
  const isTable = method === 'get' && tablePathOf(path) !== undefined;
  const codes = [
    ...always,
    ...(method === 'get' ? onReading : onWriting),
    ...(isTagged ? onTagged : []),
    ...(isAtCoordinates(operation) ? atCoordinates : []),
    ...('policy' in (operation.query?.shape ?? {}) ? inPolicy : []),
    ...(isTable ? onFiles : []),
    ...(operation.refusals ?? []),
  ];
  const problemSchema = schemaOf(problem, 'output');
  const problems = [...new Set(codes.map((code) => refusals[code].status))].map((status) => [
    status,
    {
      description: titlesOf(codes, status),
      content: { [PROBLEM_TYPE]: { schema: problemSchema } },
    },
  ]);
  const responses: Readonly<Record<string, DocumentPart>> = Object.fromEntries([
    ...problems,
    ...notModified,
    ...answers,
  ]);
  return isTable ? withFiles(responses) : responses;
}

/** The types of the files that a table is also answered as. */
const FILE_CONTENT = Object.fromEntries(
  TABLE_FORMATS.filter((format) => format !== 'json').map((format) => [MEDIA_TYPES[format], { schema: {} }]),
);

/** Adds what an operation answers where it is also asked for files. */
function withFiles(responses: Readonly<Record<string, DocumentPart>>): DocumentPart {
  const { 200: whole = {} } = responses;
  const description = 'A part of a file (`Range`).';
  return {
    ...responses,
    200: { ...whole, content: { ...Object(whole['content']), ...FILE_CONTENT } },
    206: { description, content: FILE_CONTENT },
    302: { description: 'Parquet is answered at addresses that give all times; `Location` is that of this request.' },
  };
}

const isAtCoordinates = ({ query }: DocumentedOperation): boolean =>
  Object.keys(query?.shape ?? {}).some((name) => /^(?:from\.)?recordedAt$/.test(name));

function titlesOf(codes: readonly RefusalCode[], status: number): string {
  const titles = codes.filter((code) => refusals[code].status === status).map((code) => refusals[code].title);
  return [...new Set(titles)].join('; ');
}
