import { type ExecutionContext, createParamDecorator } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { type QuerySchema, readQuery } from './query-string.js';

/** One request with its query parameters read, and the reply that is to carry the answer. */
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

/** Hands a controller its request with the query parameters that the schema describes, and refuses any other. */
export const CheckedRequest = (query: QuerySchema): ParameterDecorator => CheckedRequestWith({ query });
