import { type EntryContent, readEntryText } from '../log-check/entry-text.js';
import { readHeaderLine, seemsToBe } from './export-file.js';
import { LineFaultError, splitLines } from './export-lines.js';

/** An entry as an export has it. */
export interface ExportedEntry {
  readonly position: number;
  /** The stored canonical JSON. */
  readonly text: string;
  readonly content: EntryContent;
}

/**
 * The entries of an export, in order, in pieces as they come. Throws {@link LineFaultError} for a line that is not an
 * entry where one is expected: an export is to be verified before it is used, and one that changed since is refused.
 */
export async function* exportedEntries(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly ExportedEntry[]> {
  let position = 0;
  for await (const lines of splitLines(chunks)) {
    const entries: ExportedEntry[] = [];
    for (const { bytes, number } of lines) {
      if (seemsToBe(bytes) !== 'entry' || (number === 1 && readHeaderLine(bytes).ok)) continue;
      const content = readEntryText(bytes);
      if (!content.ok)
        throw new LineFaultError(number, `Line ${number} of the export is not an entry. ${content.message}`);
      position += 1;
      entries.push({ position, text: Buffer.from(bytes).toString('utf8'), content: content.value });
    }
    if (entries.length > 0) yield entries;
  }
}
