import type { FastifyRequest } from 'fastify';
import { accessOf } from '../access/access.js';

/** Whose requests and streams are counted together: those of a key or token, else those of an address. */
export function identifyClient(request: FastifyRequest): string {
  const { principal } = accessOf(request);
  return principal === undefined ? addressOf(request) : `principal ${principal.id}`;
}

/** Whose requests are counted together whatever key they bring. */
export const addressOf = ({ ip }: Pick<FastifyRequest, 'ip'>): string => `address ${networkOf(ip)}`;

/** The network of an IPv6 address that one client has all of (64 bits); an address of IPv4 as it is. */
export function networkOf(address: string): string {
  const [plain = ''] = address.split('%');
  if (!plain.includes(':') || plain.includes('.')) return plain.replace(/^.*:/, '');
  const [before = '', after] = plain.split('::');
  const [first, last] = [before, after ?? ''].map((text) => (text === '' ? [] : text.split(':')));
  const zeros = after === undefined ? 0 : 8 - (first?.length ?? 0) - (last?.length ?? 0);
  const groups = [...(first ?? []), ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...(last ?? [])];
  return groups.slice(0, 4).join(':');
}
