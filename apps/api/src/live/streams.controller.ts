import { Controller, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ALIAS } from '../answers/answers.js';
import { withSlug } from '../http/request/addresses.js';
import { Asked, type AskedFor } from '../http/request/asked.js';
import { Route } from '../openapi/route.js';
import { EVENT_STREAM } from './frames.js';
import { StreamOpening } from './stream-opening.js';
import { STREAM_REQUEST_HEADERS as headers, allQuery, policyQuery } from './stream-query.js';

const answers = [
  {
    status: 200,
    description: 'An endless stream of Server-Sent Events; `/asyncapi.json` describes the messages.',
    schema: z.string(),
    type: EVENT_STREAM,
  },
];

const refusals = ['invalid-header', 'beyond-head', 'unknown-policy', 'not-acceptable', 'too-many-streams'] as const;

/** What is recorded, as it is recorded. */
@Controller()
export class StreamsController {
  constructor(private readonly opening: StreamOpening) {}

  @Route('GET', '/v1/stream', {
    summary: 'Every event as it is recorded, or every state as it changes',
    query: allQuery,
    headers,
    answers,
    refusals,
  })
  async all(@Asked(allQuery) { request, query }: AskedFor<typeof allQuery>, @Res() reply: FastifyReply): Promise<void> {
    const policy = query.policy === undefined ? undefined : await this.opening.policyNamed(query.policy);
    await this.opening.open({ request, reply }, query, policy);
  }

  @Route('GET', '/v1/policies/:slug/stream', {
    summary: 'The events of one policy, or its state as it changes',
    query: policyQuery,
    headers,
    answers: [...answers, ALIAS],
    refusals,
  })
  async ofPolicy(
    @Param('slug') slug: string,
    @Asked(policyQuery) { request, query }: AskedFor<typeof policyQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const policy = await this.opening.policyNamed(slug);
    if (policy.slug === slug) return this.opening.open({ request, reply }, query, policy);
    const location = withSlug(request.originalUrl, policy.slug);
    await reply.code(308).header('location', location).header('cache-control', 'no-cache').send();
  }
}
