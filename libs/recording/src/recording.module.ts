import { type DynamicModule, Module } from '@nestjs/common';
import { ImportService } from './import/import-service.js';
import { PolicyGraphs } from './policies/policy-graphs.js';
import { PolicyNames } from './policies/policy-names.js';
import { Recorder } from './recorder/recorder.js';
import type { RecordingNeeds } from './recorder/recording-needs.js';
import { commandHandlers } from './recording.handlers.js';

/** The write side: a handler on the CommandBus for each command, and the import. */
@Module({})
export class RecordingModule {
  static forRoot(needs: RecordingNeeds): DynamicModule {
    const names = new PolicyNames(needs);
    const graphs = new PolicyGraphs(needs.log);
    return {
      module: RecordingModule,
      providers: [
        { provide: Recorder, useValue: new Recorder(needs, names, graphs) },
        { provide: ImportService, useValue: new ImportService(needs, names, graphs) },
        ...commandHandlers,
      ],
      exports: [ImportService],
    };
  }
}
