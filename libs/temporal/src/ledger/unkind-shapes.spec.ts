import { describe, expect, it } from '@jest/globals';
import { type EventBody, type RecordedEvent, parseEventBody } from '#domain';
import { recordedAs } from '../../../../test/support/events/recorded-event.js';
import {
  type ImportedLine,
  type UnkindShape,
  linkCountOf,
  unkindShapes,
} from '../../../../test/support/events/unkind-shapes.js';
import { Ledger } from './ledger.js';

/** The short form of `npm run unkind`: counts, and no time. */
const MOST_GROWTH = 1.2;

/** Where a limit bounds a shape, there can only be more of them: so many in one policy, of so many events each. */
const [SETS, SET_SIZE] = [3, 8];
const SIZE = 20;

/** Only checked, never recorded; or of many policies, each with a ledger of its own. */
const NOT_FOR_A_LEDGER = new Set(['dry-run-chain', 'many-policies']);

/**
 * What grows with the square of a set, until a limit ends it: each record changes the account of all below it, and what
 * all others follow, told last and without a date of its own, moves the rank of each.
 */
const STEEP_WITHIN_LIMITS = /^(retractions-chain|follows-(chain|band)-late-vague)/;

/** Many lines are the same at both sizes: each is parsed once. */
const bodies = new Map<string, EventBody>();

const MEASURES = ['rows', 'looks'] as const;

const shapes = unkindShapes.filter(({ name }) => !NOT_FOR_A_LEDGER.has(name));

describe.each(shapes)('twice as much of $name', (shape) => {
  const [once, twice] = shape.isLimited
    ? [SETS, 2 * SETS].map((sets) => workFor(linesOf(shape, { size: SET_SIZE, sets })))
    : [SIZE, 2 * SIZE].map((size) => workFor(linesOf(shape, { size, sets: 1 })));

  it.each(MEASURES)('makes no more than twice as many %s', (what) => {
    expect(growthOf(what, once, twice)).toBeLessThan(MOST_GROWTH);
  });
});

const grownWithinLimits = shapes.filter(({ name, isLimited }) => isLimited && !STEEP_WITHIN_LIMITS.test(name));

describe.each(grownWithinLimits)('a set twice as large of $name', (shape) => {
  const [once, twice] = [SIZE, 2 * SIZE].map((size) => workFor(linesOf(shape, { size, sets: 1 })));

  it.each(MEASURES)('makes no more than twice as many %s', (what) => {
    expect(growthOf(what, once, twice)).toBeLessThan(MOST_GROWTH);
  });
});

const manyRecords = shapes.filter(({ name }) => /^(corrections|retractions|sources-one-event)/.test(name));

describe.each(manyRecords)('an event with twice as many $name', (shape) => {
  const [once, twice] = [SIZE, 2 * SIZE].map((size) => workFor(linesOf(shape, { size, sets: 1 })));

  it('takes no more looks at bodies for each row', () => {
    const looksPerRow = (work: Work | undefined): number => (work ? work.looks / work.rows : Infinity);
    expect(looksPerRow(twice) / looksPerRow(once)).toBeLessThan(MOST_GROWTH);
  });
});

interface Work {
  /** Lines and links. */
  readonly weight: number;
  /** Opened and closed. */
  readonly rows: number;
  /** How often the body of an event was looked at. */
  readonly looks: number;
}

function growthOf(what: 'rows' | 'looks', once: Work | undefined, twice: Work | undefined): number {
  if (!once || !twice) return Infinity;
  return twice[what] / once[what] / (twice.weight / once.weight);
}

/** As many sets as are asked for, each what the shape says of one policy, all recorded about the same. */
function linesOf(
  shape: UnkindShape,
  { size, sets }: { readonly size: number; readonly sets: number },
): readonly ImportedLine[] {
  return Array.from({ length: sets }, (_, index) => `set-${index}`).flatMap((prefix) =>
    [...(shape.before?.(size, prefix) ?? []), ...shape.lines(size, prefix)]
      .filter(({ policy }) => policy === `${prefix}-0`)
      .map((line) => ({ ...line, policy: 'all' })),
  );
}

/** What it takes to feed a ledger. */
function workFor(lines: readonly ImportedLine[]): Work {
  let [rows, looks] = [0, 0];
  const ledger = new Ledger();
  const events = lines.map((line, index) => recordedEvent(line, index, () => (looks += 1)));
  for (const event of events) {
    const { versions, boxes, uncertain, doubts } = ledger.append(event);
    for (const { opened, closed } of [versions, boxes, uncertain, doubts]) rows += opened.length + closed.length;
  }
  return { weight: lines.reduce((weight, line) => weight + 1 + linkCountOf(line), 0), rows, looks };
}

function recordedEvent(line: ImportedLine, index: number, onLook: () => void): RecordedEvent {
  const body = bodyOf(JSON.stringify(line));
  return {
    ...recordedAs(body, index),
    get body() {
      onLook();
      return body;
    },
  };
}

function bodyOf(line: string): EventBody {
  const known = bodies.get(line);
  if (known) return known;
  const parsed = parseEventBody(JSON.parse(line), 'Europe/London');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
  bodies.set(line, parsed.body);
  return parsed.body;
}
