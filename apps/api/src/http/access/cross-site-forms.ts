import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CSRF_FIELD, CSRF_HEADER, isCsrfToken } from '../../sign-in/csrf.js';
import { sendProblem } from '../problems/problem-filter.js';
import { Refusal } from '../problems/refusal.js';
import { isWrite } from '../request/methods.js';

const A_FORM = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

/** Forms whose token has yet to be read. */
const awaited = new WeakMap<FastifyRequest, string>();

/**
 * Refuses a write of somebody signed in that is not shown to be one of the page: browsers send its cookie of themselves.
 *
 * The token of a form is read with the form, before anything is done with it: {@link checkForms}.
 */
export function demandCsrfToken(request: FastifyRequest, token: string): void {
  if (!isWrite(request.method)) return;
  const given = request.headers[CSRF_HEADER];
  if (given === undefined && A_FORM.test(request.headers['content-type'] ?? '')) awaited.set(request, token);
  else if (!isCsrfToken(given, token)) throw wrongToken();
}

/** Looks at the tokens of forms when they are read. Must be called before routes are added. */
export function checkForms(server: FastifyInstance): void {
  server.addHook('preHandler', (request, reply, done) => {
    const token = awaited.get(request);
    if (token === undefined || isCsrfToken(tokenIn(request.body), token)) return done();
    sendProblem(reply, wrongToken(), request.originalUrl);
  });
}

const tokenIn = (body: unknown): string | null =>
  typeof body === 'string' ? new URLSearchParams(body).get(CSRF_FIELD) : null;

const wrongToken = (): Refusal =>
  new Refusal('csrf-token-wrong', {
    detail: `A write by somebody who is signed in to the page must bring the token of that session, as the header ${CSRF_HEADER} or the field ${CSRF_FIELD} of a form. Load the page again, or use a key.`,
  });
