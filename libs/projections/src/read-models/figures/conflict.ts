/** A value as claimed. */
export interface ClaimedValue {
  readonly value: number | null;
  readonly comparator: string;
}

/** What "about" leaves open, to either side. */
const ABOUT = 0.1;

/** The numbers that a claim allows. */
export interface ClaimedRange {
  readonly least: number;
  readonly most: number;
}

/**
 * The numbers that satisfy a claim; undefined where a value was not given, which contradicts nothing.
 *
 * Two claims cannot both hold where one ends before the other begins.
 */
export function rangeOf({ value, comparator }: ClaimedValue): ClaimedRange | undefined {
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
