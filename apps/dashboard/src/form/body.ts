/** A place in a body: names of fields and numbers of list items. */
export type Path = readonly (string | number)[];

/** The JSON Pointer of a place (RFC 6901). */
export const pointerOf = (path: Path): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Reads the value at a place; undefined if there is none. */
export function valueAt(body: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => {
    if (Array.isArray(value)) {
      const items: readonly unknown[] = value;
      return items[Number(part)];
    }
    return isObject(value) ? value[String(part)] : undefined;
  }, body);
}

/** Puts a value at a place, and makes what lies on the way; `undefined` takes the field or the item out. */
export function put(body: unknown, path: Path, value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (typeof part === 'number') {
    const items: unknown[] = Array.isArray(body) ? [...body] : [];
    const changed = put(items[part], rest, value);
    if (changed === undefined && rest.length === 0) items.splice(part, 1);
    else items[part] = changed;
    return items;
  }
  const fields = isObject(body) ? body : {};
  return { ...fields, [part]: put(fields[part], rest, value) };
}

/** Leaves out what was not filled in: empty texts, empty lists, groups without a field. `null` is a value. */
export function withoutEmpty(value: unknown): unknown {
  if (value === '' || value === undefined) return undefined;
  if (Array.isArray(value)) {
    const items = value.map(withoutEmpty).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (!isObject(value)) return value;
  const fields = Object.entries(value).flatMap(([name, each]) => {
    const kept = withoutEmpty(each);
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}

/** Reads what somebody typed where text, a number, yes or no may stand. */
export function readTyped(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (trimmed === 'yes') return true;
  if (trimmed === 'no') return false;
  return /^-?\d+(?:\.\d+)?$/.test(trimmed) ? Number(trimmed) : text;
}

/** Suggests a key from a summary: its first words, as the rules for keys want them. */
export const suggestKey = (summary: string): string =>
  summary
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim()
    .split(' ')
    .slice(0, 7)
    .join('-')
    .slice(0, 120);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
