import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { formatInstant } from '#domain';
import { RecordEvent, RegisterPolicy } from '#recording';
import { refusedWrite } from './http/write-refusals.js';
import { writeConditions } from './http/write-headers.js';
import { Metrics } from './metrics.js';

/** A write and the reply that is to carry its answer. */
interface AskedWrite {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Hands commands to the write side for a controller, and answers where the event came to stand. */
@Injectable()
export class Writing {
  constructor(
    private readonly commands: CommandBus,
    private readonly metrics: Metrics,
  ) {}
}
