import { Controller, Get, HttpCode, Inject } from '@nestjs/common';
import { z } from 'zod';
import { formatInstant, instant } from '#domain';
import type { StoreStatus } from '#event-log';
import { Refused } from './http/refusal.js';
import { Documented } from './openapi/documented.js';
import { AUDIT, READ_SIDE, STORAGE, type Storage } from './tokens.js';
import type { Audit } from '#audit';
import type { Projections } from '#projections';

const alive = z.object({ status: z.literal('ok') });
const store = z.object({
  sequencerSeenMs: z.number().nullable(),
  disregarded: z.int(),
  limitedStreams: z.int(),
  findings: z.object({ altered: z.int(), blanked: z.int(), missing: z.int(), added: z.int() }),
  examples: z.array(z.string()),
  comparedAt: z.string().nullable(),
});
const ready = alive.extend({
  store: store.optional(),
  projections: z.array(
    z.object({ name: z.string(), position: z.int(), lagEvents: z.int(), lagMs: z.number(), state: z.string() }),
  ),
  audit: z.object({ state: z.string(), size: z.int(), lagEvents: z.int(), error: z.string().nullable() }),
});

/** Tells whoever watches over this process whether it lives and can serve. */
@Controller()
export class HealthController {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(READ_SIDE) private readonly projections: Projections,
    @Inject(AUDIT) private readonly audit: Audit,
  ) {}

  @Get('livez')
  @HttpCode(200)
  @Documented({
    summary: 'Whether the process answers at all',
    answers: [{ status: 200, description: 'It does.', schema: alive }],
  })
  live(): z.output<typeof alive> {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Documented({
    summary: 'Whether the process can serve',
    description:
      'Fails when PostgreSQL cannot be reached. A lag of the projections is reported, and is no failure; nor is an audit that has halted, nor what was found out about KurrentDB (`store`), where the log is kept there.',
    answers: [{ status: 200, description: 'It can.', schema: ready }],
  })
  async ready(): Promise<z.output<typeof ready>> {
    await this.storage.pool.query('SELECT 1').catch(unreachable);
    const projections = await this.projections.administration.status();
    const found = await this.storage.storeStatus();
    return {
      status: 'ok',
      audit: await this.audit.status(),
      ...(found ? { store: shownStore(found) } : {}),
      projections: projections.map(({ name, position, lagEvents, lagMs, state }) => ({
        name,
        position,
        lagEvents,
        lagMs,
        state,
      })),
    };
  }
}

const shownStore = ({ comparedAt, examples, ...rest }: StoreStatus): z.output<typeof store> => ({
  ...rest,
  examples: [...examples],
  comparedAt: comparedAt === null ? null : formatInstant(instant(comparedAt)),
});

function unreachable(): never {
  throw new Refused('database-unavailable', {
    detail: 'PostgreSQL cannot be reached.',
    headers: { 'retry-after': '1' },
  });
}
