/** What reading a text or bytes gives: what they say, or what is wrong with them. */
export type ParseResult<What> =
  { readonly ok: true; readonly value: What } | { readonly ok: false; readonly message: string };

/** What was read. */
export const read = <What>(value: What): ParseResult<What> => ({ ok: true, value });

/** Why it cannot be read. */
export const unreadable = (message: string): { readonly ok: false; readonly message: string } => ({
  ok: false,
  message,
});

/** Base64 (RFC 4648, section 4) read strictly: undefined unless it is exactly how the bytes are written. */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** Bytes in base64 (RFC 4648, section 4). */
export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
