import { canonicalJson, type Disregarded, readDisregarded, readEntry } from '#event-log/adapter';
import { draftAs } from '../sequencer/mirror-draft.js';
import type { StorePosition, StoredRecord } from '../store/store.js';

/** The log's copy of one record: its entry, and the position and time that the store gave it. */
export interface MirroredEntry {
  readonly position: number;
  readonly at: StorePosition;
  readonly createdMs: number;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly entry: string;
}

/**
 * How store and log differ.
 *
 * - `altered`: the store's event is not what was copied.
 * - `blanked`: its content was emptied, as redaction does.
 * - `missing`: it is not there any more.
 * - `added`: the store has an event where it had none.
 */
export interface GuardFinding {
  readonly kind: 'altered' | 'blanked' | 'missing' | 'added';
  readonly at: StorePosition;
  /** In the log; absent for what was added. */
  readonly position?: number;
  readonly detail: string;
}

/** Compares stretches of store and log that should be the same, both in the store's order. Pure. */
export function compareStretches(
  records: readonly StoredRecord[],
  mirrored: readonly MirroredEntry[],
): readonly GuardFinding[] {
  const findings: GuardFinding[] = [];
  let index = 0;
  for (const entry of mirrored) {
    for (let next = records[index]; next && isBefore(next.at, entry.at); next = records[index]) {
      findings.push(reportAdded(next));
      index += 1;
    }
    const record = records[index];
    if (!record || isBefore(entry.at, record.at)) {
      findings.push(reportMissing(entry));
      continue;
    }
    index += 1;
    const finding = differenceOf(record, entry);
    if (finding) findings.push(finding);
  }
  return [...findings, ...records.slice(index).map(reportAdded)];
}

/** True for a position that comes first in the store's order. */
export const isBefore = (one: StorePosition, other: StorePosition): boolean =>
  one.commit < other.commit || (one.commit === other.commit && one.prepare < other.prepare);

const nameOf = ({ stream, revision }: { readonly stream: string; readonly revision: number }): string =>
  `event ${revision} of the stream "${stream}"`;

const reportAdded = (record: StoredRecord): GuardFinding => ({
  kind: 'added',
  at: record.at,
  detail: `The store has the ${nameOf(record)}, which was never copied to the log.`,
});

const reportMissing = (entry: MirroredEntry): GuardFinding => ({
  kind: 'missing',
  at: entry.at,
  position: entry.position,
  detail: `The store has lost the ${nameOf(entry)}: deleted, truncated or scavenged.`,
});

function differenceOf(record: StoredRecord, entry: MirroredEntry): GuardFinding | undefined {
  const { at, position } = entry;
  if (isSameAs(record, entry)) return undefined;
  return isBlank(record.data)
    ? { kind: 'blanked', at, position, detail: `The store's ${nameOf(entry)} was emptied.` }
    : { kind: 'altered', at, position, detail: `The store's ${nameOf(entry)} is not what was copied from it.` };
}

/** Reads cut the server's time to whole seconds. */
const secondsOf = (ms: number): number => Math.floor(ms / 1_000);

function isSameAs(record: StoredRecord, { stream, revision, createdMs, entry, type }: MirroredEntry): boolean {
  if (record.stream !== stream || record.revision !== revision) return false;
  if (secondsOf(record.createdMs) !== secondsOf(createdMs)) return false;
  const disregarded = readDisregarded({ type, body: readEntry(entry).body });
  const draft = tryDraft(record, disregarded);
  if (!draft) return false;
  const before = draft.before.toString();
  // Between the two parts is only what the log itself gave: the position before, the time, the revision.
  return (
    entry.length > before.length + draft.after.length &&
    entry.startsWith(before) &&
    entry.endsWith(`,"revision":${canonicalJson(revision)}${draft.after}`)
  );
}

/** A form that only a newer version knows is not what was copied. */
function tryDraft(record: StoredRecord, disregarded: Disregarded | undefined): ReturnType<typeof draftAs> {
  try {
    return draftAs(record, disregarded?.reason);
  } catch {
    return undefined;
  }
}

const BLANKS = new Set([0, ' '.charCodeAt(0)]);

const isBlank = (data: Uint8Array): boolean => data.every((byte) => BLANKS.has(byte));
