import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** As much of an OpenAPI document as says what answers look like. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: object };
}

interface DocumentedOperation {
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: object }>> }>
  >;
}

/** An answer as it came. */
export interface ReceivedAnswer {
  readonly method: string;
  /** Address with its query. */
  readonly address: string;
  readonly status: number;
  readonly type: string | null;
  readonly body: unknown;
}

const A_DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Compares answers with an OpenAPI 3.1 document; says what is not as documented, nothing when all is. */
export function documentedAnswers(document: OpenApi): (answer: ReceivedAnswer) => readonly string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { 'date-time': A_DATE_TIME, uri: true } });
  ajv.addSchema({ $id: 'document', components: document.components });
  const compiled = new Map<object, ValidateFunction>();
  const validatorOf = (schema: object): ValidateFunction => {
    const known = compiled.get(schema);
    if (known) return known;
    const text = JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/');
    const made = ajv.compile(JSON.parse(text));
    compiled.set(schema, made);
    return made;
  };
  return ({ method, address, status, type, body }) => {
    const operation = operationAt(document, method, address);
    if (operation === undefined) return status === 404 || status === 405 ? [] : ['no such operation is documented'];
    const response = operation.responses[String(status)];
    if (response === undefined) return [`the status ${status} is not documented`];
    if (type === null) return [];
    const media = type.replace(/;.*/s, '');
    const content = response.content?.[media];
    if (content === undefined) return [`the type ${media} is not documented for ${status}`];
    if (content.schema === undefined || !/[/+]json$/.test(media)) return [];
    const validate = validatorOf(content.schema);
    return validate(body)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
  };
}

function operationAt({ paths }: OpenApi, method: string, address: string): DocumentedOperation | undefined {
  const path = address.replace(/\?.*/s, '');
  const matching = Object.keys(paths)
    .filter((template) =>
      new RegExp(`^${template.replaceAll(/\{(\w+)\}/g, (_all, name) => (name === 'path' ? '.+' : '[^/]+'))}$`).test(
        path,
      ),
    )
    // What is spelled out goes before what has parameters.
    .sort((one, other) => one.split('{').length - other.split('{').length);
  return matching[0] === undefined ? undefined : paths[matching[0]]?.[method.toLowerCase()];
}
