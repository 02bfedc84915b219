import { type DynamicModule, Module } from '@nestjs/common';
import { analysisHandlers } from '../queries/analysis/analysis.handlers.js';
import { READ_CONTEXT } from '../queries/read-context.js';
import { queryHandlers } from '../queries/read-side.handlers.js';
import { ReadSide } from './read-side.js';
import { StateChanges } from './state-changes.js';

/** The read side of a process, with a handler on the QueryBus for each question. */
@Module({})
export class ProjectionsModule {
  static forRoot(readSide: ReadSide): DynamicModule {
    return {
      module: ProjectionsModule,
      providers: [
        { provide: ReadSide, useValue: readSide },
        { provide: StateChanges, useValue: new StateChanges(readSide) },
        { provide: READ_CONTEXT, useValue: readSide.context() },
        ...queryHandlers,
        ...analysisHandlers,
      ],
      exports: [ReadSide, StateChanges],
    };
  }
}
