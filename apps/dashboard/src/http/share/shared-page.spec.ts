import { expect, it } from '@jest/globals';
import { tableOf } from './shared-page.js';

it.each([
  ['board', '/v1/policies?limit=100&recordedAt=@5', '/v1/policies.csv?limit=100&recordedAt=@5'],
  ['policy', '/v1/policies/toll?explain=true&recordedAt=@5', '/v1/facts.csv?recordedAt=@5&policy=toll'],
  ['figures', '/v1/figures?cursor=abc&recordedAt=@5', '/v1/figures.csv?recordedAt=@5'],
  ['diff', '/v1/policies/toll/diff?from=2024-01-01', '/v1/policies/toll/diff.csv?from=2024-01-01'],
  ['event', '/v1/events/toll-paused?recordedAt=@5', undefined],
])('leads from the data of the page %s to all their rows as a table', (name, permalink, table) => {
  expect(tableOf({ name, permalink })).toBe(table);
});
