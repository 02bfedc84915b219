import { createHash } from 'node:crypto';

/** Names of publishers and titles are single lines of printable text, so this occurs in none of them. */
const SEPARATOR = '\u001f';

/**
 * The identity of a source: SHA-256, in hexadecimal digits, over its publisher, title and date of publication, with
 * U+001F between them. Many sources have no address, and one address may have many.
 */
export const sourceIdentity = (publisher: string, title: string, publishedAt: string): string =>
  createHash('sha256').update([publisher, title, publishedAt].join(SEPARATOR)).digest('hex');
