import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Position, type RecordedEvent, position } from '#domain';
import { boundaries, corpus, reorder } from '../../../../test/support/events/corpus.js';
import { type Coordinate, contains, overlaps } from '../time/coordinate.js';
import { type DatedAssertion, datedAssertionsOf, listUncertainties, uncertaintyAt } from '../events/dated-assertion.js';
import type { EventVersion } from '../events/event-version.js';
import { type PolicyState, inOrderOfOccurrence, stateAt } from './fold.js';
import { Ledger, type LedgerChange } from '../ledger/ledger.js';
import { tieButForPosition } from '../events/order-key.js';
import { versionSignature } from '../events/version-signature.js';
import type { ItemChanges, LedgerItem } from '../events/ledger-items.js';

/** Everything that ever stood, with the positions between which it did. */
class Record<Thing> {
  readonly #stood: { readonly standing: LedgerItem<Thing>; until: number }[] = [];

  take({ opened, closed }: ItemChanges<Thing>, at: Position): void {
    for (const standing of closed) {
      const stood = this.#stood.find((candidate) => candidate.standing.id === standing.id);
      if (!stood || stood.until !== Infinity) throw new Error(`${standing.id} is closed and was not open`);
      stood.until = at;
    }
    this.#stood.push(...opened.map((standing) => ({ standing, until: Infinity })));
  }

  at(recorded: Position): readonly Thing[] {
    return this.#stood
      .filter(({ standing, until }) => standing.since <= recorded && recorded < until)
      .map(({ standing }) => standing.value);
  }
}

interface Recorded {
  readonly boxes: Record<LedgerChange['boxes']['opened'][number]['value']>;
  readonly versions: Record<LedgerChange['versions']['opened'][number]['value']>;
  readonly unsure: Record<LedgerChange['uncertain']['opened'][number]['value']>;
  readonly doubts: Record<LedgerChange['doubts']['opened'][number]['value']>;
}

function record(events: readonly RecordedEvent[]): Recorded {
  const ledger = new Ledger();
  const recorded: Recorded = {
    boxes: new Record(),
    versions: new Record(),
    unsure: new Record(),
    doubts: new Record(),
  };
  for (const event of events) {
    const change = ledger.append(event);
    recorded.boxes.take(change.boxes, change.position);
    recorded.versions.take(change.versions, change.position);
    recorded.unsure.take(change.uncertain, change.position);
    recorded.doubts.take(change.doubts, change.position);
  }
  return recorded;
}

function byBoxes({ boxes, versions, unsure }: Recorded, at: Coordinate) {
  const facts = boxes
    .at(at.recorded)
    .filter((box) => contains(box.known, at.knownAt) && contains(box.valid, at.validAt))
    .map(({ assertion }) => assertion);
  const uncertain = unsure
    .at(at.recorded)
    .filter(({ known }) => contains(known, at.knownAt))
    .flatMap(({ assertion }) => uncertaintyAt(assertion, at.validAt));
  return {
    facts: facts.map(({ field, value, event, valid }) => [field, value, event.key, valid]).sort(),
    uncertain: listUncertainties(uncertain, facts),
    standings: versions
      .at(at.recorded)
      .filter(({ known }) => contains(known, at.knownAt))
      .map(({ version }) => version)
      .sort(inOrderOfOccurrence)
      .map((version) => [version.event.key, versionSignature(version)]),
  };
}

const byFold = ({ facts, uncertain, versions }: PolicyState) => ({
  facts: [...facts.values()].map(({ field, value, event, valid }) => [field, value, event, valid]).sort(),
  uncertain,
  standings: versions.map((version) => [version.event.key, versionSignature(version)]),
});

function doubtsTold({ doubts }: Recorded, at: Coordinate): readonly string[] {
  const there = doubts.at(at.recorded).filter(({ known }) => contains(known, at.knownAt));
  return there.map(({ kind, field, event }) => `${kind} ${field} ${event}`).sort();
}

/** By definition: every assertion that ties with a weaker one, or whose bounds hold those of a sharper one, and disagrees. */
function doubtfulIn({ versions }: PolicyState): readonly string[] {
  const assertions = versions.flatMap(datedAssertionsOf);
  const doubtful = assertions.flatMap((one) => {
    const rivals = assertions.filter(
      (other) =>
        other.field === one.field &&
        other.event !== one.event &&
        overlaps(one.valid, other.valid) &&
        JSON.stringify(one.value) !== JSON.stringify(other.value),
    );
    const isTie = rivals.some((other) => other.weight < one.weight && tieButForPosition(other.weight, one.weight));
    const isOpen = one.isVague && rivals.some((other) => isSharper(other, one) && !areLinked(one, other, versions));
    return [...(isTie ? ['tie'] : []), ...(isOpen ? ['order-unknown'] : [])].map(
      (kind) => `${kind} ${one.field} ${one.event.key}`,
    );
  });
  return doubtful.sort();
}

const isSharper = ({ begun: sharp }: DatedAssertion, { begun: vague }: DatedAssertion): boolean =>
  sharp.from <= sharp.to &&
  vague.from <= sharp.from &&
  sharp.to <= vague.to &&
  !(vague.from === sharp.from && vague.to === sharp.to);

/** One follows the other, by way of any number of others. */
function areLinked(one: DatedAssertion, other: DatedAssertion, standings: readonly EventVersion[]): boolean {
  const reaches = (start: string, end: string): boolean => {
    const reached = new Set([start]);
    for (const key of reached)
      for (const next of standings.find(({ event }) => event.key === key)?.follows ?? []) reached.add(next);
    return reached.has(end);
  };
  return reaches(one.event.key, other.event.key) || reaches(other.event.key, one.event.key);
}

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 150);

/** Coordinates of a corpus where each takes two folds. */
const FEW = 8;

/** A corpus with coordinates on and beside its boundaries. */
const corpusAndCoordinates = (options: Parameters<typeof corpus>[0] = {}) =>
  corpus(options).chain(({ events }) => {
    const instants = fc.constantFrom(...boundaries(events));
    const coordinate = fc.record({
      recorded: fc.integer({ min: 0, max: events.length }).map(position),
      knownAt: instants,
      validAt: instants,
    });
    return fc.record({
      events: fc.constant(events),
      coordinates: fc.array(coordinate, { minLength: 16, maxLength: 16 }),
    });
  });

describe('the ledger', () => {
  it('answers as the fold does at every coordinate, and doubts orders exactly where the rules leave them open', () => {
    fc.assert(
      fc.property(corpusAndCoordinates(), ({ events, coordinates }) => {
        const recorded = record(events);
        for (const at of coordinates) {
          const state = stateAt(events, at);
          const told = byBoxes(recorded, at);
          expect(told).toEqual(byFold(state));
          expect(new Set(told.facts.map(([field]) => field)).size).toBe(told.facts.length);
          expect(doubtsTold(recorded, at)).toEqual(doubtfulIn(state));
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('hands out the same numbers when it is fed the same events again', () => {
    fc.assert(
      fc.property(corpus(), ({ events }) => {
        const [one, other] = [new Ledger(), new Ledger()];
        for (const event of events) expect(one.append(event)).toEqual(other.append(event));
      }),
      { numRuns: 50 },
    );
  });

  it('never ties two events that differ in their place in the source', () => {
    fc.assert(
      fc.property(corpusAndCoordinates({ distinctOrdinals: true }), ({ events }) => {
        const ties = record(events)
          .doubts.at(position(events.length))
          .filter(({ kind }) => kind === 'tie');
        expect(ties).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the order of recording', () => {
  it('never changes an answer at the latest position', () => {
    fc.assert(
      fc.property(
        corpusAndCoordinates({ distinctOrdinals: true }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 30 }),
        ({ events, coordinates }, order) => {
          const again = reorder(events, order);
          for (const { knownAt, validAt } of coordinates.slice(0, FEW)) {
            const at = { recorded: position(events.length), knownAt, validAt };
            const [one, other] = [stateAt(events, at), stateAt(again, at)];
            expect([...other.facts.values()]).toEqual([...one.facts.values()]);
            expect(other.uncertain).toEqual(one.uncertain);
            expect(other.versions.map(({ event }) => event.key)).toEqual(one.versions.map(({ event }) => event.key));
          }
        },
      ),
      { numRuns: RUNS },
    );
  });
});
