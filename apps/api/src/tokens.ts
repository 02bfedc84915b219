/** Names under which the composition root hands its parts to controllers. */
export const POOL = Symbol('pool');
export const EVENT_LOG = Symbol('event log');
export const READ_SIDE = Symbol('projections');
export const CONFIGURATION = Symbol('configuration');
export const DOCUMENT = Symbol('OpenAPI document');
