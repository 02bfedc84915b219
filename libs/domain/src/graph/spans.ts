import type { Bounds } from './dating-parts.js';

/** Stretches of time that do not overlap, in order. */
export type Spans = readonly Bounds[];

/** Adds a stretch, merged with those that it overlaps; returns the same list if nothing is new. */
export function addSpan(spans: Spans, added: Bounds): Spans {
  if (spans.some(({ earliest, latest }) => earliest <= added.earliest && added.latest <= latest)) return spans;
  const before = spans.filter(({ latest }) => latest < added.earliest);
  const after = spans.filter(({ earliest }) => earliest > added.latest);
  const met = spans.slice(before.length, spans.length - after.length);
  const [first, last] = [met.at(0), met.at(-1)];
  const earliest = first && first.earliest < added.earliest ? first.earliest : added.earliest;
  const latest = last && last.latest > added.latest ? last.latest : added.latest;
  return [...before, { earliest, latest }, ...after];
}

/** True if the two share an instant. */
export function spansMeet(one: Spans, other: Spans): boolean {
  let [left, right] = [0, 0];
  for (;;) {
    const [first, second] = [one[left], other[right]];
    if (!first || !second) return false;
    if (first.latest < second.earliest) left += 1;
    else if (second.latest < first.earliest) right += 1;
    else return true;
  }
}
