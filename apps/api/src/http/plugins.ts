import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { refuseUnacceptable } from './request/accept.js';
import { readBodies } from './request/bodies.js';
import { type Guarding, guardAccess } from './access/access.js';
import { finishAnswers, varyBy } from './response/representation.js';
import { requireOneHost, refuseZeroBytes } from './request/request-checks.js';

/** Routes that answer in a format of their own, whatever `Accept` says. */
const NOT_IN_JSON =
  /^\/v1\/(?:imports|policies\/[^/?]+\/timemap|audit\/(?:checkpoint|public-key|tile|export))(?=[/?]|$)|\.(?:bib|ris|csl)(?=\?|$)/;

/** Registers the hooks that apply to every route. Must be called before Nest adds its routes. */
export async function registerPlugins(server: FastifyInstance, guarding: Guarding): Promise<void> {
  server.addHook('onRequest', (request, _reply, done) => {
    requireOneHost(request);
    refuseZeroBytes(request);
    done();
  });
  guardAccess(server, guarding);
  server.addHook('onRequest', (request, reply, done) => {
    if (request.url.startsWith('/v1/') && !NOT_IN_JSON.test(request.url)) {
      refuseUnacceptable(request);
      varyBy(reply, 'accept');
    }
    done();
  });
  readBodies(server);
  finishAnswers(server);
  await server.register(helmet, {
    // All files of the documentation page are ours; it sets some styles inline, and its pictures lie in them.
    contentSecurityPolicy: {
      directives: {
        'style-src': ["'self'", "'unsafe-inline'"],
        'font-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'upgrade-insecure-requests': null,
      },
    },
    // Plain HTTP on a laptop; a proxy that adds TLS sets this header itself.
    strictTransportSecurity: false,
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
}
