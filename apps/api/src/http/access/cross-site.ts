import { type Arrival, headerText } from './arrival.js';

/** The values with which a browser marks requests of its user or of a page of this origin (Fetch Metadata, section 2.4). */
const OF_ITS_OWN: ReadonlySet<string> = new Set(['same-origin', 'none']);

/** Pages that other sites may show in theirs, and what is asked for on their behalf by services that embed. */
const FOR_EMBEDDING = /^\/(?:embed(?=[/?]|$)|oembed(?=[?.]|$)|assets\/)/;

const WRITING_ADVICE =
  'Pages of other sites can read if CORS_ORIGINS names them, but never write. Write from a page of this server, with ptl or from a script.';

const READING_ADVICE =
  'Pages of other sites can read if CORS_ORIGINS names their origin. They can embed the addresses below /embed.';

/** The origins of pages that this server takes for its own, or lets read. */
export interface KnownOrigins {
  /** The origin under which readers reach this server, if it is configured. */
  readonly publicUrl?: string | undefined;
  /** Origins whose pages may read; `*` means all. */
  readonly readers: readonly string[];
}

/** Why a request is one that a browser makes for a page of another site; undefined if it is not. */
export function crossSiteReason({ headers }: Pick<Arrival, 'headers'>, publicUrl?: string): string | undefined {
  const site = headerText(headers['sec-fetch-site']);
  if (site !== undefined && !OF_ITS_OWN.has(site.toLowerCase()))
    return `This write was sent by a page of another site. ${WRITING_ADVICE}`;
  const { origin } = headers;
  if (origin === undefined || isOwn(origin, { host: headers.host, publicUrl })) return undefined;
  return `This write was sent by a page of ${nameOf(origin)}, while this server was addressed as ${headers.host ?? 'nothing'}. ${WRITING_ADVICE} A proxy in front of this server must forward the Host header, or PUBLIC_URL must name the origin.`;
}

/**
 * Why a read is one that a page of another site must not make; undefined if it may.
 *
 * Following a link is none: a browser shows its answer to its user, and to no page. Only browsers send these headers.
 */
export function crossSiteReadReason(
  { headers, url }: Pick<Arrival, 'headers' | 'url'>,
  { publicUrl, readers }: KnownOrigins,
): string | undefined {
  const { origin } = headers;
  if (origin !== undefined) {
    if (readers.includes('*') || readers.includes(origin) || isOwn(origin, { host: headers.host, publicUrl }))
      return undefined;
    return `This request was sent by a page of ${nameOf(origin)}. ${READING_ADVICE}`;
  }
  const site = headerText(headers['sec-fetch-site'])?.toLowerCase();
  if (site === undefined || !site.includes('cross-site') || readers.includes('*')) return undefined;
  if (headers['sec-fetch-mode'] === 'navigate' || FOR_EMBEDDING.test(url)) return undefined;
  return `This request was sent by a page of another site. ${READING_ADVICE}`;
}

const nameOf = (origin: string): string => (origin === 'null' ? 'an unknown site' : origin);

interface OwnAddresses {
  readonly host: string | undefined;
  readonly publicUrl: string | undefined;
}

/** True if the origin of a page is the host that it addresses; the scheme may be that of a proxy. */
function isOwn(origin: string, { host, publicUrl }: OwnAddresses): boolean {
  const page = parseAddress(origin);
  if (page === undefined) return false;
  if (publicUrl !== undefined && page.origin === publicUrl) return true;
  return host !== undefined && page.host === parseAddress(`${page.protocol}//${host}`)?.host;
}

/** Parses a web address; its host has no default port. */
function parseAddress(address: string): URL | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}
