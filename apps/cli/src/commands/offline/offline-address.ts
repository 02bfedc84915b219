import { EXIT, Failure } from '../../exit-code.js';
import type { Query } from '../../service/service.js';

/** An address that an export can answer. */
export interface OfflineAddress {
  readonly path: string;
  readonly query: Query;
  /** As it was given, without its origin. */
  readonly text: string;
}

/** What the service says of itself, does or sends as it happens: nothing of this follows from a log. */
const OF_THE_SERVICE =
  /^\/v1\/(?:audit|citations|imports|keys|projections|stream|about|policies\/[^/]+\/stream)(?:\/|$)/;

/** Reads the address of a read, with or without an origin. Throws a {@link Failure} for what no export answers. */
export function parseOfflineAddress(given: string): OfflineAddress {
  const url = URL.canParse(given, 'http://export.invalid') ? new URL(given, 'http://export.invalid') : undefined;
  if (url === undefined || !url.pathname.startsWith('/v1/'))
    throw new Failure(
      EXIT.usage,
      `${given} is no address of a read. Give one like /v1/policies/SLUG?knownAt=2025-07-08.`,
    );
  if (OF_THE_SERVICE.test(url.pathname))
    throw new Failure(EXIT.usage, `${url.pathname} is about the service itself, so it does not follow from an export.`);
  if (url.searchParams.get('proof') === 'true')
    throw new Failure(
      EXIT.usage,
      'An export has no proofs of answers: leave out proof. ptl verify verifies a saved one.',
    );
  const pairs = url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '');
  const query = pairs.map((pair): [string, string] => {
    const [name = '', ...value] = pair.split('=');
    return [decode(name), decode(value.join('='))];
  });
  return { path: url.pathname, query: Object.fromEntries(query), text: `${url.pathname}${url.search}` };
}

/** As the service decodes: a plus is a space, which it reads as a plus in the offset of a time. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
