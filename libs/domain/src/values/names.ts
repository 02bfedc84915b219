/** Fields whose whole value is a name. */
const NAMES = ['title', 'host', 'stage', 'projection'] as const;

/** Fields that hold one object, or a list of them, with the members that are names. */
const NAMES_WITHIN: Readonly<Record<string, readonly string[]>> = {
  actors: ['name', 'role', 'onBehalfOf'],
  counterparties: ['name', 'role', 'onBehalfOf'],
  attributedTo: ['name', 'role', 'onBehalfOf'],
  via: ['publisher', 'form'],
  sources: ['publisher', 'title', 'locator'],
  source: ['publisher', 'title', 'locator'],
  terms: ['unit'],
  figures: ['unit', 'purpose'],
};

// Most names: printable ASCII with single spaces, which is in the one form already.
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

/**
 * Normalises a name: composed (Unicode NFC), no space at its ends, single spaces within.
 *
 * Names are equal if their normalised forms are. Idempotent.
 */
export const normalizeName = (name: string): string =>
  PLAIN.test(name) ? name : name.normalize('NFC').replaceAll(/\s+/g, ' ').trim();

type Fields = Readonly<Record<string, unknown>>;

/** Normalises every name in some fields of a body or registration, including those in the changes of a correction. */
export function normalizeNames(fields: Fields): Fields {
  const within = Object.entries(NAMES_WITHIN).map(
    ([field, members]) => [field, namesIn(fields[field], members)] as const,
  );
  const { changes } = fields;
  return replaceChanged(fields, [
    ...NAMES.map((field) => [field, nameOr(fields[field])] as const),
    ...within,
    ['changes', isFields(changes) ? normalizeNames(changes) : changes],
  ]);
}

const nameOr = (value: unknown): unknown => (typeof value === 'string' ? normalizeName(value) : value);

function namesIn(value: unknown, members: readonly string[]): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => namesIn(item, members));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  return isFields(value)
    ? replaceChanged(
        value,
        members.map((member) => [member, nameOr(value[member])]),
      )
    : value;
}

/** Replaces fields; returns the same object if nothing changes: there are very many bodies, and few need it. */
function replaceChanged(fields: Fields, wanted: readonly (readonly [field: string, value: unknown])[]): Fields {
  const changed = wanted.filter(([field, value]) => value !== fields[field]);
  return changed.length === 0 ? fields : { ...fields, ...Object.fromEntries(changed) };
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// Zero-width characters, bidirectional controls, fillers, variation selectors, tags, and the marks of interlinear notes.
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\u2800]/u;

/** The first invisible character of a text, as `U+200B`; undefined if there is none. */
export function invisibleIn(text: string): string | undefined {
  const code = INVISIBLE.exec(text)?.[0].codePointAt(0);
  return code === undefined ? undefined : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Names that JavaScript treats specially as members of an object. */
export const UNSAFE_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** An actor's name as fields and filters use it; one word for every name that was erased. */
export const actorName = ({ name }: { readonly name: unknown }): string => (typeof name === 'string' ? name : 'erased');
