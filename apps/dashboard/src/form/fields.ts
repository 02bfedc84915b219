/** A field of a form, made from the schema of a type of events. */
export type FormField = FieldFrame & FieldKind;

interface FieldFrame {
  readonly name: string;
  readonly about: string;
  readonly isRequired: boolean;
}

type FieldKind =
  | { readonly kind: 'text'; readonly isLong: boolean; readonly longest: number | undefined; readonly example: string }
  /** A date as precise as it is known, or the full day of a publication. */
  | { readonly kind: 'date'; readonly example: string; readonly isDay: boolean }
  | { readonly kind: 'number' }
  | { readonly kind: 'switch' }
  /** Text, a number, yes or no, whichever it reads as. */
  | { readonly kind: 'value' }
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly hasNone: boolean }
  | { readonly kind: 'group'; readonly fields: readonly FormField[] }
  | { readonly kind: 'list'; readonly item: FormField };

/** A part of the OpenAPI document: a JSON Schema. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly maxLength?: number;
  readonly description?: string;
  readonly examples?: readonly unknown[];
}

/** The schemas of an OpenAPI document by their names. */
export type Schemas = Readonly<Record<string, Schema>>;

/** A type of events with what it means. */
export interface EventType {
  readonly type: string;
  readonly about: string;
}

/** The types of events that can be recorded by a form, in the order of the document. */
export function listEventTypes(schemas: Schemas): readonly EventType[] {
  return bodiesIn(schemas).flatMap((schema) => {
    const type = schema.properties?.['type']?.const;
    return typeof type === 'string' ? [{ type, about: schema.description ?? '' }] : [];
  });
}

const bodiesIn = (schemas: Schemas): readonly Schema[] =>
  (schemas['EventBody']?.oneOf ?? []).map((schema) => resolve(schema, schemas));

/** Fields that the form sets itself, or that are of no use to a person. */
const NOT_SHOWN: ReadonlySet<string> = new Set(['type', 'embargoed']);

/** The order in which people fill in a form: the source, what happened, then what it says; the rest follows. */
const FIRST = [
  'title',
  'slug',
  'policy',
  'sources',
  'publishedAt',
  'occurred',
  'summary',
  'key',
  'target',
  'changes',
  'reason',
  'epistemic',
];

/** The form that registers a policy, named like the event that this becomes in the log. */
export const REGISTRATION_TYPE = 'policy.registered';

/** Makes the fields of a type of events, or of the registration of a policy; undefined for an unknown type. */
export function fieldsOf(type: string, schemas: Schemas): readonly FormField[] | undefined {
  const schema =
    type === REGISTRATION_TYPE
      ? schemas['Registration']
      : bodiesIn(schemas).find(({ properties }) => properties?.['type']?.const === type);
  if (schema === undefined) return undefined;
  const fields = fieldsIn(schema, { schemas, around: [schema] }).filter(({ name }) => !NOT_SHOWN.has(name));
  const main = mainListOf(type);
  const rank = ({ name, isRequired }: FormField): number => {
    if (name === main) return FIRST.indexOf('summary') + 0.5;
    const place = FIRST.indexOf(name);
    return place === -1 ? (isRequired ? FIRST.length : FIRST.length + 1) : place;
  };
  return fields.toSorted((one, other) => rank(one) - rank(other));
}

/** The list that events of a type are about, of which a form shows an entry from the start. */
export function mainListOf(type: string): 'figures' | 'terms' | undefined {
  if (type.startsWith('figure.')) return 'figures';
  return type.startsWith('terms.') ? 'terms' : undefined;
}

interface FieldPlace {
  readonly schemas: Schemas;
  readonly isRequired: boolean;
  /** The schemas around: one that holds itself, as changes of changes do, is shown once. */
  readonly around: readonly Schema[];
}

function fieldsIn(schema: Schema, { schemas, around }: Omit<FieldPlace, 'isRequired'>): readonly FormField[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, each]) => {
    const isRequired = schema.required?.includes(name) ?? false;
    const holdsItself = partsOf(each, schemas).some((part) => around.includes(part));
    return holdsItself ? [] : [fieldFrom(name, each, { schemas, isRequired, around })];
  });
}

/** A schema itself, and the alternatives that it consists of. */
function partsOf(given: Schema, schemas: Schemas): readonly Schema[] {
  const schema = resolve(given, schemas);
  return [schema, ...(schema.anyOf ?? []).map((each) => resolve(each, schemas))];
}

function fieldFrom(name: string, given: Schema, { schemas, isRequired, around }: FieldPlace): FormField {
  const schema = resolve(given, schemas);
  const about = schema.description ?? given.description ?? '';
  const kind = kindOf(schema, { schemas, around: [...around, schema] });
  const isDay = name === 'publishedAt' && kind.kind === 'text';
  return { name, about, isRequired, ...(isDay ? { kind: 'date', isDay, example: kind.example } : kind) };
}

function kindOf(schema: Schema, place: Omit<FieldPlace, 'isRequired'>): FieldKind {
  const options = (schema.anyOf ?? []).map((each) => resolve(each, place.schemas));
  const real = options.filter(({ type }) => type !== 'null');
  const [only] = real;
  if (only !== undefined && real.length === 1) return kindOfNullable(only, schema, place);
  if (real.length > 1) return { kind: 'value' };
  if (schema.enum !== undefined) return { kind: 'choice', choices: schema.enum, hasNone: false };
  if (schema.properties !== undefined) return { kind: 'group', fields: fieldsIn(schema, place) };
  if (schema.items !== undefined)
    return { kind: 'list', item: fieldFrom('', schema.items, { ...place, isRequired: false }) };
  return kindOfSimple(schema);
}

function kindOfNullable(only: Schema, schema: Schema, { schemas, around }: Omit<FieldPlace, 'isRequired'>): FieldKind {
  const described = { ...only, description: schema.description ?? only.description ?? '' };
  const kind = kindOf(described, { schemas, around: [...around, only] });
  return kind.kind === 'choice' ? { ...kind, hasNone: true } : kind;
}

function kindOfSimple(schema: Schema): FieldKind {
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  if (types.includes('number') || types.includes('integer')) return { kind: 'number' };
  if (types.includes('boolean')) return { kind: 'switch' };
  const [first] = schema.examples ?? [];
  const example = typeof first === 'string' ? first : '';
  if (/\(EDTF\)/.test(schema.description ?? '')) return { kind: 'date', example, isDay: false };
  return { kind: 'text', isLong: (schema.maxLength ?? 0) > 250, longest: schema.maxLength, example };
}

/** Follows references within the document; what surrounds one counts for more than what it leads to. */
function resolve(schema: Schema, schemas: Schemas): Schema {
  const name = schema.$ref?.replace('#/components/schemas/', '');
  const found = name === undefined ? undefined : schemas[name];
  return found === undefined ? schema : resolve(found, schemas);
}
