import { createHmac, timingSafeEqual } from 'node:crypto';

/** The header by which scripts of the page show that they are of the page. */
export const CSRF_HEADER = 'x-csrf-token';

/** The field by which forms of the page show it. */
export const CSRF_FIELD = 'csrf-token';

/**
 * The token that a write with a session must bring: known to who can read the pages of that session.
 *
 * It follows from the secret of the session, so nothing is kept for it, and it ends with the session.
 */
export const csrfTokenOf = (secret: string): string =>
  createHmac('sha256', secret).update('csrf-token').digest('base64url');

/** True if a text is the token, compared in constant time. */
export function isCsrfToken(text: unknown, expected: string): boolean {
  if (typeof text !== 'string') return false;
  const [given, wanted] = [Buffer.from(text), Buffer.from(expected)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
