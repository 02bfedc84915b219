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
  const isList = Array.isArray(value);
  let separator = isList ? '[' : '{';
  for (const [name, member] of isList ? value.entries() : Object.entries(value)) {
    if (!isList && (member === undefined || typeof member === 'function')) continue;
    yield isList ? separator : `${separator}${JSON.stringify(name)}:`;
    yield* partsOf(member, levels - 1);
    separator = ',';
  }
  yield isList ? (separator === '[' ? '[]' : ']') : separator === '{' ? '{}' : '}';
}
