import { describe, expect, it } from '@jest/globals';
import { goldenExamples } from '../../../../test/support/events/golden-examples.js';
import { assertionsOf } from './assertions.js';
import { bodyFieldsBehind } from './asserted-fields.js';
import type { EventBody } from '../schema/event.js';
import { parseEventBody } from '../bodies/parse.js';

const bodies: readonly EventBody[] = goldenExamples.flatMap(({ reads }) => {
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
