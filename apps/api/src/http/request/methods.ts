/** The methods that change nothing (RFC 9110, section 9.2.1), as far as any route here takes them. */
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** True for a method that may change something. */
export const isWrite = (method: string): boolean => !READS.has(method);

const A_CITATION = /^\/v1\/citations(?=\?|$)/;

/** True for a request that may change the record. A citation is kept beside it, so any reader may ask for one. */
export const isRecordWrite = ({ method, url }: { readonly method: string; readonly url: string }): boolean =>
  isWrite(method) && !A_CITATION.test(url);
