import type { Pool } from 'pg';
import { LogStartError } from '../log-start-error.js';
import { ENTRY_VERSION } from '../port.js';

/** So many of the newest entries are looked at: whoever wrote in a newer form did so last. */
const NEWEST = 1_000;

/** No form has more digits, and nothing else follows it in the text of an entry. */
const TAIL_CHARACTERS = 12;

const NEWER_FORM = `SELECT key, form FROM (
    SELECT position, key, substring(right(entry, ${TAIL_CHARACTERS}) FROM '"v":([0-9]+)[}]$')::integer AS form
    FROM log.events ORDER BY position DESC LIMIT ${NEWEST}
  ) newest WHERE form > $1 ORDER BY position DESC LIMIT 1`;

/**
 * Throws {@link LogStartError} where a newer version of the program has recorded events here lately, in a form that this
 * one does not know: it could neither read them nor decide by them.
 *
 * What this does not see, since it lies further back, is refused wherever it is read.
 */
export async function assertKnownForms(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ readonly key: string; readonly form: number }>(NEWER_FORM, [ENTRY_VERSION]);
  const [newer] = rows;
  if (newer === undefined) return;
  throw new LogStartError(
    `The log has events in stored form ${newer.form}, like "${newer.key}"; this program reads forms up to ${ENTRY_VERSION}. A newer version recorded them: run that, or restore a backup from before.`,
  );
}
