import { Delete, Get, Post, SetMetadata, applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { z } from 'zod';
import type { NeededRole } from '../http/access/judge-role.js';
import type { QuerySchema } from '../http/request/query-string.js';
import type { RefusalCode } from '../http/problems/refusals.js';

/** One possible answer of an operation. */
export interface DocumentedAnswer {
  readonly status: number;
  readonly description: string;
  /** Absent for an answer without a body. */
  readonly schema?: z.ZodType;
  /** Media type; `application/json` unless given. */
  readonly type?: string;
}

/** The body of a request: a schema, or the name of a component of the document. */
export interface DocumentedBody {
  readonly type: string;
  readonly schema: z.ZodType | { readonly component: string };
  readonly description?: string;
}

/** The description of one operation, beyond its routing. */
export interface DocumentedOperation {
  /** The role that it needs. */
  readonly role: NeededRole;
  readonly summary: string;
  readonly description?: string;
  readonly query?: QuerySchema;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: DocumentedBody;
  readonly answers: readonly DocumentedAnswer[];
  /** Refusals of its own; those that any request can meet are added. */
  readonly refusals?: readonly RefusalCode[];
}

/** An operation with the route that it answers. */
export interface DocumentedRoute {
  readonly method: 'get' | 'post' | 'delete';
  /** As Nest writes it: parameters as `:name`, the rest of an address as `*`. */
  readonly path: string;
  readonly operation: DocumentedOperation;
}

const DECORATORS = { GET: Get, POST: Post, DELETE: Delete };

const METHODS = { GET: 'get', POST: 'post', DELETE: 'delete' } as const;

const ROUTE = Symbol('route');

/** Routes requests to a controller's method and describes it in the OpenAPI document. `path` is the whole path. */
export function Route(verb: keyof typeof METHODS, path: string, operation: DocumentedOperation): MethodDecorator {
  const route: DocumentedRoute = { method: METHODS[verb], path, operation };
  return applyDecorators(DECORATORS[verb](path), SetMetadata(ROUTE, route), RouteConfig({ role: operation.role }));
}

/** The route that {@link Route} declared for a method; undefined for other methods. */
export function routeOf(method: object): DocumentedRoute | undefined {
  const route: DocumentedRoute | undefined = Reflect.getMetadata(ROUTE, method);
  return route;
}
