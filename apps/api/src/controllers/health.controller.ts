import { Controller, HttpCode, Inject } from '@nestjs/common';
import { z } from 'zod';
import { healthReasons, reasonsIn } from '#composition';
import { formatInstant, instant } from '#domain';
import type { StoreStatus } from '#kurrentdb-log';
import { showSigning, signingSchema } from '../health/signing.js';
import { Refusal } from '../http/problems/refusal.js';
import { Route } from '../openapi/route.js';
import { AUDIT, STORAGE, type Storage } from '../tokens.js';
import type { Audit } from '#audit';
import { Administration, PROJECTION_STATES, readAnalyticsStatus } from '#projections';

const reasonsInWords = Object.entries(healthReasons)
  .map(([code, meaning]) => `\`${code}\`: ${meaning}`)
  .join(' ');

const alive = z.object({ status: z.literal('ok') }).meta({ id: 'Liveness' });
const store = z.object({
  sequencerSeenMs: z.number().nullable(),
  disregarded: z.int(),
  limitedStreams: z.int(),
  findings: z.object({ altered: z.int(), blanked: z.int(), missing: z.int(), added: z.int() }),
  examples: z.array(z.string()),
  comparedAt: z.string().meta({ format: 'date-time' }).nullable(),
});
const spool = z.object({
  files: z.int(),
  bytes: z.int(),
  limitBytes: z.int(),
  disk: z.object({ freeBytes: z.number(), totalBytes: z.number() }).nullable(),
});
const sql = z.object({ views: z.int(), hasReader: z.boolean() });
const reason = z.object({
  code: z.enum(Object.keys(healthReasons)),
  message: z.string().meta({ description: 'What is affected, and how.' }),
});
const ready = z
  .object({
    status: z.enum(['ok', 'starting', 'degraded']).meta({
      description:
        '`starting`: the read models have not yet caught up with the log since the start. `degraded`: the service answers, but something is wrong; `reasons` say what.',
    }),
    reasons: z.array(reason),
    /** The lag of the read model that is furthest behind. */
    eventsBehind: z.int(),
    store: store.optional(),
    projections: z.array(
      z.object({
        name: z.string(),
        position: z.int(),
        lagEvents: z.int(),
        lagMs: z.number(),
        state: z.enum(PROJECTION_STATES),
      }),
    ),
    audit: signingSchema,
    spool: spool.meta({ description: 'The files of exports, and the disk that they are on.' }),
    sql: sql.meta({ description: 'The views of `analytics_v1`, and whether there is a role to read them.' }),
  })
  .meta({ id: 'Readiness' });

/** Liveness and readiness of this process, for supervisors and load balancers. */
@Controller()
export class HealthController {
  private readonly madeAt = performance.now();

  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    private readonly administration: Administration,
    @Inject(AUDIT) private readonly audit: Audit,
  ) {}

  @HttpCode(200)
  @Route('GET', '/livez', {
    role: 'anyone',
    summary: 'Liveness: whether the process answers',
    answers: [{ status: 200, description: 'It does.', schema: alive }],
  })
  live(): z.output<typeof alive> {
    return { status: 'ok' };
  }

  @Route('GET', '/readyz', {
    role: 'anyone',
    summary: 'Readiness: whether the process can serve, and whether all is well',
    description: `Answers 200 while reads are answered, so that a load balancer does not remove a process that serves; \`status\` and \`reasons\` are for operators. Answers 503 if PostgreSQL cannot be reached, and during a start until the tables exist. Reasons: ${reasonsInWords}`,
    answers: [{ status: 200, description: 'The process can serve; `status` says whether all is well.', schema: ready }],
  })
  async ready(): Promise<z.output<typeof ready>> {
    await this.storage.pool.query('SELECT 1').catch(unreachable);
    if (!this.administration.isOpen) throw startingRefusal();
    const [projections, audit, found, room, views] = await Promise.all([
      this.administration.status(),
      this.audit.health(),
      this.storage.storeStatus(),
      this.storage.spoolRoom(),
      readAnalyticsStatus(this.storage.pool),
    ]);
    const { isStarting } = this.administration;
    const runningMs = performance.now() - this.madeAt;
    const clock = this.storage.clock.figures;
    const reasons = reasonsIn({ projections, audit, store: found, clock, isStarting, runningMs });
    return {
      status: isStarting ? 'starting' : reasons.length > 0 ? 'degraded' : 'ok',
      reasons: [...reasons],
      eventsBehind: Math.max(...projections.map(({ lagEvents }) => lagEvents)),
      audit: showSigning(audit.status),
      spool: { ...room },
      sql: { ...views },
      ...(found ? { store: showStore(found) } : {}),
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

const startingRefusal = (): Refusal =>
  new Refusal('starting', {
    detail: 'The tables of the read models are being opened; the log of this process shows the progress.',
    headers: { 'retry-after': '1' },
  });

const showStore = ({ comparedAt, examples, ...rest }: StoreStatus): z.output<typeof store> => ({
  ...rest,
  examples: [...examples],
  comparedAt: comparedAt === null ? null : formatInstant(instant(comparedAt)),
});

function unreachable(): never {
  throw new Refusal('database-unavailable', {
    detail: 'PostgreSQL cannot be reached.',
    headers: { 'retry-after': '1' },
  });
}
