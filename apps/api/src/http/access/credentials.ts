import type { IncomingHttpHeaders } from 'node:http';

/** The key with which a request was sent: none, or one that cannot be read. */
export type Credential = { readonly key: string } | 'none' | 'unreadable';

const A_CREDENTIAL = /^(bearer|basic) +([!-~]+)$/i;

/** A header as it was sent: names and values in turn. */
type RawHeaders = readonly string[];

/**
 * Reads the key of a request: `Authorization: Bearer <key>` (RFC 6750), or Basic with any user and the key as password
 * (RFC 7617).
 */
export function readCredential({ authorization }: IncomingHttpHeaders, raw: RawHeaders): Credential {
  if (authorization === undefined) return 'none';
  if (raw.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization').length > 1)
    return 'unreadable';
  const [, scheme = '', given = ''] = A_CREDENTIAL.exec(authorization.trim()) ?? [];
  if (given === '') return 'unreadable';
  const key = scheme.toLowerCase() === 'bearer' ? given : passwordIn(given);
  return key === '' ? 'unreadable' : { key };
}

function passwordIn(given: string): string {
  const text = Buffer.from(given, 'base64').toString('utf8');
  return text.includes(':') ? text.slice(text.indexOf(':') + 1) : '';
}
