import type { EntryContent } from './entry-text.js';

/** What a log keeps beside an entry's text, for look-ups. */
export interface EntryColumns {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly prev?: number | null;
  readonly recordedAt: number;
}

const NAMES = ['id', 'key', 'type', 'stream', 'revision', 'prev', 'recordedAt'] as const;

/** What the columns beside an entry say otherwise than its text, in a sentence; undefined when they agree. */
export function columnFault(columns: EntryColumns, content: EntryContent): string | undefined {
  const differing = NAMES.filter((name) => (columns[name] ?? undefined) !== content[name]);
  return differing.length === 0
    ? undefined
    : `Its text and the columns beside it differ in ${differing.join(', ')}: one of them was changed.`;
}
