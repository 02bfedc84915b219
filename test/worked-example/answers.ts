import { readFileSync } from 'node:fs';

/** A coordinate of the worked example; `recordedUpTo` is the key of the last event that plays a part. */
export interface ExpectedCoordinate {
  readonly knownAt: string;
  readonly validAt: string;
  readonly recordedUpTo?: string;
}

interface WorkedExample {
  readonly states: readonly {
    readonly policy: string;
    readonly about: string;
    readonly coordinate: ExpectedCoordinate;
    readonly state: object;
    readonly uncertain: readonly object[];
    readonly events: readonly string[];
  }[];
  readonly diffs: readonly {
    readonly policy: string;
    readonly about: string;
    readonly from: ExpectedCoordinate;
    readonly to: ExpectedCoordinate;
    readonly changes: readonly object[];
    readonly added: readonly string[];
    readonly removed: readonly string[];
  }[];
}

/** The answers to the worked example, by whatever way they are asked for. */
export const workedExample: WorkedExample = JSON.parse(
  readFileSync(new URL('./answers.json', import.meta.url), 'utf8'),
);
