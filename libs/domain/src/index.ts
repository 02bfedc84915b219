/** Events, the facts they assert, the dates of the world, and what is rejected. Pure: no clock, no I/O. */
export { bodyFieldsBehind } from './asserted-fields.js';
export { assertionsOf, isPlan } from './assertions.js';
export { isJudgedByWhole } from './change-rules.js';
export { correctedBody } from './corrections.js';
export { type Decision, decide, decideOperation } from './decide.js';
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
} from './event.js';
export { actorName, speaksOfRecords } from './event.js';
export type { EventType } from './event-type.js';
export { eventTypes } from './event-types.js';
export { ROLLBACK_ACCEPTED } from './families/records.js';
export { isMoney } from './fields.js';
export type { Json, JsonObject } from './json.js';
export { didYouMean, nearestWord } from './near-words.js';
export { type Parsed, type ParsedBody, parseBy, parseEventBody, presentBody, readBody } from './parse.js';
export { normalizeName } from './names.js';
export { periodKey } from './period.js';
export { type PresentedBody, presentedBody } from './presented-body.js';
export {
  type Bounds,
  type DatingLink,
  type DatingPart,
  type RecordedFollows,
  datedBy,
  datingPartsOf,
  followsRecordedBy,
} from './dating-parts.js';
export { type GraphEvent, RecordGraph, graphEventOf } from './record-graph.js';
export { DATED_TOGETHER, DATING_LINKS, RECORDS_ABOUT, TARGETS_DEEP, limitFaults } from './recorded-limits.js';
export { linksIn, type NamedEvent, type NamedPolicy, policiesIn, withPolicyNames } from './references.js';
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
} from './registration.js';
export { type Rejection, REJECTION_CODES, type RejectionCode, pointerTo, ranked } from './rejection.js';
export type { Seen, SeenEvent } from './seen.js';
export {
  type Erasable,
  STORED_VERSION,
  type StoredBody,
  type StoredEvent,
  commitmentTo,
  fromStored,
  registrationFromStored,
  toStoredBody,
} from './stored-form.js';
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
} from './words.js';
export {
  type NamedKind,
  type TargetOnRecord,
  type Warning,
  WARNING_CODES,
  namesGivenIn,
  slipOf,
  warningsOf,
} from './warnings.js';
export { type Publication, type WorldDate, parsePublication, parseWorldDate } from './world-date.js';
