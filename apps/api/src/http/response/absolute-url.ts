import type { FastifyRequest } from 'fastify';

/** Writes an address of this service, given from its `/` on, as the absolute URL under which the sender of a request reaches it. */
export type AbsoluteUrl = (request: Pick<FastifyRequest, 'protocol' | 'host'>, address: string) => string;

/** Absolute URLs below the public origin if one is configured, else below the origin that the request itself names. */
export const absoluteUrl =
  (publicUrl: string | undefined): AbsoluteUrl =>
  ({ protocol, host }, address) =>
    `${publicUrl ?? `${protocol}://${host}`}${address}`;
