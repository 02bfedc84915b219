import type { CarriedTable } from './carried-tables.js';

/** Entries in a full part of the log, unless it is asked otherwise: 64 tiles. */
export const PART_ENTRIES = 16_384;

/** The log that is in a backup: how much of it, and in parts of how many entries, a multiple of 256. */
export interface BackupExtent {
  readonly position: number;
  readonly partEntries: number;
}

/** The entries of one part: those after a position, up to another. */
export interface PartSpan {
  readonly after: number;
  readonly upTo: number;
  /** The last part ends with the checkpoint; it may have no entries. */
  readonly isLast: boolean;
}

/**
 * The parts of a log, in order: full ones, and the last, which is never full. A full part never changes, so the next
 * backup keeps it.
 */
export function spansOf({ position, partEntries }: BackupExtent): readonly PartSpan[] {
  const full = Math.floor(position / partEntries);
  return Array.from({ length: full + 1 }, (_, index) => {
    const after = index * partEntries;
    return { after, upTo: Math.min(position, after + partEntries), isLast: index === full };
  });
}

const DIGITS = 12;

const padded = (position: number): string => String(position).padStart(DIGITS, '0');

/** The name of a part, without its digest: names in their order are parts in their order. */
export const partName = (name: string, { after, upTo, isLast }: PartSpan): string =>
  `${name}-${padded(after)}-${isLast ? 'last' : padded(upTo)}`;

/** The name of the parts that are the export of the log. */
export const EXPORT = 'export';

/** The name of the file that says what the backup is of. */
export const DESCRIPTION = 'backup';

/** The files of a table, in order: one, or one a part of the log. */
export const filesOfTable = ({ name, parts }: CarriedTable, extent: BackupExtent): readonly string[] =>
  parts === undefined ? [name] : spansOf(extent).map((span) => partName(name, span));

/** The files of the export, in order. */
export const filesOfExport = (extent: BackupExtent): readonly string[] =>
  spansOf(extent).map((span) => partName(EXPORT, span));

const DIGEST_DIGITS = 16;

/** The name of a file: what it is, and the beginning of its hash, so that another content never takes its place. */
export const fileNameOf = (name: string, sha256: string): string =>
  `${name}.${sha256.slice(0, DIGEST_DIGITS)}.${name === DESCRIPTION ? 'json' : 'ndjson'}`;

const FILE_NAME = /^([a-z][a-z-]*(?:-\d{12}-(?:\d{12}|last))?)\.[0-9a-f]{16}\.(?:nd)?json$/;

/** What a file is, by its name; undefined for one that no backup has. */
export const nameInFile = (file: string): string | undefined => FILE_NAME.exec(file)?.[1];
