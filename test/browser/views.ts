import type { TestApplication } from '../e2e/running-application.js';
import { parseLines } from '../e2e/running-application.js';

/** The views that every test of this folder goes through, by their addresses over the worked example. */
export const VIEWS: readonly { readonly name: string; readonly path: string }[] = [
  { name: 'board', path: '/policies' },
  { name: 'policy', path: '/policies/harbour-toll' },
  { name: 'policy on a past day', path: '/policies/harbour-toll?knownAt=2024-07-15' },
];

/** Records the worked example. */
export const recordWorkedExample = (application: TestApplication) =>
  application.importLines(parseLines('../worked-example/events.ndjson'));
