import { type DynamicModule, Module } from '@nestjs/common';
import { ImportService } from './import/import-service.js';
import { PolicyGraphs } from './policies/policy-graphs.js';
import { PolicyNames } from './policies/policy-names.js';
import { Recorder } from './recorder/recorder.js';
import type { RecordingNeeds } from './recorder/recording-needs.js';
import { commandHandlers } from './recording.handlers.js';

/** The write side of a process: all of it shares what it remembers of names and policies. */
export interface Recording {
  readonly recorder: Recorder;
  readonly imports: ImportService;
}

/** Creates the write side of a process. */
export function createRecording(needs: RecordingNeeds): Recording {
  const policies = { names: new PolicyNames(needs), graphs: new PolicyGraphs(needs.log) };
  return { recorder: new Recorder(needs, policies), imports: new ImportService(needs, policies) };
}

/** The write side in Nest: a handler on the CommandBus for each command. */
@Module({})
export class RecordingModule {
  static forRoot({ recorder }: Recording): DynamicModule {
    return { module: RecordingModule, providers: [{ provide: Recorder, useValue: recorder }, ...commandHandlers] };
  }
}
