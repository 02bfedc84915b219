import { commitmentTo, pointerTo } from '#domain';
import { DISREGARDED, type EntryValue } from '#event-log';
import type { EntryContent } from '../log-check/entry-text.js';
import { type LogFinding, findingAt } from '../log-check/findings.js';
import type { StreamHead } from '../merkle/stream-head.js';
import type { StoredDisclosure } from '../store/log-rows.js';

/** Finds the first stream whose stored head is not where it ends. */
export function findHeads(stored: readonly StreamHead[], ends: readonly StreamHead[]): readonly LogFinding[] {
  const kept = new Map(stored.map((head) => [head.stream, head]));
  const wrong = ends.find((end) => {
    const head = kept.get(end.stream);
    return head?.position !== end.position || head.revision !== end.revision;
  });
  const known = new Set(ends.map(({ stream }) => stream));
  const extra = stored.find(({ stream }) => !known.has(stream));
  const stream = wrong?.stream ?? extra?.stream;
  return stream === undefined ? [] : [findingAt(wrong?.position ?? null, 'stored-heads-differ', stream)];
}

/** Finds the texts beside an entry that are not what it commits to. */
export function findTexts(
  position: number,
  content: EntryContent | undefined,
  texts: readonly StoredDisclosure[],
): readonly LogFinding[] {
  if (!content || content.type === DISREGARDED) return [];
  const commitments = new Map(commitmentsIn(content.body, ''));
  const shown = texts.flatMap(({ pointer, salt, value }) => {
    const commitment = commitments.get(pointer);
    commitments.delete(pointer);
    if (commitment === undefined) return [findingAt(position, 'text-outside', pointer)];
    return commitment === commitmentTo(value, salt) ? [] : [findingAt(position, 'text-differs', pointer)];
  });
  return [...shown, ...[...commitments.keys()].map((pointer) => findingAt(position, 'text-missing', pointer))];
}

/** Every commitment in a body, by its JSON Pointer. */
function commitmentsIn(
  value: EntryValue,
  pointer: string,
): readonly (readonly [pointer: string, commitment: string])[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries: readonly (readonly [string, EntryValue])[] = Object.entries(value);
  const [[name, commitment] = []] = entries;
  if (entries.length === 1 && name === 'commit' && typeof commitment === 'string') return [[pointer, commitment]];
  return entries.flatMap(([member, inner]) => commitmentsIn(inner, pointer + pointerTo([member])));
}
