import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';

/** As much of an OpenAPI document as says what answers look like. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

interface DocumentedOperation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: object }>> }>
  >;
}

/** An answer as it was received. */
export interface ReceivedAnswer {
  readonly method: string;
  /** Path and query. */
  readonly address: string;
  readonly status: number;
  readonly type: string | null;
  /** The text of the body. */
  readonly text: string;
}

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const PROBLEM = 'application/problem+json';
const ANY_PROBLEM = { $ref: '#/components/schemas/Problem' };
const NDJSON = 'application/x-ndjson';

/**
 * Compares answers with an OpenAPI 3.1 document: the status, the media type, and every JSON body, of NDJSON each line.
 *
 * Answers one sentence for each difference, with its path in the body; nothing when there is none. A field that is not
 * documented is a difference, although the document leaves room for later fields: it says what is there today.
 */
export function documentedAnswers(document: OpenApi): (answer: ReceivedAnswer) => readonly string[] {
  const validatorOf = validators(document);
  const differencesIn = (schema: object, bodies: readonly string[]): readonly string[] => {
    const validate = validatorOf(schema);
    return bodies.flatMap((body) => (validate(JSON.parse(body)) ? [] : (validate.errors ?? []).map(differenceOf)));
  };
  return ({ method, address, status, type, text }) => {
    const media = type?.replace(/;.*/s, '');
    if (A_REFERENCE.test(address) && media !== PROBLEM) return [];
    const operation = operationAt(document, method, address);
    if (operation === undefined) {
      if (media === undefined || !isJson(media)) return [];
      if (media !== PROBLEM) return ['the operation is not documented'];
      return differencesIn(ANY_PROBLEM, [text]);
    }
    const response = operation.responses[String(status)];
    if (response === undefined) return [`the status ${status} is not documented`];
    if (media === undefined) return [];
    const content = response.content?.[media];
    if (content === undefined) return [`the type ${media} is not documented for ${status}`];
    if (content.schema === undefined || text === '') return [];
    return differencesIn(content.schema, bodiesIn(media, text));
  };
}

/** References are in the formats of reference managers, which the document does not describe. */
const A_REFERENCE = /\.(?:bib|ris|csl\.json)(?=\?|$)/;

/** The JSON texts in a body of that media type. */
const bodiesIn = (media: string, text: string): readonly string[] =>
  media === NDJSON ? text.trimEnd().split('\n') : isJson(media) ? [text] : [];

const isJson = (media: string): boolean => /[/+]json$/.test(media);

const differenceOf = ({ instancePath, message, params }: ErrorObject): string =>
  `${instancePath || '/'} ${message ?? ''} ${JSON.stringify(params)}`;

/** Compiles each schema of a document once. */
function validators({ components }: OpenApi): (schema: object) => ValidateFunction {
  const ajv = new Ajv2020({ strict: false, formats: { 'date-time': DATE_TIME, date: DATE, uri: true, base64: true } });
  ajv.addSchema({ $id: 'document', components: closed(components) });
  const compiled = new Map<object, ValidateFunction>();
  return (schema) => {
    const known = compiled.get(schema);
    if (known) return known;
    const text = JSON.stringify(closed(schema)).replaceAll('"#/components/', '"document#/components/');
    const made = ajv.compile(JSON.parse(text));
    compiled.set(schema, made);
    return made;
  };
}

/** The schema with every object that names its properties closed to others. */
const closed = (schema: object): object =>
  JSON.parse(JSON.stringify(schema), (_name, value: unknown) =>
    typeof value === 'object' && value !== null && 'properties' in value && 'type' in value && value.type === 'object'
      ? { additionalProperties: false, ...value }
      : value,
  );

function operationAt({ paths }: OpenApi, method: string, address: string): DocumentedOperation | undefined {
  const path = address.replace(/\?.*/s, '');
  const [template] = [path, path.replace(/\.(?:csv-metadata\.json|json|csv|ndjson|parquet)$/, '')].flatMap((each) =>
    templatesFor(each, Object.keys(paths)),
  );
  const verb = method.toLowerCase();
  return template === undefined ? undefined : paths[template]?.[verb === 'head' ? 'get' : verb];
}

/** The templates that a path matches; one that is spelled out goes before one with parameters. */
const templatesFor = (path: string, templates: readonly string[]): readonly string[] =>
  templates
    .filter((template) =>
      new RegExp(`^${template.replaceAll(/\{(\w+)\}/g, (_all, name) => (name === 'path' ? '.+' : '[^/]+'))}$`).test(
        path,
      ),
    )
    .sort((one, other) => one.split('{').length - other.split('{').length);
