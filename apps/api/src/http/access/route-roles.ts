import type { FastifyRequest, RouteOptions } from 'fastify';
import { isWrite } from '../request/methods.js';
import type { NeededRole } from './judge-role.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The role that a route needs; without it, the highest. */
    role?: NeededRole;
  }
}

/** Routes that parts of the server add which know no roles: programs and styles, documents, questions before questions. */
const ROLES_OF_OTHERS: readonly (readonly [address: RegExp, role: NeededRole])[] = [
  [/^\/assets\//, 'anyone'],
  [/^\/docs(?:[/-]|$)/, 'reader'],
];

/** Gives a route that declares no role its role from the table, if it is there. */
export function fillRole(route: RouteOptions): void {
  if (route.config?.role !== undefined) return;
  const isPreflight = route.method === 'OPTIONS';
  const role = isPreflight ? 'anyone' : ROLES_OF_OTHERS.find(([address]) => address.test(route.url))?.[1];
  if (role !== undefined) route.config = { ...route.config, role };
}

/** The role that a request needs: of no route, that of a reader, since pages have no routes of their own. */
export function neededRole(request: FastifyRequest): NeededRole {
  const { config } = request.routeOptions;
  if (config.url !== undefined) return config.role ?? 'operator';
  return isWrite(request.method) ? 'recorder' : 'reader';
}
