/** The methods that change nothing (RFC 9110, section 9.2.1), as far as any route here takes them. */
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** True for a method that may change something. */
export const isWrite = (method: string): boolean => !READS.has(method);

/** What is kept beside the record: citations, which any reader may ask for, and who is signed in. */
const BESIDE_THE_RECORD = /^\/(?:v1\/citations|sign-out)(?=\?|$)/;

/** True for a request that may change the record. */
export const isRecordWrite = ({ method, url }: { readonly method: string; readonly url: string }): boolean =>
  isWrite(method) && !BESIDE_THE_RECORD.test(url);
