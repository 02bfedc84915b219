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
