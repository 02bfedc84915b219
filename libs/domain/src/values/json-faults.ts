import { UNSAFE_NAMES } from './names.js';
import { pointerTo } from './json.js';
import { type Rejection, REJECTIONS_LISTED } from './rejection.js';

/** Lists are at most this long. */
export const LIST_LIMIT = 200;

const DEPTH_LIMIT = 32;
// Control characters other than newline and tab, as domain text must not hold them.
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

type Path = readonly (string | number)[];

/**
 * Finds what no field may contain, whatever its type: malformed text, numbers that not every reader can represent, member
 * names that affect objects themselves, lists beyond the limit. Stops when enough faults are found.
 */
export function jsonFaults(value: unknown): readonly Rejection[] {
  const faults: Rejection[] = [];
  const pending: { value: unknown; path: Path }[] = [{ value, path: [] }];
  for (let next = pending.pop(); next && faults.length < REJECTIONS_LISTED; next = pending.pop()) {
    const found = faultsOf(next.value, next.path);
    faults.push(...found);
    if (found.length === 0) pending.push(...membersOf(next.value, next.path));
  }
  return faults;
}

function faultsOf(value: unknown, path: Path): readonly Rejection[] {
  const pointer = pointerTo(path);
  if (typeof value === 'string') return textFaults(value, pointer);
  if (typeof value === 'number') return numberFaults(value, pointer);
  if (path.length > DEPTH_LIMIT)
    return [
      {
        code: 'over-limit',
        pointer,
        message: `The value is nested more than ${DEPTH_LIMIT} levels deep. Send a flatter value.`,
      },
    ];
  if (Array.isArray(value) && value.length > LIST_LIMIT)
    return [
      {
        code: 'over-limit',
        pointer,
        message: `The list has ${value.length} items; at most ${LIST_LIMIT} are allowed. Leave some out, or record them with another event.`,
      },
    ];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.keys(value).flatMap((name) => nameFaults(name, [...path, name]));
}

function textFaults(text: string, pointer: string): readonly Rejection[] {
  if (!text.isWellFormed())
    return [
      {
        code: 'malformed-text',
        pointer,
        message: 'The text contains half of a surrogate pair, so it is not valid Unicode. Send whole characters.',
      },
    ];
  const control = CONTROL.exec(text)?.[0];
  if (control === undefined) return [];
  const name = `U+${control.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  return [
    {
      code: 'malformed-text',
      pointer,
      message: `The text contains the control character ${name}; only newline and tab are allowed. Remove it.`,
    },
  ];
}

const numberFaults = (value: number, pointer: string): readonly Rejection[] =>
  !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))
    ? [
        {
          code: 'unsafe-number',
          pointer,
          message: 'Integers are exact only up to 9007199254740991 (2^53 - 1). Give a smaller number or another unit.',
        },
      ]
    : [];

function nameFaults(name: string, path: Path): readonly Rejection[] {
  const pointer = pointerTo(path);
  if (UNSAFE_NAMES.has(name))
    return [{ code: 'unsafe-name', pointer, message: `"${name}" cannot be the name of a field. Remove it.` }];
  return textFaults(name, pointer);
}

function membersOf(value: unknown, path: Path): readonly { value: unknown; path: Path }[] {
  if (Array.isArray(value)) return value.map((item: unknown, index) => ({ value: item, path: [...path, index] }));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([name, member]: [string, unknown]) => ({ value: member, path: [...path, name] }));
}
