import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';

/** What a request shows of where it comes from. */
export interface Arrival {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly httpVersion: string;
  /** The address at the other end of the connection. */
  readonly peer: string | undefined;
  readonly headers: Readonly<IncomingHttpHeaders>;
}

/** The arrival of a request of the server. */
export const arrivalOf = ({ method, url, raw, socket, headers }: FastifyRequest): Arrival => ({
  method,
  url,
  httpVersion: raw.httpVersion,
  peer: socket.remoteAddress,
  headers,
});

/** The text of a header; of one that was sent more than once, all of it. */
export const headerText = (header: string | readonly string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : header?.join(', ');
