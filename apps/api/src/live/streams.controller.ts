import { Controller, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ALIAS } from '../answers/answers.js';
import { withSlug } from '../http/request/addresses.js';
import { CheckedRequest, type CheckedRequestOf } from '../http/request/checked-request.js';
import { Route } from '../openapi/route.js';
import { EVENT_STREAM } from './frames.js';
import { StreamOpening } from './stream-opening.js';
import { STREAM_REQUEST_HEADERS as headers, allStreamQuery, policyStreamQuery } from './stream-query.js';

const answers = [
  {
    status: 200,
    description: 'An endless stream of Server-Sent Events; `/asyncapi.json` describes the messages.',
    schema: z.string(),
    type: EVENT_STREAM,
  },
];

const refusals = [
  'invalid-header',
  'beyond-head',
  'unknown-policy',
  'not-acceptable',
  'client-streams-exceeded',
  'too-many-streams',
] as const;

/** The streams of events and states. */
@Controller()
export class StreamsController {
  constructor(private readonly opening: StreamOpening) {}

  @Route('GET', '/v1/stream', {
    role: 'reader',
    summary: 'Every event as it is recorded, or every state as it changes',
    query: allStreamQuery,
    headers,
    answers,
    refusals,
  })
  async all(
    @CheckedRequest(allStreamQuery) { request, query }: CheckedRequestOf<typeof allStreamQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const policy = query.policy === undefined ? undefined : await this.opening.policyNamed(query.policy);
    await this.opening.open({ request, reply }, query, policy);
  }

  @Route('GET', '/v1/policies/:slug/stream', {
    role: 'reader',
    summary: 'The events of one policy, or its state as it changes',
    query: policyStreamQuery,
    headers,
    answers: [...answers, ALIAS],
    refusals,
  })
  async ofPolicy(
    @Param('slug') slug: string,
    @CheckedRequest(policyStreamQuery) { request, query }: CheckedRequestOf<typeof policyStreamQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const policy = await this.opening.policyNamed(slug);
    if (policy.slug === slug) return this.opening.open({ request, reply }, query, policy);
    const location = withSlug(request.originalUrl, policy.slug);
    await reply.code(308).header('location', location).header('cache-control', 'no-cache').send();
  }
}
