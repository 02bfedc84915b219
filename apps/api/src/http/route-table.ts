import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from './problems/refusal.js';

/** Knows every route, so that a request for none of them is told what is wrong with it: the address or the method. */
export class RouteTable {
  private readonly routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];

  /** Notes each route that the server gets from now on. */
  watch(server: FastifyInstance): void {
    server.addHook('onRoute', ({ url, method }) => {
      this.routes.push({ pattern: patternOf(url), methods: typeof method === 'string' ? [method] : method });
    });
  }

  /** Why no route took the request: 405 with `Allow` when its address has other methods, else 404. */
  refusalOf(request: FastifyRequest): Refusal {
    const [path = ''] = request.url.split('?');
    const matching = this.routes.filter(({ pattern }) => pattern.test(path));
    const methods = [...new Set(matching.flatMap((route) => route.methods))]
      .filter((method) => method !== 'OPTIONS')
      .sort();
    if (methods.length === 0 || methods.includes(request.method)) {
      return new Refusal('unknown-route', { detail: `There is nothing at ${path}. GET / lists the addresses.` });
    }
    const allow = methods.join(', ');
    return new Refusal('method-not-allowed', {
      detail: `${path} takes ${allow}, not ${request.method}.`,
      headers: { allow },
    });
  }
}

function patternOf(url: string): RegExp {
  const source = url
    .split('/')
    .map((part) => (part === '*' ? '.*' : part.startsWith(':') ? '[^/]+' : escape(part)))
    .join('/');
  return new RegExp(`^${source}$`);
}

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
