/**
 * The part of the domain that reads what the log holds: events from their entries, and the form that answers show. It
 * reaches no schema and nothing of Node, and so can run in browsers.
 */
export { presentBody } from './src/bodies/input-form.js';
export { REGISTERED, policyStream } from './src/bodies/policy-stream.js';
export { type StoredEvent, commitmentBytes, fromStored } from './src/bodies/stored-form.js';
export { BODY_FIELDS } from './src/schema/body-fields.js';
export { formatInstant, instant, parseFormattedInstant, position, revision } from './src/values/time.js';
