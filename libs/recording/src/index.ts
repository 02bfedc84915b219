/** The write side: commands, load-decide-append, and the import. */
export { type ImportLine, type ImportOptions, ImportService } from './import/import-service.js';
export type { RecordConditions, RecordOutcome, RecordedPlace, RegisterOutcome } from './outcomes.js';
export { RecordEvent, RegisterPolicy } from './recording.handlers.js';
export { Recorder, type RecordingNeeds } from './recorder.js';
export { RecordingModule } from './recording.module.js';
