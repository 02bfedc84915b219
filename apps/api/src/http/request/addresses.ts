/**
 * The address of a request without scheme and host, which it may name in absolute form (RFC 9112, section 3.2.2), and
 * with no letter, digit or one of `-._~` percent-encoded: so written, equal addresses look alike (RFC 3986, section
 * 6.2.2.2), and what is decided by their look is decided alike.
 */
export function originForm(url: string): string {
  const rest = url.replace(/^https?:\/\/[^/?#]*/i, '');
  return (rest === url || rest.startsWith('/') ? rest : `/${rest}`).replaceAll(A_PART, decodeUnreserved);
}

const A_PART = /[^/?&=]+/g;
const MALFORMED = /%(?![\da-f]{2})/i;
const UNRESERVED = /%(?:2[de]|3\d|[46][1-9a-f]|[57][\da]|5f|7e)/gi;

/** A malformed part stays as it is: with half of it decoded, the other half could read as an encoding. */
const decodeUnreserved = (part: string): string =>
  MALFORMED.test(part) ? part : part.replaceAll(UNRESERVED, decodeURIComponent);

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
