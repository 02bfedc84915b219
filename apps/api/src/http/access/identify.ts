import type { FastifyRequest } from 'fastify';
import type { CredentialRefusal, Principal, Principals, Sessions } from '#access';
import { COOKIES, readCookie } from '../../sign-in/cookies.js';
import { csrfTokenOf } from '../../sign-in/csrf.js';
import { Refusal } from '../problems/refusal.js';
import { readCredential } from './credentials.js';
import type { NeededRole } from './judge-role.js';

/** How a key or token is asked for (RFC 6750, RFC 7617). */
export const CHALLENGE = 'Bearer realm="Policy Timeline", Basic realm="Policy Timeline", charset="UTF-8"';

/** RFC 6750, section 3.1. */
const REJECTION = CHALLENGE.replace('",', '", error="invalid_token",');

/** What a request is answered whose sender is known and may not do this (RFC 6750, section 3.1). */
export const insufficient = (needed: NeededRole): string =>
  `Bearer realm="Policy Timeline", error="insufficient_scope", scope="${needed}"`;

type Lookup = Pick<Sessions, 'find'>;

/** By what the sender of a request is known. */
export interface Identification {
  readonly principals: Principals;
  /** Who is signed in to the page; absent where nobody can. */
  readonly sessions?: Lookup | undefined;
}

/** Who sends a request, as far as that is known. */
export interface Sender {
  readonly principal: Principal | undefined;
  /** What a write must bring besides: there for whoever is known by a cookie, which browsers send of themselves. */
  readonly csrfToken?: string;
}

const NOBODY: Sender = { principal: undefined };

/** Finds who sends a request: by its Authorization header, else by the session of its cookie. Throws a refusal. */
export function identify(request: FastifyRequest, { principals, sessions }: Identification): Sender | Promise<Sender> {
  const credential = readCredential(request.headers, request.raw.rawHeaders);
  if (credential === 'none') {
    const secret = sessions && readCookie(request, COOKIES.session);
    return sessions === undefined || secret === undefined ? NOBODY : senderOf(sessions, secret);
  }
  if (credential === 'unreadable') throw rejected(credential);
  const found = principals.find(credential.key);
  return found instanceof Promise ? found.then(holderOf) : holderOf(found);
}

async function senderOf(sessions: Lookup, secret: string): Promise<Sender> {
  const principal = await sessions.find(secret);
  return principal === undefined ? NOBODY : { principal, csrfToken: csrfTokenOf(secret) };
}

const holderOf = (found: Awaited<ReturnType<Principals['find']>>): Sender => ({ principal: principalIn(found) });

function principalIn(found: Awaited<ReturnType<Principals['find']>>): Principal {
  if (typeof found === 'object') return found;
  if (found === 'no-role')
    throw new Refusal('role-missing', {
      detail:
        'The token of this request is good, but gives its holder no role here. Whoever runs this service can say which claim of a token gives which role (OIDC_ROLE_CLAIM, OIDC_ROLE_MAP).',
      headers: { 'www-authenticate': insufficient('reader') },
    });
  if (found === 'provider-unavailable')
    throw new Refusal('provider-unavailable', {
      detail:
        'The identity provider cannot be reached, and the key that signed the token of this request is not known here. Try again, or use a key of this service.',
      headers: { 'retry-after': RETRY_SECONDS },
    });
  throw rejected(found);
}

/** How long the provider is left alone after it failed. */
const RETRY_SECONDS = '5';

const rejected = (reason: CredentialRefusal | 'unreadable'): Refusal =>
  new Refusal('key-rejected', { detail: REASONS[reason], headers: { 'www-authenticate': REJECTION } });

const REASONS: Readonly<Record<CredentialRefusal | 'unreadable', string>> = {
  unreadable:
    'The Authorization header cannot be read. Send it once, as "Bearer <key>", or as Basic with the key as password.',
  'unknown-key': 'This server does not know the key of this request.',
  'mistyped-key': 'The key of this request was not copied correctly: its last characters do not fit the others.',
  'revoked-key': 'The key of this request was revoked. An operator can make another.',
  'expired-key': 'The key of this request has expired. An operator can make another.',
  'malformed-token': 'The token of this request is not a JSON Web Token that can be read.',
  'refused-algorithm':
    'The token of this request is not signed in a way that is accepted: RS256, RS384, RS512, ES256, ES384, ES512 or EdDSA.',
  'unknown-signing-key':
    'The token of this request is signed with no key that the identity provider publishes, or does not say with which.',
  'bad-signature': 'The signature of the token of this request is wrong.',
  'wrong-issuer': 'The token of this request is not from the identity provider of this service.',
  'wrong-audience':
    'The token of this request is meant for another service: it does not name this one as its audience.',
  'expired-token': 'The token of this request has expired. Ask the identity provider for another.',
  'early-token': 'The token of this request is not valid yet.',
  'incomplete-token': 'The token of this request does not say whose it is, or until when it is valid.',
  'other-token': 'The token of this request is of a kind that does not speak for its holder.',
};
