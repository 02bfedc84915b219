/**
 * The part of the domain on which the fold stands: what events assert, what corrections make of them, and how they date
 * each other. It reaches no schema and nothing of Node, and so can run in browsers.
 */
export { assertionsOf, isPlan } from './src/assertions/assertions.js';
export { correctBody } from './src/graph/corrections.js';
export { type DatingLink, datingPartsOf, eventsDatedBy } from './src/graph/dating-parts.js';
export type { Assertion, EventBody, RecordedEvent, Source, SourceName } from './src/schema/event.js';
export { speaksOfRecords } from './src/schema/words.js';
export { actorName } from './src/values/names.js';
export { FOREVER, type Instant, type Position, instant } from './src/values/time.js';
export type { Publication } from './src/values/world-date.js';
