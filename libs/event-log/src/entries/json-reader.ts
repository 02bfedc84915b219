import type { EntryValue } from '../port.js';

/** The result of reading JSON text: the value, or a message that says what is wrong and where. */
export type ReadJson =
  { readonly ok: true; readonly value: EntryValue } | { readonly ok: false; readonly message: string };

const DEPTH_LIMIT = 64;

/**
 * Reads one JSON value, as strictly as a ledger must: on top of JSON.parse it refuses an object that names a member
 * twice (a reader would see one of the two, and another reader the other) and nesting beyond a limit.
 */
export function parseJson(text: string): ReadJson {
  const fault = structuralFault(text);
  if (fault?.kind === 'depth') return { ok: false, message: fault.message };
  try {
    const value: EntryValue = JSON.parse(text);
    return fault ? { ok: false, message: fault.message } : { ok: true, value };
  } catch (error) {
    return { ok: false, message: `Not JSON: ${error instanceof Error ? error.message : 'unreadable'}.` };
  }
}

interface Fault {
  readonly kind: 'depth' | 'duplicate';
  readonly message: string;
}

interface Level {
  readonly isObject: boolean;
  readonly names: Set<string>;
  expectsName: boolean;
}

/** One pass over the text that knows just enough of JSON to see member names and depth. */
function structuralFault(text: string): Fault | undefined {
  const levels: Level[] = [];
  let duplicate: Fault | undefined;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    const level = levels.at(-1);
    if (character === '"') {
      const end = endOfText(text, index);
      if (level?.expectsName) duplicate ??= duplicateIn(level, text.slice(index, end + 1), index);
      index = end;
    } else if (character === '{' || character === '[') {
      if (levels.length >= DEPTH_LIMIT)
        return { kind: 'depth', message: `Nested deeper than ${DEPTH_LIMIT} levels at character ${index + 1}.` };
      levels.push({ isObject: character === '{', names: new Set(), expectsName: character === '{' });
    } else if (character === '}' || character === ']') levels.pop();
    else if (character === ',' && level?.isObject) level.expectsName = true;
  }
  return duplicate;
}

function duplicateIn(level: Level, quoted: string, index: number): Fault | undefined {
  level.expectsName = false;
  // Escapes can write one name in two ways, so names are compared as read.
  const name = quoted.includes('\\') ? readName(quoted) : quoted.slice(1, -1);
  if (!level.names.has(name)) {
    level.names.add(name);
    return undefined;
  }
  return {
    kind: 'duplicate',
    message: `The member "${name.slice(0, 60)}" is given twice in one object, the second time at character ${index + 1}.`,
  };
}

function readName(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}

/** The index of the quote that ends a text which begins at `start`. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}
