/** The write side: commands, load-decide-append, and the import. */
export { CLOCK_TOLD_MS, type ClockFault, type ClockFigures, ClockWatch } from './clock-watch.js';
export { type ImportLine, type ImportOptions, ImportService, ImportTooLargeError } from './import/import-service.js';
export type {
  RecordConditions,
  RecordOutcome,
  RecordedPlace,
  RegisterOutcome,
  RehearsalOutcome,
} from './recorder/outcomes.js';
export { RecordEvent, RecordOperation, RegisterPolicy, RehearseEvent } from './recording.handlers.js';
export { type Operation, parkedOperation } from './recorder/operations.js';
export type { RecordingNeeds } from './recorder/recording-needs.js';
export type { Rehearsal, RehearsedDifference } from './recorder/rehearsal.js';
export { type Recording, RecordingModule, createRecording } from './recording.module.js';
