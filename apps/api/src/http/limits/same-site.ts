import type { FastifyRequest } from 'fastify';
import { isWrite } from '../request/methods.js';
import { Refusal } from '../problems/refusal.js';

/** The values with which a browser marks requests of its user or of a page of this origin (Fetch Metadata, section 2.4). */
const OF_ITS_OWN: ReadonlySet<string> = new Set(['same-origin', 'none']);

const ADVICE =
  'Pages of other sites can read if CORS_ORIGINS names them, but never write. Write from a page of this server, with ptl or from a script.';

/**
 * Refuses a write that a browser makes for a page of another site.
 *
 * Browsers send such requests without a preflight if they have no body or a simple one, and the peer is this machine.
 * Only browsers send the two headers, so other clients are not affected.
 */
export function refuseCrossSiteWrites({ method, headers }: FastifyRequest): void {
  const reason = isWrite(method) ? crossSiteReason({ headers }) : undefined;
  if (reason !== undefined) throw new Refusal('cross-site-write', { detail: reason });
}

/** Why a request is one that a browser makes for a page of another site; undefined if it is not. */
export function crossSiteReason({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const site = textOf(headers['sec-fetch-site']);
  if (site !== undefined && !OF_ITS_OWN.has(site.toLowerCase()))
    return `This write was sent by a page of another site. ${ADVICE}`;
  const { origin } = headers;
  if (origin === undefined || isOwn(origin, headers.host)) return undefined;
  return `This write was sent by a page of ${origin === 'null' ? 'an unknown site' : origin}, while this server was addressed as ${headers.host ?? 'nothing'}. ${ADVICE} A proxy in front of this server must forward the Host header.`;
}

const textOf = (header: string | readonly string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : header?.join(', ');

/** True if the origin of a page is the host that it addresses; the scheme may be that of a proxy. */
function isOwn(origin: string, host: string | undefined): boolean {
  const page = parseAddress(origin);
  if (page === undefined || host === undefined) return false;
  return page.host === parseAddress(`${page.protocol}//${host}`)?.host;
}

/** Parses a web address; its host has no default port. */
function parseAddress(address: string): URL | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}
