import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { assertionsOf } from './assertions.js';
import { bodyFieldsBehind } from './asserted-fields.js';
import type { EventBody } from '../schema/event.js';
import { parseEventBody } from '../bodies/parse.js';

const bodies: readonly EventBody[] = readFileSync(
  new URL('../../../../test/golden/stored-events.ndjson', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line).reads)
  .flatMap((reads) => {
    const parsed = parseEventBody(reads, 'Europe/London');
    return parsed.ok ? [parsed.body] : [];
  });

/** The body without every field that is not behind the state's field, but for those that say what event it is. */
function strippedTo(field: string, body: EventBody): EventBody {
  const kept = new Set<string>(['key', 'type', 'policy', ...bodyFieldsBehind(field)]);
  return Object.fromEntries(Object.entries(body).filter(([name]) => kept.has(name))) as unknown as EventBody;
}

describe('the fields of a body behind a field of the state', () => {
  it('are all on which its assertion rests, for every type of event', () => {
    const asserted = bodies.flatMap((body) => assertionsOf(body).map(({ field, value }) => ({ field, value, body })));
    expect(asserted.length).toBeGreaterThan(50);
    for (const { field, value, body } of asserted)
      expect(assertionsOf(strippedTo(field, body))).toContainEqual({ field, value });
  });
});
