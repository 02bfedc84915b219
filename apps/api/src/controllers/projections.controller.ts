import { Body, Controller, HttpCode, Param } from '@nestjs/common';
import { z } from 'zod';
import { formatInstant } from '#domain';
import {
  Administration,
  PROJECTION_STATES,
  type ProjectionStatus,
  REBUILD_STATES,
  type RebuildStatus,
  instantText,
} from '#projections';
import type { Operation } from '#recording';
import { CheckedRequest, type CheckedRequestOf } from '../http/request/checked-request.js';
import { noQuery } from '../http/request/parameters.js';
import { Refusal } from '../http/problems/refusal.js';
import { Route } from '../openapi/route.js';
import { PENDING, recordedAnswer } from '../answers/write-answers.js';
import { type WriteAnswer, WriteResponder } from '../answers/write-responder.js';

const side = z.object({ rows: z.int(), digest: z.string() });

const comparison = z.object({
  table: z.string(),
  one: side,
  other: side,
  examples: z.array(z.object({ only: z.enum(['one', 'other']), row: z.string() })),
});

const rebuild = z
  .object({
    state: z.enum(REBUILD_STATES),
    startedAt: instantText,
    changedAt: instantText,
    eventsDone: z.int(),
    eventsToDo: z.int(),
    etaMs: z.int().nullable(),
    error: z.string().nullable(),
    isEqual: z.boolean().nullable(),
    differences: z.array(comparison),
  })
  .meta({ id: 'Rebuild', description: 'The latest rebuild of a read model.' });

const parkedEvent = z
  .object({
    policy: z.string(),
    event: z.string(),
    position: z.int(),
    error: z.string(),
    since: instantText,
    stops: z.boolean(),
  })
  .meta({ id: 'ParkedEvent', description: 'An event that a read model could not process.' });

const status = z
  .object({
    name: z.string(),
    version: z.int(),
    position: z.int(),
    lagEvents: z.int(),
    lagMs: z.number(),
    state: z.enum(PROJECTION_STATES),
    lastError: z.string().nullable(),
    rebuild: rebuild.nullable(),
    setAside: z.array(parkedEvent),
  })
  .meta({ id: 'ProjectionStatus', description: 'How far one read model has come.' });

const list = z.object({ items: z.array(status) }).meta({ id: 'ProjectionList' });
const reasonBody = z.strictObject({ reason: z.string().min(1).max(500) });
const dropped = z.object({ dropped: z.array(z.string()) }).meta({ id: 'DroppedTables' });

/** What the two acts on a parked event have alike. */
const ACT_ON_PARKED = {
  query: noQuery,
  body: { type: 'application/json', schema: reasonBody },
  answers: [
    {
      status: 201,
      description: 'The record of the act, which the read model then carries out.',
      schema: recordedAnswer,
    },
    PENDING,
  ],
  refusals: ['broken-json', 'not-set-aside', 'rejected', 'busy'],
} as const;

/** The read models: how far each has come, its rebuild, and what it could not take. */
@Controller()
export class ProjectionsController {
  constructor(
    private readonly administration: Administration,
    private readonly writes: WriteResponder,
  ) {}

  @Route('GET', '/v1/projections', {
    role: 'reader',
    summary: 'The read models and the progress of each',
    query: noQuery,
    answers: [{ status: 200, description: 'One row per projection.', schema: list }],
  })
  async list(@CheckedRequest(noQuery) _asked: CheckedRequestOf<typeof noQuery>): Promise<z.output<typeof list>> {
    return { items: (await this.administration.status()).map(showStatus) };
  }

  @HttpCode(202)
  @Route('POST', '/v1/projections/:name/rebuild', {
    role: 'operator',
    summary: 'Rebuild a read model beside the one in use',
    description:
      'The one in use answers until the new one has caught up; then reads switch to the new one in one transaction. A repeat while the rebuild is in progress changes nothing.',
    query: noQuery,
    answers: [{ status: 202, description: 'The rebuild is queued or in progress.', schema: status }],
    refusals: ['unknown-projection'],
  })
  async rebuild(@Param('name') name: string, @CheckedRequest(noQuery) _asked: CheckedRequestOf<typeof noQuery>) {
    if (!(await this.administration.rebuild(name))) throw unknownProjection(name);
    return this.one(name);
  }

  @Route('DELETE', '/v1/projections/:name/rebuild', {
    role: 'operator',
    summary: 'Cancel a rebuild',
    query: noQuery,
    answers: [{ status: 200, description: 'The rebuild is cancelled; the read model in use stays.', schema: status }],
    refusals: ['unknown-projection', 'no-rebuild'],
  })
  async cancel(@Param('name') name: string, @CheckedRequest(noQuery) _asked: CheckedRequestOf<typeof noQuery>) {
    await this.one(name);
    if (await this.administration.cancelRebuild(name)) return this.one(name);
    throw new Refusal('no-rebuild', {
      detail: `No rebuild of "${name}" is in progress. GET /v1/projections lists them.`,
    });
  }

  @Route('DELETE', '/v1/projections/:name/replaced', {
    role: 'operator',
    summary: 'Drop the tables that a read model had before its rebuild',
    query: noQuery,
    answers: [{ status: 200, description: 'The tables that were dropped.', schema: dropped }],
    refusals: ['unknown-projection'],
  })
  async drop(@Param('name') name: string, @CheckedRequest(noQuery) _asked: CheckedRequestOf<typeof noQuery>) {
    const tables = await this.administration.dropReplaced(name);
    if (tables === null) throw unknownProjection(name);
    return { dropped: [...tables] };
  }

  @Route('POST', '/v1/projections/:name/set-aside/:event/retry', {
    role: 'operator',
    summary: 'Retry an event that a read model parked',
    description: 'The events queued behind it follow. The act is recorded as an event.',
    ...ACT_ON_PARKED,
  })
  retry(
    @Param() at: Place,
    @CheckedRequest(noQuery) asked: CheckedRequestOf<typeof noQuery>,
    @Body() body: unknown,
  ): Promise<WriteAnswer> {
    return this.resolveParked({ asked, at, type: 'operation.event-retried', body });
  }

  @Route('POST', '/v1/projections/:name/set-aside/:event/discard', {
    role: 'operator',
    summary: 'Discard an event that a read model parked',
    description: 'The events queued behind it follow. The event stays in the log; the act is recorded as an event.',
    ...ACT_ON_PARKED,
  })
  discard(
    @Param() at: Place,
    @CheckedRequest(noQuery) asked: CheckedRequestOf<typeof noQuery>,
    @Body() body: unknown,
  ): Promise<WriteAnswer> {
    return this.resolveParked({ asked, at, type: 'operation.event-discarded', body });
  }

  private async resolveParked({ asked, at: { name, event }, type, body }: Dealing): Promise<WriteAnswer> {
    const reports = await this.administration.parkedEvents();
    const parked = reports.find((each) => each.projection === name && each.event === event);
    const place = await this.writes.recordOperation(asked, (): Operation => {
      const reason = readReason(body);
      if (!parked)
        throw new Refusal('not-set-aside', {
          detail: `"${event}" is not parked for "${name}". GET /v1/projections lists the parked events.`,
        });
      return { type, policy: parked.policy, target: event, projection: name, reason };
    });
    if (parked) await this.administration.resume(parked);
    return place;
  }

  private async one(name: string): Promise<z.output<typeof status>> {
    const found = (await this.administration.status()).find((each) => each.name === name);
    if (found) return showStatus(found);
    throw unknownProjection(name);
  }
}

interface Place {
  readonly name: string;
  readonly event: string;
}

interface Dealing {
  readonly asked: CheckedRequestOf<typeof noQuery>;
  readonly at: Place;
  readonly type: Operation['type'];
  readonly body: unknown;
}

const unknownProjection = (name: string): Refusal =>
  new Refusal('unknown-projection', { detail: `No read model is called "${name}". GET /v1/projections lists them.` });

function readReason(body: unknown): string {
  const read = reasonBody.safeParse(body);
  if (read.success) return read.data.reason;
  throw new Refusal('rejected', {
    detail: 'Give a reason for those who read it later: {"reason": "…"}.',
    errors: read.error.issues.map(({ path, code, message }) => ({
      pointer: path.map((part) => `/${String(part)}`).join(''),
      code,
      message,
    })),
  });
}

const showStatus = ({ rebuild: latest, parked, ...rest }: ProjectionStatus): z.output<typeof status> => ({
  ...rest,
  rebuild: latest && showRebuild(latest),
  setAside: parked.map(({ policy, event, position, error, since, stops }) => ({
    policy,
    event,
    position,
    error,
    since: formatInstant(since),
    stops,
  })),
});

const showRebuild = ({ startedAt, changedAt, differences, ...rest }: RebuildStatus): z.output<typeof rebuild> => ({
  ...rest,
  startedAt: formatInstant(startedAt),
  changedAt: formatInstant(changedAt),
  differences: differences.map(({ table, one, other, examples }) => ({ table, one, other, examples: [...examples] })),
});
