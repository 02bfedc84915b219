import { describe, expect, it } from '@jest/globals';
import { type RecordedEvent, instant, parseEventBody, position, revision } from '#domain';
import { type Line, type UnkindShape, linkCountOf, unkindShapes } from '../../../test/support/unkind-shapes.js';
import { Ledger } from './ledger.js';

/** The short form of `npm run unkind`: counts, and no time. */
const MOST_GROWTH = 1.2;

/** Where a limit bounds a shape, there can only be more of them: so many in one policy, of so many events each. */
const [SETS, SET_SIZE] = [3, 8];
const SIZE = 20;

/** Only checked, never recorded; or of many policies, each with a ledger of its own. */
const NOT_FOR_A_LEDGER = new Set(['dry-run-chain', 'many-policies']);

describe.each(unkindShapes.filter(({ name }) => !NOT_FOR_A_LEDGER.has(name)))('twice as much of $name', (shape) => {
  const [once, twice] = shape.isLimited
    ? [SETS, 2 * SETS].map((sets) => workFor(linesOf(shape, { size: SET_SIZE, sets })))
    : [SIZE, 2 * SIZE].map((size) => workFor(linesOf(shape, { size, sets: 1 })));

  it.each(['rows', 'looks'] as const)('makes no more than twice as many %s', (what) => {
    const growth = (twice?.[what] ?? 0) / (once?.[what] ?? 1) / ((twice?.weight ?? 0) / (once?.weight ?? 1));
    expect(growth).toBeLessThan(MOST_GROWTH);
  });
});

/** The lines of as many policies as there are to be sets, all recorded about one. */
function linesOf(
  shape: UnkindShape,
  { size, sets }: { readonly size: number; readonly sets: number },
): readonly Line[] {
  const policies = new Set<unknown>(Array.from({ length: sets }, (_, index) => `p-${index}`));
  return [...(shape.before?.(size, 'p') ?? []), ...shape.lines(size, 'p')]
    .filter(({ policy }) => policies.has(policy))
    .map((line) => ({ ...line, policy: 'p' }));
}

/** What it takes to feed a ledger: rows opened and closed, and how often the body of an event is looked at. */
function workFor(lines: readonly Line[]): { readonly weight: number; readonly rows: number; readonly looks: number } {
  let [rows, looks] = [0, 0];
  const ledger = new Ledger();
  const events = lines.map((line, index) => recordedEvent(line, index, () => (looks += 1)));
  for (const event of events) {
    const { versions, boxes, unsure, doubts } = ledger.append(event);
    for (const { opened, closed } of [versions, boxes, unsure, doubts]) rows += opened.length + closed.length;
  }
  return { weight: lines.reduce((weight, line) => weight + 1 + linkCountOf(line), 0), rows, looks };
}

function recordedEvent(line: Line, index: number, onLook: () => void): RecordedEvent {
  const parsed = parseEventBody(line, 'Europe/London');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
  const { body } = parsed;
  return {
    id: body.key,
    key: body.key,
    type: body.type,
    position: position(index + 1),
    revision: revision(index),
    recordedAt: instant(index),
    get body() {
      onLook();
      return body;
    },
  };
}
