import { isDeepStrictEqual } from 'node:util';
import type { DocumentPart } from './schema-of.js';

type Schemas = Readonly<Record<string, DocumentPart>>;

/** Shorter schemas are repeated instead of referred to. */
const WORTH_SHARING_CHARACTERS = 120;

/**
 * Turns each field that several object schemas have alike into a component that they refer to; a field that also takes
 * null shares what it takes beside. Answers the schemas, and those components.
 */
export function shareFields(schemas: Schemas): Schemas {
  const counts = new Map<string, number>();
  for (const [, field] of Object.values(schemas).flatMap(fieldsOf)) {
    const text = JSON.stringify(valueOf(field));
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const names = new Map<string, string>();
  const components: Record<string, DocumentPart> = {};
  const share = (field: string, schema: DocumentPart): DocumentPart => {
    const value = valueOf(schema);
    if (value !== schema) return { anyOf: [share(field, value), NULL] };
    const text = JSON.stringify(schema);
    if (text.length < WORTH_SHARING_CHARACTERS || (counts.get(text) ?? 0) < 2) return schema;
    const name = names.get(text) ?? freeName(field, components);
    names.set(text, name);
    components[name] = schema;
    return { $ref: `#/components/schemas/${name}` };
  };
  const shared = Object.entries(schemas).map(([name, schema]) => {
    const fields = fieldsOf(schema).map(([field, value]) => [field, share(field, value)]);
    return [name, fields.length === 0 ? schema : { ...schema, properties: Object.fromEntries(fields) }];
  });
  return { ...Object.fromEntries(shared), ...components };
}

const NULL = { type: 'null' };

/** The schema of a field's value; of one that also takes null, of every other value. */
function valueOf(field: DocumentPart): DocumentPart {
  const [value]: readonly unknown[] = Array.isArray(field['anyOf']) ? field['anyOf'] : [];
  return isObject(value) && isDeepStrictEqual(field, { anyOf: [value, NULL] }) ? value : field;
}

const fieldsOf = ({ properties }: DocumentPart): readonly (readonly [string, DocumentPart])[] =>
  Object.entries(isObject(properties) ? properties : {}).filter(isField);

const isField = (entry: readonly [string, unknown]): entry is [string, DocumentPart] => isObject(entry[1]);

const isObject = (value: unknown): value is DocumentPart => typeof value === 'object' && value !== null;

function freeName(field: string, taken: Schemas): string {
  const name = `Field${field.charAt(0).toUpperCase()}${field.slice(1)}`;
  let number = 2;
  if (!(name in taken)) return name;
  while (`${name}${number}` in taken) number += 1;
  return `${name}${number}`;
}
