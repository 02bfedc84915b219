/** A value as claimed. */
export interface ClaimedValue {
  readonly value: number | null;
  readonly comparator: string;
}

/** What "about" leaves open, to either side. */
const ABOUT = 0.1;

/** True when no number satisfies both claims. A value that was not given contradicts nothing. */
export function cannotBothHold(one: ClaimedValue, other: ClaimedValue): boolean {
  const [first, second] = [rangeOf(one), rangeOf(other)];
  return first !== undefined && second !== undefined && (first.most < second.least || second.most < first.least);
}

function rangeOf({ value, comparator }: ClaimedValue): { readonly least: number; readonly most: number } | undefined {
  if (value === null) return undefined;
  const margin = Math.abs(value) * ABOUT;
  switch (comparator) {
    case 'exact':
      return { least: value, most: value };
    case 'at-least':
      return { least: value, most: Infinity };
    case 'at-most':
      return { least: -Infinity, most: value };
    case 'approx':
      return { least: value - margin, most: value + margin };
    case 'nearly':
      return value < 0 ? { least: value, most: value + margin } : { least: value - margin, most: value };
    default:
      return undefined;
  }
}
