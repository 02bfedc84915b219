import { commitmentTo, pointerTo } from '#domain';
import { DISREGARDED, type Json } from '#event-log';
import { readEntryText } from '../log-check/entry-text.js';
import type { StreamHead } from '../merkle/heads-tree.js';
import type { StoredDisclosure, StoredRow } from '../store/log-rows.js';

/** Something that is not as it was signed, and where. */
export interface Found {
  readonly position: number | null;
  readonly reason: string;
  readonly message: string;
}

/** The first stream whose stored head is not where it ends. */
export function headsFault(stored: readonly StreamHead[], ends: readonly StreamHead[]): readonly Found[] {
  const kept = new Map(stored.map((head) => [head.stream, head]));
  const wrong = ends.find((end) => {
    const head = kept.get(end.stream);
    return head?.position !== end.position || head.revision !== end.revision;
  });
  const known = new Set(ends.map(({ stream }) => stream));
  const extra = stored.find(({ stream }) => !known.has(stream));
  const stream = wrong?.stream ?? extra?.stream;
  return stream === undefined
    ? []
    : [
        {
          position: wrong?.position ?? null,
          reason: 'stored-heads-differ',
          message: `The stored end of the stream "${stream}" is not where it ends.`,
        },
      ];
}

/** What of the texts beside an entry is not what it commits to. */
export function textFaults(
  position: number,
  row: StoredRow | undefined,
  texts: readonly StoredDisclosure[],
): readonly Found[] {
  if (!row || row.type === DISREGARDED || (texts.length === 0 && !row.entry.includes('{"commit":"'))) return [];
  const content = readEntryText(Buffer.from(row.entry, 'utf8'));
  if (!content.ok) return [];
  const commitments = new Map(commitmentsIn(content.value.body, ''));
  const fault = (pointer: string, reason: string, message: string): Found => ({
    position,
    reason,
    message: `${message} (${pointer})`,
  });
  const shown = texts.flatMap(({ pointer, salt, value }) => {
    const commitment = commitments.get(pointer);
    commitments.delete(pointer);
    if (commitment === undefined)
      return [fault(pointer, 'text-outside', 'A text stands beside the entry that it does not commit to.')];
    return commitment === commitmentTo(value, salt)
      ? []
      : [fault(pointer, 'text-differs', 'A text beside the entry is not the one that it commits to.')];
  });
  return [
    ...shown,
    ...[...commitments.keys()].map((pointer) =>
      fault(pointer, 'text-missing', 'A text that the entry commits to is missing.'),
    ),
  ];
}

/** Every commitment in a body, by its JSON Pointer. */
function commitmentsIn(value: Json, pointer: string): readonly (readonly [pointer: string, commitment: string])[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries: readonly (readonly [string, Json])[] = Object.entries(value);
  const [[name, commitment] = []] = entries;
  if (entries.length === 1 && name === 'commit' && typeof commitment === 'string') return [[pointer, commitment]];
  return entries.flatMap(([member, inner]) => commitmentsIn(inner, pointer + pointerTo([member])));
}
