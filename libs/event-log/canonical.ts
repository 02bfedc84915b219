/** The parts of the event log that need no log: canonical JSON and the strict reading of it. Free of databases. */
export { canonicalJson, sameJson } from './src/entries/canonical-json.js';
export { DISREGARDED } from './src/disregarded.js';
export { parseJson, type ReadJson } from './src/entries/json-reader.js';
export { ENTRY_VERSION, type EntryValue, type EntryObject } from './src/port.js';
