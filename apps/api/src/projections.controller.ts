import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import type { Projections } from '#projections';
import { Asked, type AskedFor } from './http/asked.js';
import { Documented } from './openapi/documented.js';
import { READ_SIDE } from './tokens.js';

const noQuery = z.object({});

const answer = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      version: z.int(),
      position: z.int(),
      lagEvents: z.int(),
      lagMs: z.number(),
      state: z.string(),
      lastError: z.string().nullable(),
    }),
  ),
});

/** The read models and how far each has come. */
@Controller('v1/projections')
export class ProjectionsController {
  constructor(@Inject(READ_SIDE) private readonly projections: Projections) {}

  @Get()
  @Documented({
    summary: 'The read models and how far each has come',
    query: noQuery,
    answers: [{ status: 200, description: 'One row a projection.', schema: answer }],
  })
  async list(@Asked(noQuery) _asked: AskedFor<typeof noQuery>): Promise<z.output<typeof answer>> {
    return { items: [...(await this.projections.status())] };
  }
}
