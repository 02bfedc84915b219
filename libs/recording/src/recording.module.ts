import { type DynamicModule, Module } from '@nestjs/common';
import { ImportService } from './import/import-service.js';
import { Recorder, type RecordingNeeds } from './recorder.js';
import { commandHandlers } from './recording.handlers.js';

/** The write side: a handler on the CommandBus for each command, and the import. */
@Module({})
export class RecordingModule {
  static forRoot(needs: RecordingNeeds): DynamicModule {
    return {
      module: RecordingModule,
      providers: [
        { provide: Recorder, useValue: new Recorder(needs) },
        { provide: ImportService, useValue: new ImportService(needs) },
        ...commandHandlers,
      ],
      exports: [ImportService],
    };
  }
}
