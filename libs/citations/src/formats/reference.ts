/** What a reference says of a cited answer, whatever its format. Texts may hold any characters. */
export interface Reference {
  /** Identifies the reference in a list of references: letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  /** The name of the record, and who publishes it if stated. */
  readonly record: string;
  readonly publisher: string | undefined;
  /** Where readers find it. */
  readonly url: string;
  /** The version of the record: the position of its last event. */
  readonly version: string;
  /** The day of that version, `YYYY-MM-DD` in UTC; undefined while nothing was recorded. */
  readonly day: string | undefined;
  /** The day on which it was cited; undefined for a reference that nobody asked to be kept. */
  readonly accessed: string | undefined;
  /** Further remarks: the times at which the answer holds, its hash. */
  readonly notes: readonly string[];
}

/** One line, without control characters: formats are read by lines. */
export const oneLine = (text: string): string => text.replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, ' ').trim();

/** Year, month and day of a day written `YYYY-MM-DD`. */
export const partsOfDay = (day: string): readonly number[] => day.split('-').map(Number);
