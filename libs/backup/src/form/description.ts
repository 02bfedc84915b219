import { z } from 'zod';
import { canonicalJson } from '#event-log';

/** The format that every backup names. */
const BACKUP_FORMAT = 'policy-timeline-backup';

/** The version of the backup's form. */
export const BACKUP_VERSION = 1;

const described = z.strictObject({
  format: z.literal(BACKUP_FORMAT),
  version: z.literal(BACKUP_VERSION),
  /** The position up to which the log is in it; its size. */
  position: z.int().min(0),
  /** Entries in a full part of the log. */
  partEntries: z.int().min(1).multipleOf(256),
  /** The signed root at that size, in base64. */
  root: z.base64(),
  /** The key that the log is signed with. */
  vkey: z.string(),
  takenAt: z.iso.datetime(),
  /** The names of the tables that it carries. */
  tables: z.array(z.string()),
});

/** The description of a backup: what it is of. */
export type BackupDescription = z.infer<typeof described>;

/** Writes a description. */
export const descriptionText = (description: Omit<BackupDescription, 'format' | 'version'>): string =>
  `${canonicalJson({ format: BACKUP_FORMAT, version: BACKUP_VERSION, ...description })}\n`;

const newer = z.object({ format: z.literal(BACKUP_FORMAT), version: z.int().gt(BACKUP_VERSION) });

/** Reads a description; `newer` for one in a form that a later version of this program wrote, undefined for none. */
export function parseDescription(text: string): BackupDescription | 'newer' | undefined {
  const value = parsed(text);
  if (newer.safeParse(value).success) return 'newer';
  return described.safeParse(value).data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
