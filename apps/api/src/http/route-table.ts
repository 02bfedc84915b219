import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from './problems/refusal.js';

/** A table of all routes, from which an unmatched request gets the reason: its address or its method. */
export class RouteTable {
  private readonly routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];

  /** Records every route that is added to the server from now on. */
  watch(server: FastifyInstance): void {
    server.addHook('onRoute', ({ url, method }) => {
      this.routes.push({ pattern: patternOf(url), methods: typeof method === 'string' ? [method] : method });
    });
  }

  /** The reason why no route matched: 405 with `Allow` if the address has other methods, else 404. */
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
