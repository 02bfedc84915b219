import { type Instant, instant } from '#domain';

/** Writes an instant as HTTP does, with its second alone (RFC 9110, section 5.6.7). */
export const httpDate = (at: Instant): string => new Date(at).toUTCString();

/**
 * Reads a date as HTTP writes it: `Tue, 08 Jul 2025 12:00:00 GMT`. Undefined for anything else: another zone, other
 * letters, a day of the week that is not that of the date (RFC 7089, section 2.1.1.1).
 */
export function parseHttpDate(text: string): Instant | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) || new Date(at).toUTCString() !== text ? undefined : instant(at);
}
