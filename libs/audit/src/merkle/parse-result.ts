/** The result of parsing a text or bytes: the value, or a sentence about why there is none. */
export type ParseResult<What> =
  { readonly ok: true; readonly value: What } | { readonly ok: false; readonly message: string };

/** Wraps a value that was parsed. */
export const read = <What>(value: What): ParseResult<What> => ({ ok: true, value });

/** Wraps the reason why there is no value. */
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
