import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AnswerProofs } from './answer-proofs.js';
import { AuditController } from './audit.controller.js';
import { ChangedFields } from './changed-fields.js';
import { DifferencesController } from './differences.controller.js';
import { EventsController } from './events.controller.js';
import { HealthController } from './health.controller.js';
import { ImportsController } from './imports.controller.js';
import { IndexController } from './index.controller.js';
import { StreamsController } from './live/streams.controller.js';
import { MetricsController } from './metrics.controller.js';
import { PoliciesController } from './policies.controller.js';
import { ProjectionsController } from './projections.controller.js';
import { ActorsController } from './read-models/actors.controller.js';
import { AnomaliesController } from './read-models/anomalies.controller.js';
import { ClaimsController } from './read-models/claims.controller.js';
import { FiguresController } from './read-models/figures.controller.js';
import { NegotiationsController } from './read-models/negotiations.controller.js';
import { PositionsController } from './read-models/positions.controller.js';
import { SourcesController } from './read-models/sources.controller.js';
import { Reading } from './reading.js';
import { Writing } from './writing.js';

/** Every controller; the routes, the document and the index follow from this list. */
export const controllers: readonly Type[] = [
  IndexController,
  HealthController,
  MetricsController,
  PoliciesController,
  DifferencesController,
  EventsController,
  ImportsController,
  FiguresController,
  PositionsController,
  NegotiationsController,
  ClaimsController,
  SourcesController,
  ActorsController,
  AnomaliesController,
  ProjectionsController,
  AuditController,
  StreamsController,
];

/** What the module is made from: the modules of the write and read sides, and the parts they share. */
export interface ApiParts {
  readonly imports: readonly DynamicModule[];
  readonly providers: readonly Provider[];
}

/** The HTTP side of the application. */
@Module({})
export class ApiModule {
  static forRoot({ imports, providers }: ApiParts): DynamicModule {
    return {
      module: ApiModule,
      imports: [CqrsModule.forRoot(), ...imports],
      controllers: [...controllers],
      providers: [...providers, Reading, ChangedFields, Writing, AnswerProofs],
    };
  }
}
