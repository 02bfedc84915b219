import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AboutController } from './controllers/about.controller.js';
import { KeysController } from './keys/keys.controller.js';
import { SessionsController } from './keys/sessions.controller.js';
import { AnswerProofs } from './answers/answer-proofs.js';
import { AuditController } from './controllers/audit.controller.js';
import { BoxTablesController } from './controllers/box-tables.controller.js';
import { ChangedFields } from './answers/changed-fields.js';
import { CitationsController } from './citations/citations.controller.js';
import { DataPackageController } from './exports/data-package.controller.js';
import { DifferencesController } from './controllers/differences.controller.js';
import { EventsController } from './controllers/events.controller.js';
import { HealthController } from './controllers/health.controller.js';
import { HistoriesController } from './controllers/histories.controller.js';
import { ImportsController } from './controllers/imports.controller.js';
import { IndexController } from './controllers/index.controller.js';
import { StatesController } from './controllers/states.controller.js';
import { StreamsController } from './live/streams.controller.js';
import { MetricsController } from './controllers/metrics.controller.js';
import { PoliciesController } from './controllers/policies.controller.js';
import { ProjectionsController } from './controllers/projections.controller.js';
import { PromisesController } from './controllers/analysis/promises.controller.js';
import { TurnsController } from './controllers/analysis/turns.controller.js';
import { ImpactController } from './controllers/analysis/impact.controller.js';
import { ActorsController } from './controllers/read-models/actors.controller.js';
import { AnomaliesController } from './controllers/read-models/anomalies.controller.js';
import { ClaimsController } from './controllers/read-models/claims.controller.js';
import { FiguresController } from './controllers/read-models/figures.controller.js';
import { NegotiationsController } from './controllers/read-models/negotiations.controller.js';
import { PositionsController } from './controllers/read-models/positions.controller.js';
import { SourcesController } from './controllers/read-models/sources.controller.js';
import { TimeGate } from './mementos/time-gate.js';
import { TimeMapsController } from './mementos/time-maps.controller.js';
import { ReadResponder } from './answers/read-responder.js';
import { WriteResponder } from './answers/write-responder.js';

/** Every controller; the routes, the document and the index follow from this list. */
export const controllers: readonly Type[] = [
  IndexController,
  AboutController,
  HealthController,
  MetricsController,
  PoliciesController,
  StatesController,
  TimeMapsController,
  HistoriesController,
  BoxTablesController,
  DifferencesController,
  DataPackageController,
  EventsController,
  ImportsController,
  FiguresController,
  PositionsController,
  NegotiationsController,
  ClaimsController,
  SourcesController,
  ActorsController,
  AnomaliesController,
  PromisesController,
  TurnsController,
  ImpactController,
  ProjectionsController,
  KeysController,
  SessionsController,
  AuditController,
  CitationsController,
  StreamsController,
];

/** The parts of the module: the modules of the write and read sides, and the providers they share. */
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
      providers: [...providers, ReadResponder, ChangedFields, WriteResponder, AnswerProofs, TimeGate],
    };
  }
}
