import { Turns } from '#runtime/turns';

/** A value with at most this many members on its first levels is written at once. */
const SHORT = 2_000;

/** Long lists and maps of an answer are at most this deep. */
const LEVELS = 3;

/** True for an answer that is written in turns. */
export const isLong = (answer: unknown): boolean => membersOf(answer, LEVELS) > SHORT;

function membersOf(value: unknown, levels: number): number {
  if (levels === 0 || typeof value !== 'object' || value === null) return 0;
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  // Of a list that is long by itself, no member needs to be looked at.
  if (members.length > SHORT) return members.length;
  return members.reduce<number>((sum, member) => sum + membersOf(member, levels - 1), members.length);
}

/** The length of text that is encoded at a time. */
const BYTES_AT_ONCE = 256 * 1024;

/** Writes plain data exactly as `JSON.stringify` does, in UTF-8; yields to other work in between. */
export async function jsonInTurns(answer: unknown): Promise<Buffer> {
  const turns = new Turns();
  const bytes: Buffer[] = [];
  let text = '';
  for (const part of partsOf(answer, LEVELS)) {
    text += part;
    if (text.length >= BYTES_AT_ONCE) {
      bytes.push(Buffer.from(text));
      text = '';
    }
    if (turns.isOver) await turns.next();
  }
  return Buffer.concat([...bytes, Buffer.from(text)]);
}

function* partsOf(value: unknown, levels: number): Generator<string> {
  if (typeof value !== 'object' || value === null || membersOf(value, levels) <= SHORT) {
    yield JSON.stringify(value) ?? 'null';
    return;
  }
  if (Array.isArray(value)) {
    yield* partsOfList(value, levels);
    return;
  }
  let separator = '{';
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined || typeof member === 'function') continue;
    yield `${separator}${JSON.stringify(name)}:`;
    yield* partsOf(member, levels - 1);
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
}

/** A stretch of a list whose items are short is written at once. */
const ITEMS_AT_ONCE = 500;

function* partsOfList(list: readonly unknown[], levels: number): Generator<string> {
  let separator = '[';
  for (let from = 0; from < list.length; from += ITEMS_AT_ONCE) {
    const items = list.slice(from, from + ITEMS_AT_ONCE);
    if (membersOf(items, levels) <= SHORT) {
      yield `${separator}${JSON.stringify(items).slice(1, -1)}`;
      separator = ',';
      continue;
    }
    for (const item of items) {
      yield separator;
      yield* partsOf(item, levels - 1);
      separator = ',';
    }
  }
  yield separator === '[' ? '[]' : ']';
}
