/** The write side: commands, load-decide-append, and the import. */
export { type ImportLine, type ImportOptions, ImportService, ImportTooLargeError } from './import/import-service.js';
export type { RecordConditions, RecordOutcome, RecordedPlace, RegisterOutcome } from './outcomes.js';
export { RecordEvent, RecordOperation, RegisterPolicy } from './recording.handlers.js';
export { type Operation, Recorder, type RecordingNeeds, parked } from './recorder.js';
export { RecordingModule } from './recording.module.js';
