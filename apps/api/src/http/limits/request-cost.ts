/** A request, as far as it says what it costs. */
export interface CostlyRequest {
  /** The address that is routed, without a suffix. */
  readonly url: string;
  /** The address as it was sent. */
  readonly originalUrl: string;
  readonly accept: string | undefined;
}

const PLAIN = 1;
/** Pages ask several questions, and long lists give long answers. */
const SOME = 2;
const MUCH = 10;

/** So many rows make a list long. */
const LONG_LIST = 250;

/** Reads of everything that happened, unless a policy is named. */
const OF_ALL = /^\/v1\/(?:diff|history|series|facts|promises|promises\/summary|turns|impact)$/;
/** Makes the file of every table. */
const OF_EVERYTHING = /^\/v1\/datapackage(?:[.?]|$)/;

const A_FILE = /\.(?:csv|ndjson|parquet)(?:\?|$)/;
const OF_A_FILE = /\b(?:text\/csv|application\/(?:x-ndjson|vnd\.apache\.parquet))\b/;
const OF_THE_LOG = /^\/v1\/audit\/(?:export|tile\/)/;

/** True of a read that answers a file, or much of the log: what it costs is how long it is. */
export const isExport = ({ url, originalUrl, accept = '' }: CostlyRequest): boolean =>
  A_FILE.test(originalUrl) || (url.startsWith('/v1/') && OF_A_FILE.test(accept)) || OF_THE_LOG.test(url);

/**
 * True of a read that is worked out anew from many events: by folding them again, by proving an answer, without some of
 * them, or about all policies at once.
 */
export function isWorkedOut({ url }: Pick<CostlyRequest, 'url'>): boolean {
  const [path = '', query] = url.split('?');
  const asked = new URLSearchParams(query);
  return (
    asked.get('engine') === 'replay' ||
    asked.get('proof') === 'true' ||
    asked.has('without') ||
    asked.get('shape') === 'index' ||
    (OF_ALL.test(path) && !asked.has('policy'))
  );
}

/** What a read costs: one for an answer from rows that are there. */
export function costOf(request: CostlyRequest): number {
  if (isWorkedOut(request) || isExport(request) || OF_EVERYTHING.test(request.url)) return MUCH;
  if (!request.url.startsWith('/v1/')) return SOME;
  const limit = Number(new URLSearchParams(request.url.split('?')[1]).get('limit') ?? 0);
  return limit > LONG_LIST ? SOME : PLAIN;
}
