import { isDeepStrictEqual } from 'node:util';
import { compareText } from '../events/dated-assertion.js';
import type { Interval } from '../time/coordinate.js';
import type { LedgerChange } from './ledger.js';
import { type Rectangle, meets, overlapOf, remnantsOf } from '../time/rectangle.js';
import type { Box } from '../events/ledger-items.js';

/** The effect of a change on one field: the smallest intervals of known and valid time that contain all changed values. */
export interface FieldEffect {
  readonly field: string;
  readonly known: Interval;
  readonly valid: Interval;
}

/** The effects of a change, in order of field; none for a field whose values are unchanged. */
export function effectsOf({ boxes: { opened, closed } }: Pick<LedgerChange, 'boxes'>): readonly FieldEffect[] {
  const [after, before] = [opened, closed].map((boxes) => byField(boxes.map(({ value }) => value)));
  const fields = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].toSorted(compareText);
  return fields.flatMap((field) => {
    const [was, is] = [before?.get(field) ?? [], after?.get(field) ?? []];
    const changed = [...notIn(is, was), ...notIn(was, is)];
    return changed.length === 0
      ? []
      : [{ field, known: span(changed.map(({ known }) => known)), valid: span(changed.map(({ valid }) => valid)) }];
  });
}

/** Groups boxes by field; to a reader an asserted absence is the same as nothing. */
function byField(boxes: readonly Box[]): ReadonlyMap<string, readonly Box[]> {
  const fields = new Map<string, Box[]>();
  for (const box of boxes.filter(({ assertion }) => assertion.value !== null)) {
    const { field } = box.assertion;
    fields.set(field, [...(fields.get(field) ?? []), box]);
  }
  return fields;
}

/** The parts of `boxes` in which none of `others` has the same value. */
const notIn = (boxes: readonly Box[], others: readonly Box[]): readonly Rectangle[] =>
  boxes.flatMap((box) =>
    others
      .filter(({ assertion }) => isDeepStrictEqual(assertion.value, box.assertion.value))
      .reduce<readonly Rectangle[]>(
        (parts, other) =>
          parts.flatMap((part) => (meets(part, other) ? remnantsOf(part, overlapOf(part, other)) : [part])),
        [box],
      ),
  );

const span = (intervals: readonly Interval[]): Interval =>
  intervals.reduce((whole, { from, to }) => ({
    from: from < whole.from ? from : whole.from,
    to: to > whole.to ? to : whole.to,
  }));
