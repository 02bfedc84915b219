import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Route } from '../openapi/route.js';
import { Metrics } from '../health/metrics.js';

/** Metrics for Prometheus. */
@Controller()
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Route('GET', '/metrics', {
    role: 'operator',
    summary: 'Metrics in the Prometheus text format',
    answers: [
      {
        status: 200,
        description: 'Durations of requests by route, counts of writes, the head of the log, lag of the projections.',
        schema: z.string(),
        type: 'text/plain',
      },
    ],
  })
  async show(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { type, text } = await this.metrics.exposition();
    reply.header('content-type', type).header('cache-control', 'no-store');
    return text;
  }
}
