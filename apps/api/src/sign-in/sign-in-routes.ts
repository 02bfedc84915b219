import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { PendingSignIn, Sessions, SignIn, SignInFailure } from '#access';
import type { Logger } from '#runtime';
import { originForm } from '../http/request/addresses.js';
import type { AbsoluteUrl } from '../http/response/absolute-url.js';
import { COOKIES, dropCookie, readCookie, setCookie } from './cookies.js';
import { CSRF_FIELD, csrfTokenOf, isCsrfToken } from './csrf.js';
import { returnPath } from './return-path.js';

/** Where people sign in and out, without a page of their own. */
export const SIGN_IN_PATHS = { begin: '/sign-in', finish: '/sign-in/callback', end: '/sign-out' } as const;

/** A page with a few words and a link. */
export interface Notice {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly link: { readonly href: string; readonly words: string };
}

/** The parts of signing in and out. */
export interface SignInRoutesNeeds {
  readonly signIn: SignIn;
  readonly sessions: Sessions;
  readonly absoluteUrl: AbsoluteUrl;
  readonly logger: Pick<Logger, 'info'>;
  /** Answers with a page. */
  readonly show: (reply: FastifyReply, notice: Notice) => Promise<void>;
}

/** How long a person may take at the provider. */
const PENDING_SECONDS = 600;

const SIGN_IN_AGAIN = { href: SIGN_IN_PATHS.begin, words: 'Sign in again' };

/** Adds the routes by which people sign in and out. `server` must take forms as text. */
export function serveSignIn(server: FastifyInstance, needs: SignInRoutesNeeds): void {
  const config = { role: 'anyone', quota: 'sign-ins' } as const;
  server.get(SIGN_IN_PATHS.begin, { config }, (request, reply) => begin(request, reply, needs));
  server.get(SIGN_IN_PATHS.finish, { config }, (request, reply) => finish(request, reply, needs));
  server.post<{ readonly Body: string }>(SIGN_IN_PATHS.end, { config }, (request, reply) => end(request, reply, needs));
}

async function begin(request: FastifyRequest, reply: FastifyReply, needs: SignInRoutesNeeds): Promise<void> {
  const { signIn, absoluteUrl, show } = needs;
  const begun = await signIn.begin(absoluteUrl(request, SIGN_IN_PATHS.finish));
  reply.header('cache-control', 'no-store');
  if (begun === 'provider-unavailable') return show(reply, noticeOf(begun));
  const kept: Pending = { ...begun.pending, to: returnPath(queryOf(request).get('to') ?? undefined) };
  const value = Buffer.from(JSON.stringify(kept)).toString('base64url');
  setCookie(reply, { name: COOKIES.signIn, value, seconds: PENDING_SECONDS });
  await reply.redirect(begun.address, 303);
}

/** The provider sent the browser back. What the browser kept serves once, whatever comes of it. */
async function finish(request: FastifyRequest, reply: FastifyReply, needs: SignInRoutesNeeds): Promise<void> {
  const { signIn, sessions, absoluteUrl, logger, show } = needs;
  const pending = readPending(readCookie(request, COOKIES.signIn));
  reply.header('cache-control', 'no-store');
  dropCookie(reply, COOKIES.signIn);
  if (pending === undefined) return show(reply, NOT_BEGUN);
  const came = new URL(absoluteUrl(request, originForm(request.originalUrl)));
  const who = await signIn.finish(came, pending);
  if (typeof who === 'string') {
    logger.info({ failure: who }, 'a sign-in failed');
    return show(reply, noticeOf(who));
  }
  const before = readCookie(request, COOKIES.session);
  if (before !== undefined) await sessions.end(before);
  const { secret, seconds } = await sessions.open(who);
  setCookie(reply, { name: COOKIES.session, value: secret, seconds });
  await reply.redirect(pending.to, 303);
}

async function end(
  request: FastifyRequest<{ readonly Body: string }>,
  reply: FastifyReply,
  { sessions, show }: SignInRoutesNeeds,
): Promise<void> {
  const secret = readCookie(request, COOKIES.session);
  reply.header('cache-control', 'no-store');
  if (secret !== undefined) {
    const given = new URLSearchParams(request.body).get(CSRF_FIELD);
    if (!isCsrfToken(given, csrfTokenOf(secret))) return show(reply, NOT_ENDED);
    await sessions.end(secret);
  }
  await show(dropCookie(reply, COOKIES.session), SIGNED_OUT);
}

const queryOf = ({ originalUrl }: FastifyRequest): URLSearchParams =>
  new URL(originForm(originalUrl), 'http://here.invalid').searchParams;

const pendingSchema = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), to: z.string() });

interface Pending extends PendingSignIn {
  /** Where to go afterwards. */
  readonly to: string;
}

/** Reads what the browser kept. Somebody may have changed the address in it, so that is judged again. */
function readPending(kept: string | undefined): Pending | undefined {
  if (kept === undefined) return undefined;
  try {
    const read = pendingSchema.safeParse(JSON.parse(Buffer.from(kept, 'base64url').toString('utf8')));
    return read.success ? { ...read.data, to: returnPath(read.data.to) } : undefined;
  } catch {
    return undefined;
  }
}

const NOT_BEGUN: Notice = {
  status: 400,
  title: 'This sign-in was not begun here',
  detail: 'This browser has begun no sign-in that this answer belongs to, or ten minutes ago. Nobody was signed in.',
  link: SIGN_IN_AGAIN,
};

const NOT_ENDED: Notice = {
  status: 403,
  title: 'You are still signed in',
  detail: 'This form is not one of the page that you are signed in to. Sign out from the top of any page.',
  link: { href: '/', words: 'The first page' },
};

const SIGNED_OUT: Notice = {
  status: 200,
  title: 'You are signed out',
  detail: 'Nobody can go on with your session here. You may still be signed in at the identity provider.',
  link: SIGN_IN_AGAIN,
};

const FAILURES: Readonly<Record<SignInFailure, Notice>> = {
  'no-role': {
    status: 403,
    title: 'You have no role here',
    detail:
      'The identity provider knows you, but gives you no role in this service. Whoever runs it can say who has which role.',
    link: { href: '/', words: 'The first page' },
  },
  denied: {
    status: 403,
    title: 'You were not signed in',
    detail: 'The identity provider did not let you in, or you did not go on there.',
    link: SIGN_IN_AGAIN,
  },
  'not-accepted': {
    status: 400,
    title: 'This sign-in does not count',
    detail:
      'The answer of the identity provider is not the one to your sign-in, or was used before. Nobody was signed in.',
    link: SIGN_IN_AGAIN,
  },
  'provider-unavailable': {
    status: 503,
    title: 'The identity provider cannot be reached',
    detail: 'Nobody can sign in at the moment. What you can see without signing in is still there.',
    link: SIGN_IN_AGAIN,
  },
};

const noticeOf = (failure: SignInFailure): Notice => FAILURES[failure];
