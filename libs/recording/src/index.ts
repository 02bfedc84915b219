/** The write side: commands, load-decide-append, and the import. */
export { CLOCK_TOLD_MS, type ClockFault, type ClockFigures, ClockWatch } from './clock-watch.js';
export { type ImportLine, type ImportOptions, ImportService, ImportTooLargeError } from './import/import-service.js';
export type { RecordConditions, RecordOutcome, RecordedPlace, RegisterOutcome, RehearsalOutcome } from './outcomes.js';
export { RecordEvent, RecordOperation, RegisterPolicy, RehearseEvent } from './recording.handlers.js';
export { type Operation, parked } from './operations.js';
export { Recorder } from './recorder.js';
export type { RecordingNeeds } from './recording-needs.js';
export type { Rehearsal, RehearsedDifference } from './rehearsal.js';
export { RecordingModule } from './recording.module.js';
