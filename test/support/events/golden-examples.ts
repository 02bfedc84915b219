import { readFileSync } from 'node:fs';
import type { JsonObject } from '#domain';

/** One line of the file: an entry as the log holds it, what lies beside it, and what it reads as. Never edited. */
export interface GoldenExample {
  readonly entry: JsonObject & {
    readonly v: number;
    readonly id: string;
    readonly key: string;
    readonly type: string;
    readonly stream: string;
    readonly by?: string;
    readonly prev?: number;
    readonly revision: number;
    readonly recordedAt: string;
    readonly body: JsonObject;
  };
  readonly erasable: readonly { readonly pointer: string; readonly salt: string; readonly value: string }[];
  readonly reads: JsonObject;
}

/** A stored event of every type. */
export const goldenExamples: readonly GoldenExample[] = readFileSync(
  new URL('../../golden/stored-events.ndjson', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as GoldenExample);
