import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import { position } from '#domain';
import { boundaries, corpus } from '../../../../test/support/events/corpus.js';
import { differenceBetween } from './diff.js';
import { patchBetween } from './json-patch.js';
import { replayPoint } from './replay.js';
import { stateDocument } from './state-document.js';

const twoPoints = corpus().chain(({ events }) => {
  const instants = fc.constantFrom(...boundaries(events));
  const coordinate = fc.record({
    recorded: fc.integer({ min: 0, max: events.length }).map(position),
    knownAt: instants,
    validAt: instants,
  });
  return fc.record({ events: fc.constant(events), from: coordinate, to: coordinate });
});

describe('a diff', () => {
  it('is a patch that turns the first state into the second', () => {
    fc.assert(
      fc.property(twoPoints, ({ events, from, to }) => {
        const [before, after] = [from, to].map((at) => stateDocument(replayPoint(events, at).facts.values()));
        const patched = structuredClone(before);
        const errors = applyPatch(patched, [...patchBetween(before ?? {}, after ?? {})]);
        expect(errors.filter((error) => error !== null)).toEqual([]);
        expect(patched).toEqual(after);
      }),
      { numRuns: 300 },
    );
  });

  it('names a field exactly when its value differs', () => {
    fc.assert(
      fc.property(twoPoints, ({ events, from, to }) => {
        const [one, other] = [replayPoint(events, from), replayPoint(events, to)];
        const values = (point: typeof one) =>
          Object.fromEntries(
            [...point.facts.values()].filter(({ value }) => value !== null).map(({ field, value }) => [field, value]),
          );
        const { changes } = differenceBetween(one, other);
        const after = { ...values(one) };
        for (const change of changes) {
          if (change.after === null) delete after[change.field];
          else after[change.field] = change.after;
        }
        expect(after).toEqual(values(other));
      }),
      { numRuns: 300 },
    );
  });

  it('is empty between a coordinate and itself', () => {
    fc.assert(
      fc.property(twoPoints, ({ events, from }) => {
        expect(differenceBetween(replayPoint(events, from), replayPoint(events, from))).toEqual({
          changes: [],
          added: [],
          removed: [],
        });
      }),
    );
  });
});
