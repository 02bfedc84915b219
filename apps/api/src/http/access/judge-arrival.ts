import { LOCAL_HOSTS, bareHost, hostInAddress, isLoopback } from '#runtime';
import { isWrite } from '../request/methods.js';
import type { Arrival } from './arrival.js';
import { type KnownOrigins, crossSiteReadReason, crossSiteReason } from './cross-site.js';

/** Through which addresses this server may be asked. */
export interface ArrivalRules extends KnownOrigins {
  /** Host names, in lower case and without a port, under which programs on this machine reach this server. */
  readonly ownHosts: ReadonlySet<string>;
}

/** Why a request may not come in as it arrived. */
export interface ArrivalRefusal {
  readonly code: 'foreign-host' | 'cross-site-write' | 'cross-site-read';
  readonly detail: string;
}

/** What is configured of the addresses of this server. */
export interface ConfiguredAddresses {
  readonly host: string;
  readonly publicUrl?: string;
  readonly corsOrigins: readonly string[];
}

/** Addresses to listen on that stand for all of a machine, and name none. */
const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::', '::0', '::ffff:0.0.0.0']);

/** What a supervisor asks for, however it addresses this server. */
const ALWAYS_ANSWERED = /^\/(?:livez|readyz)(?=\?|$)/;

/** The rules for a server that is configured like this. */
export function arrivalRules({ host, publicUrl, corsOrigins }: ConfiguredAddresses): ArrivalRules {
  const ownHosts = new Set(LOCAL_HOSTS);
  if (!WILDCARDS.has(host)) ownHosts.add(hostInAddress(host));
  if (publicUrl !== undefined) ownHosts.add(bareHost(new URL(publicUrl).host));
  return { ownHosts, publicUrl, readers: corsOrigins };
}

/**
 * Judges how a request arrived: why it must be refused, or undefined if it may come in.
 *
 * A page can give its own name the address 127.0.0.1, and then asks this machine as if it were its own server (DNS
 * rebinding). Its requests come from this machine and are same-origin to the browser, but name a foreign host. It has no
 * key, so the host of a request with one (`isKnown`) does not matter.
 */
export function judgeArrival(
  arrival: Arrival,
  rules: ArrivalRules & { readonly isKnown: boolean },
): ArrivalRefusal | undefined {
  const host = rules.isKnown ? undefined : foreignHostReason(arrival, rules);
  if (host !== undefined) return { code: 'foreign-host', detail: host };
  if (isWrite(arrival.method)) {
    const detail = crossSiteReason(arrival, rules.publicUrl);
    return detail === undefined ? undefined : { code: 'cross-site-write', detail };
  }
  const detail = isLoopback(arrival.peer) ? crossSiteReadReason(arrival, rules) : undefined;
  return detail === undefined ? undefined : { code: 'cross-site-read', detail };
}

/** Why the host that a request from this machine names is not this server's; undefined if it is. */
function foreignHostReason({ peer, url, headers }: Arrival, { ownHosts }: ArrivalRules): string | undefined {
  if (!isLoopback(peer) || ALWAYS_ANSWERED.test(url)) return undefined;
  const { host } = headers;
  if (host !== undefined && ownHosts.has(bareHost(host))) return undefined;
  return `The Host header names ${host === undefined || host === '' ? 'nothing' : `"${host}"`}, which is not this server. On this machine it is ${[...ownHosts].join(', ')}. A name under which a proxy on this machine serves it must be in PUBLIC_URL.`;
}
