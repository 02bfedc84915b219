import type { JsonObject } from '../values/json.js';

/** The example of an event type; the rest of its body is the same for all. */
export interface Example extends JsonObject {
  readonly key: string;
  readonly occurred: string;
  /** Left out: the day on which it happened. */
  readonly publishedAt?: string;
  readonly summary: string;
}

/** The whole body of an example. All examples are about one invented policy and have keys of their own. */
export const exampleBody = (type: string, { key, occurred, ...rest }: Example): Example => ({
  key,
  type,
  policy: 'harbour-toll',
  occurred,
  publishedAt: occurred,
  ...rest,
});

/** Adds `epistemic` and a source to an example that has none. */
export function addSource(example: Example): Example {
  const publishedAt = example['publishedAt'] ?? example.occurred;
  const source = {
    publisher: 'Harbour Gazette',
    title: `Report of ${String(publishedAt)}`,
    publishedAt,
    genre: 'news',
  };
  return { epistemic: 'confirmed', sources: [source], ...example };
}
