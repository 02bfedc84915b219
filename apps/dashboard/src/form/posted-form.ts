import { type Path, put, readTyped, valueAt } from './body.js';
import type { FormField } from './fields.js';
import { exactDate } from './typed-dates.js';

/**
 * What somebody wants of a form that was posted: one more entry in a list, one less, to change a field of the event that
 * is corrected, to empty one, a check, or that it is recorded.
 */
export type FormWish =
  { readonly kind: 'add' | 'drop' | 'change' | 'empty'; readonly path: Path } | { readonly kind: 'check' | 'record' };

type Body = Readonly<Record<string, unknown>>;

/** No list of a form has more entries; a further one is not read. */
const ENTRIES_LIMIT = 200;

interface FormStart {
  readonly fields: readonly FormField[];
  readonly start: Body;
  /** As an ISO date, in the zone of the log. */
  readonly today: string;
}

/** Names a field of the event that a correction empties. */
const EMPTIED = 'emptied';

/** Reads what a posted form says about a body, by the fields that the form has; anything else in it is left out. */
export function bodyOfForm(form: URLSearchParams, { fields, start, today }: FormStart): Body {
  let body = start;
  for (const [name, text] of form) {
    if (name === EMPTIED) {
      const emptied = pathOf(text);
      if (emptied?.[0] === 'changes' && emptied.length === 2) body = putField(body, emptied, null);
    }
    const path = pathOf(name);
    const field = path === undefined ? undefined : fieldAt(fields, path);
    if (path !== undefined && field !== undefined)
      body = putField(body, path, valueOf(field, exactDate(text, field, today)));
  }
  return body;
}

/** The wish by which a form was sent; where no button says one, it is checked. */
export function wishOf(form: URLSearchParams): FormWish {
  // Not "remove": a field of that name would hide the form's own method from scripts.
  for (const kind of ['add', 'drop', 'change', 'empty'] as const) {
    const path = pathOf(form.get(BUTTONS[kind]) ?? '');
    if (path !== undefined) return { kind, path };
  }
  return { kind: form.has('record') ? 'record' : 'check' };
}

/** The buttons that send a form for the sake of one field, by what they are for. */
const BUTTONS = { add: 'add-entry', drop: 'drop-entry', change: 'change-field', empty: 'empty-field' } as const;

type EntryWish = Extract<FormWish, { readonly path: Path }> & {
  /** The event that is corrected, and the fields of the form: a change begins with what stands. */
  readonly target?: unknown;
  readonly fields?: readonly FormField[];
};

/** Adds an empty entry to a list of the body, takes one out, or begins to change a field. */
export function changeEntries(body: Body, { kind, path, target, fields = [] }: EntryWish): Body {
  if (kind === 'drop') return putField(body, path, undefined);
  if (kind === 'empty') return putField(body, path, null);
  if (kind === 'change') {
    const [changes] = fields.filter(({ name }) => name === 'changes');
    const field = changes?.kind === 'group' ? changes.fields.find(({ name }) => name === path[1]) : undefined;
    return field === undefined ? body : putField(body, path, startOfChange(field, valueAt(target, path.slice(1))));
  }
  const entries = valueAt(body, path);
  return putField(body, [...path, Array.isArray(entries) ? entries.length : 0], {});
}

/** What a field is changed from: what stands, or the least that can be filled in. */
export function startOfChange(field: FormField, current: unknown): unknown {
  if (current !== undefined) return current;
  if (field.kind === 'group') return {};
  return field.kind === 'list' ? [field.item.kind === 'group' ? {} : ''] : '';
}

/** Puts a value at a place that begins with the name of a field. */
const putField = (body: Body, [name, ...rest]: Path, value: unknown): Body => {
  const field = String(name);
  return { ...body, [field]: put(body[field], rest, value) };
};

/** The path of a JSON Pointer (RFC 6901); undefined for the name of anything that is no field. */
function pathOf(pointer: string): Path | undefined {
  if (!pointer.startsWith('/')) return undefined;
  const parts = pointer.slice(1).split('/');
  const path = parts.map((part) =>
    /^\d{1,4}$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~'),
  );
  return path.some((part) => typeof part === 'number' && part >= ENTRIES_LIMIT) ? undefined : path;
}

/** The field at a place of a body. */
function fieldAt(fields: readonly FormField[], [name, ...rest]: Path): FormField | undefined {
  const found = fields.find((each) => each.name === name);
  return found === undefined ? undefined : fieldWithin(found, rest);
}

function fieldWithin(field: FormField, path: Path): FormField | undefined {
  const [part, ...rest] = path;
  if (part === undefined) return field.kind === 'list' || field.kind === 'group' ? undefined : field;
  if (field.kind === 'group') return fieldAt(field.fields, path);
  return field.kind === 'list' && typeof part === 'number' ? fieldWithin(field.item, rest) : undefined;
}

function valueOf(field: FormField, text: string): unknown {
  switch (field.kind) {
    case 'number':
    case 'value':
      return readTyped(text);
    case 'switch':
      return true;
    case 'choice':
      return text === 'null' ? null : text === '' ? undefined : text;
    default:
      return text;
  }
}
