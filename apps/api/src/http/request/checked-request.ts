import { type ExecutionContext, createParamDecorator } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { type QuerySchema, readQuery } from './query-string.js';

/** A request with its parsed query parameters, and the reply that carries the answer. */
export interface CheckedRequestOf<Schema extends QuerySchema> {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly query: z.output<Schema>;
}

// Wrapped in an object, since Nest takes anything with a `transform` method for a pipe.
const CheckedRequestWith = createParamDecorator(
  ({ query }: { readonly query: QuerySchema }, context: ExecutionContext): CheckedRequestOf<QuerySchema> => {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    return { request, reply: http.getResponse<FastifyReply>(), query: readQuery(request.url, query) };
  },
);

/** Passes a controller its request with the query parameters parsed by the schema, which refuses all others. */
export const CheckedRequest = (query: QuerySchema): ParameterDecorator => CheckedRequestWith({ query });
