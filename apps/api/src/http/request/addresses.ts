/** The address of a request without scheme and host, which it may name in absolute form (RFC 9112, section 3.2.2). */
export function originForm(url: string): string {
  const rest = url.replace(/^https?:\/\/[^/?#]*/i, '');
  return rest === url || rest.startsWith('/') ? rest : `/${rest}`;
}

/** The same address with the slug of the policy in place of an alias; the rest is unchanged. */
export const withSlug = (url: string, slug: string): string =>
  originForm(url).replace(/^\/v1\/policies\/[^/?.]+/, `/v1/policies/${slug}`);

const NOT_IN_A_URI = /%(?![\da-f]{2})|[^\w\-.~:/?#[\]@!$&'()*+,;=%]/gi;

/** An address as a valid URI reference (RFC 3986, section 4.1): characters that are not allowed are percent-encoded. */
export function uriReference(url: string): string {
  // Node has each byte of an address as one character.
  const escaped = originForm(url).replaceAll(NOT_IN_A_URI, (character) =>
    character.charCodeAt(0) > 0xff ? encodeURIComponent(character) : encodeByte(character.charCodeAt(0)),
  );
  // With two slashes in front it would name a host.
  return escaped.startsWith('//') ? `/.${escaped}` : escaped;
}

const encodeByte = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;

/** The address without the parameters whose text, name and value, matches. */
export function withoutParameters(address: string, unwanted: RegExp): string {
  const [path = '', query = ''] = address.split('?');
  const kept = query.split('&').filter((part) => part !== '' && !unwanted.test(part));
  return kept.length === 0 ? path : `${path}?${kept.join('&')}`;
}

const A_TIME = /^(?:(?:from|to)\.)?(?:recordedAt|knownAt|validAt)=/;

/** The address without its three times: what it answers moves with the clock. */
export const withoutTimes = (address: string): string => withoutParameters(address, A_TIME);
