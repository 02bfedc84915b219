import { isLoopback } from '#runtime';
import type { Arrival } from './arrival.js';

/** The headers by which proxies say for whom they ask. */
const FORWARDING = [
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-forwarded-for',
  'x-original-url',
  'x-envoy-external-address',
  'true-client-ip',
  'cf-connecting-ip',
  'cf-ray',
  'fastly-client-ip',
  'client-ip',
] as const;

const A_FORWARDING_HEADER = /^x-forwarded(?:-|$)/;

/** The header by which a request says that it was forwarded; undefined if it has none. */
const forwardingHeader = (headers: Arrival['headers']): string | undefined =>
  FORWARDING.find((name) => headers[name] !== undefined) ??
  Object.keys(headers).find((name) => A_FORWARDING_HEADER.test(name));

/**
 * Why a request does not come straight from a program on this machine, in a sentence; undefined if it does.
 *
 * A proxy on this machine has an address of this machine as well, so what it forwards is told by its headers. A proxy that
 * adds none is not seen, except nginx as it was set up by default for years: it asks by HTTP/1.0, as nothing else does that
 * writes today.
 */
export function remoteReason({ peer, headers, httpVersion }: Omit<Arrival, 'method' | 'url'>): string | undefined {
  if (!isLoopback(peer)) return 'This request was sent by another machine.';
  const header = forwardingHeader(headers);
  if (header !== undefined)
    return `This request was forwarded by a proxy (it has the header ${header}), so it may come from another machine.`;
  if (httpVersion === '1.0')
    return 'This request was sent by HTTP/1.0, as proxies do, so it may come from another machine.';
  return undefined;
}
