import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Writes an address of this service, given from its `/` on, as the absolute URL under which the sender of a request reaches it. */
export type AbsoluteUrl = (request: Pick<FastifyRequest, 'protocol' | 'host'>, address: string) => string;

/** Absolute URLs below the public origin if one is configured, else below the origin that the request itself names. */
export const absoluteUrl =
  (publicUrl: string | undefined): AbsoluteUrl =>
  ({ protocol, host }, address) =>
    `${publicUrl ?? `${protocol}://${host}`}${address}`;

/** Headers with addresses that some clients do not resolve when they are relative. */
const WITH_ADDRESSES = ['location', 'link'] as const;

/** An address of the interface, alone or as the target of a link (RFC 8288). */
const OF_THE_INTERFACE = /(?<=^<?)\/v1\//;

/** Makes the addresses of the interface in `Location` and `Link` absolute, in every answer; the page leads within itself. */
export function writeAbsoluteAddresses(server: FastifyInstance, absolute: AbsoluteUrl): void {
  server.addHook('onSend', async (request, reply) => {
    for (const name of WITH_ADDRESSES) {
      const value = reply.getHeader(name);
      if (typeof value === 'string' && OF_THE_INTERFACE.test(value))
        reply.header(
          name,
          value.replace(OF_THE_INTERFACE, () => absolute(request, '/v1/')),
        );
    }
  });
}
