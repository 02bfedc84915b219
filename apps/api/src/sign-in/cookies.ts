import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * The cookies of the page. `__Host-` makes browsers refuse one that is not `Secure`, or was set by another host; on this
 * machine they count plain HTTP as secure.
 */
export const COOKIES = { session: '__Host-ptl-session', signIn: '__Host-ptl-sign-in' } as const;

/** A name that this server gives a cookie. */
export type CookieName = (typeof COOKIES)[keyof typeof COOKIES];

/** Reads a cookie; undefined if there is none, or more than one of that name. */
export function readCookie({ headers }: Pick<FastifyRequest, 'headers'>, name: CookieName): string | undefined {
  const values = (headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .flatMap((pair) => (pair.startsWith(`${name}=`) ? [pair.slice(name.length + 1)] : []));
  return values.length === 1 ? values[0] : undefined;
}

/** A cookie to be kept for some seconds; its value must be safe in a header as it stands. */
export interface NewCookie {
  readonly name: CookieName;
  readonly value: string;
  readonly seconds: number;
}

/** Has the browser keep a cookie: no script reads it, and no page of another site sends it, but by a link to here. */
export const setCookie = (reply: FastifyReply, { name, value, seconds }: NewCookie): FastifyReply =>
  reply.header('set-cookie', `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; Secure; SameSite=Lax`);

/** Has the browser forget a cookie. */
export const dropCookie = (reply: FastifyReply, name: CookieName): FastifyReply =>
  setCookie(reply, { name, value: '', seconds: 0 });
