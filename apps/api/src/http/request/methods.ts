/** The methods that change nothing (RFC 9110, section 9.2.1), as far as any route here takes them. */
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** True for a method that may change something. */
export const isWrite = (method: string): boolean => !READS.has(method);
