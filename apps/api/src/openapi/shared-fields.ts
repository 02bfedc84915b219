import type { DocumentPart } from './schema-of.js';

/** Shorter schemas are repeated instead of referred to. */
const WORTH_SHARING_CHARACTERS = 120;

/** Schemas whose common fields have become components, and those components. */
export interface SharedFields {
  readonly schemas: readonly DocumentPart[];
  readonly components: Readonly<Record<string, DocumentPart>>;
}

/** Turns each field that several object schemas have alike into a component that they refer to. */
export function shareFields(schemas: readonly DocumentPart[]): SharedFields {
  const components = new Map<string, { readonly name: string; readonly schema: DocumentPart }>();
  const counts = new Map<string, number>();
  for (const [, schema] of schemas.flatMap(fieldsOf)) {
    const text = JSON.stringify(schema);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const names = new Set<string>();
  const share = (field: string, schema: DocumentPart): DocumentPart => {
    const text = JSON.stringify(schema);
    if (text.length < WORTH_SHARING_CHARACTERS || (counts.get(text) ?? 0) < 2) return schema;
    const component = components.get(text) ?? { name: freeName(field, names), schema };
    names.add(component.name);
    components.set(text, component);
    return { $ref: `#/components/schemas/${component.name}` };
  };
  return {
    schemas: schemas.map((schema) =>
      isObject(schema['properties'])
        ? {
            ...schema,
            properties: Object.fromEntries(fieldsOf(schema).map(([field, value]) => [field, share(field, value)])),
          }
        : schema,
    ),
    components: Object.fromEntries([...components.values()].map(({ name, schema }) => [name, schema])),
  };
}

const fieldsOf = ({ properties }: DocumentPart): readonly (readonly [string, DocumentPart])[] =>
  Object.entries(isObject(properties) ? properties : {}).filter(isField);

const isField = (entry: readonly [string, unknown]): entry is [string, DocumentPart] => isObject(entry[1]);

const isObject = (value: unknown): value is DocumentPart => typeof value === 'object' && value !== null;

function freeName(field: string, taken: ReadonlySet<string>): string {
  const name = `Field${field.charAt(0).toUpperCase()}${field.slice(1)}`;
  let number = 2;
  if (!taken.has(name)) return name;
  while (taken.has(`${name}${number}`)) number += 1;
  return `${name}${number}`;
}
