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
export { type EventType, eventTypes } from './families/event-types.js';
export { type Json, type JsonObject, pointerTo } from './values/json.js';
export { didYouMean, nearestWord } from './values/near-words.js';
export { presentBody } from './bodies/input-form.js';
export { type Parsed, type ParsedBody, parseBy, parseEventBody, readBody } from './bodies/parse.js';
export { actorName, normalizeName } from './values/names.js';
export { claimantsOf, valueBounds } from './bodies/figure-claims.js';
export { periodDays, periodKey } from './values/period.js';
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
  type Registration,
  type RegistrationRetraction,
  parseRegistration,
  readRegistration,
  retractionOfRegistration,
  registrationSchema,
} from './bodies/registration.js';
export { REGISTERED, policyOf, policyStream, registrationKey } from './bodies/policy-stream.js';
export { type Rejection, REJECTION_CODES, type RejectionCode, rankRejections } from './values/rejection.js';
export type { Seen, EventOnRecord } from './decisions/seen.js';
export { type Erasable, type StoredBody, commitmentTo, toStoredBody } from './bodies/stored-body.js';
export {
  STORED_VERSION,
  type StoredEvent,
  UnknownFormError,
  fromStored,
  registrationFromStored,
} from './bodies/stored-form.js';
export {
  BEGINNING,
  FOREVER,
  formatInstant,
  type Instant,
  instant,
  parseDay,
  type Position,
  position,
  type Revision,
  revision,
} from './values/time.js';
export {
  ACTOR_KINDS,
  COMPARATORS,
  EPISTEMICS,
  type Epistemic,
  GENRES,
  type Genre,
  MODALITIES,
  POLICY_KINDS,
  type PolicyKind,
  RELS,
  ROLLBACK_ACCEPTED,
  type Rel,
  SERVICE,
  STANCES,
  STATUSES,
  type Stance,
  type Status,
  isMoney,
  speaksOfRecords,
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
export {
  DATE_PRECISIONS,
  type Publication,
  type WorldDate,
  dayAt,
  endOfDay,
  isApproximate,
  parseInstant,
  parsePublication,
  parseWorldDate,
  precisionOf,
  startOfDay,
} from './values/world-date.js';
