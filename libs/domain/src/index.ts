/** Events, the facts they assert, the dates of the world, and what is rejected. Pure: no clock, no I/O. */
export { bodyFieldsBehind } from './assertions/asserted-fields.js';
export { assertionsOf, isPlan } from './assertions/assertions.js';
export { isJudgedByWhole } from './decisions/change-rules.js';
export { correctBody } from './graph/corrections.js';
export { type Decision, decide, decideOperation } from './decisions/decide.js';
export type {
  Actor,
  Assertion,
  Changes,
  Erased,
  EventBody,
  Figure,
  Link,
  RecordedEvent,
  Source,
  SourceName,
  Term,
  Via,
} from './schema/event.js';
export { actorName, speaksOfRecords } from './schema/event.js';
export type { EventType } from './schema/event-type.js';
export { eventTypes } from './families/event-types.js';
export { ROLLBACK_ACCEPTED } from './families/records.js';
export { isMoney } from './schema/fields.js';
export type { Json, JsonObject } from './values/json.js';
export { didYouMean, nearestWord } from './values/near-words.js';
export { type Parsed, type ParsedBody, parseBy, parseEventBody, presentBody, readBody } from './bodies/parse.js';
export { normalizeName } from './values/names.js';
export { periodKey } from './values/period.js';
export { type PresentedBody, presentedBody } from './bodies/presented-body.js';
export {
  type Bounds,
  type DatingLink,
  type DatingPart,
  type RecordedFollows,
  eventsDatedBy,
  datingPartsOf,
  followsRecordedBy,
} from './graph/dating-parts.js';
export { type GraphEvent, RecordGraph, graphEventOf } from './graph/record-graph.js';
export { DATED_TOGETHER, DATING_LINKS, RECORDS_ABOUT, TARGETS_DEEP, limitFaults } from './graph/recorded-limits.js';
export { linksIn, type NamedEvent, type NamedPolicy, policiesIn, renamePolicies } from './graph/references.js';
export {
  REGISTERED,
  type Registration,
  type RegistrationRetraction,
  parseRegistration,
  policyOf,
  policyStream,
  readRegistration,
  registrationKey,
  retractionOfRegistration,
  registrationSchema,
} from './bodies/registration.js';
export { type Rejection, REJECTION_CODES, type RejectionCode, pointerTo, rankRejections } from './values/rejection.js';
export type { Seen, EventOnRecord } from './decisions/seen.js';
export {
  type Erasable,
  STORED_VERSION,
  type StoredBody,
  type StoredEvent,
  commitmentTo,
  fromStored,
  registrationFromStored,
  toStoredBody,
} from './bodies/stored-form.js';
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
} from './values/time.js';
export {
  ACTOR_KINDS,
  COMPARATORS,
  EPISTEMICS,
  type Epistemic,
  GENRES,
  type Genre,
  POLICY_KINDS,
  type PolicyKind,
  RELS,
  type Rel,
  SERVICE,
  STANCES,
  STATUSES,
  type Stance,
  type Status,
} from './schema/words.js';
export {
  type NamedKind,
  type TargetOnRecord,
  type Warning,
  WARNING_CODES,
  namesGivenIn,
  slipOf,
  warningsOf,
} from './decisions/warnings.js';
export { type Publication, type WorldDate, parsePublication, parseWorldDate } from './values/world-date.js';
