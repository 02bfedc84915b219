export type {
  Actor,
  Assertion,
  Changes,
  CommonBody,
  EventBody,
  Figure,
  Json,
  JsonObject,
  Link,
  OwnFields,
  RecordedEvent,
  Registration,
  Source,
  SourceName,
  Term,
  Via,
} from './event.js';
export { speaksOfRecords } from './event.js';
export {
  BEGINNING,
  FOREVER,
  endOfDay,
  formatInstant,
  type Instant,
  instant,
  parseDay,
  parseInstant,
  type Position,
  position,
  type Revision,
  revision,
  startOfDay,
} from './time.js';
export * as words from './words.js';
export type { Epistemic, Genre, PolicyKind, Rel, Stance, Status } from './words.js';
export { type Publication, type WorldDate, parsePublication, parseWorldDate } from './world-date.js';
