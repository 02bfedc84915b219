import { nameDay, nameStretch } from '../time/wall-words.js';
import type { LaneEvent } from './lane-input.js';
import type { Bar } from './lay-out-bars.js';
import type { EventMark } from './lay-out-events.js';
import type { LaneLayout } from './lay-out-lanes.js';
import { TRAITS } from './looks.js';
import type { PlaneEvents, WallSegment } from './prepare-lanes.js';

/** The events that a mark stands for, by time. */
export const eventsOfMark = ({ lane }: LaneLayout, { plane, first, end }: EventMark): readonly LaneEvent[] =>
  lane.planes.find((each) => each.plane === plane)?.events.slice(first, end) ?? [];

/** The accessible name of a mark: all that its drawing says, in words. */
export function nameMark(layout: Pick<LaneLayout, 'lane'>, mark: Pick<EventMark, 'plane' | 'first' | 'end'>): string {
  const plane = layout.lane.planes.find((each) => each.plane === mark.plane);
  if (!plane) return '';
  const events = plane.events.slice(mark.first, mark.end);
  const [only] = events;
  const when = nameStretch(boundsOf(plane, mark));
  const later = mark.plane.startsWith('later') ? ['published later'] : [];
  if (only && events.length === 1) return [only.name, whenOf(only, when), ...wordsOf(only), ...later].join(', ');
  const counts = TRAITS.map(({ trait, word }) => ({ word, count: events.filter((event) => event[trait]).length }));
  return [
    `${events.length} events`,
    when,
    ...counts.filter(({ count }) => count > 0).map(({ word, count }) => `${count} ${word}`),
    ...later,
  ].join(', ');
}

function boundsOf({ earliest, latest }: PlaneEvents, { first, end }: Pick<EventMark, 'first' | 'end'>) {
  let [from, to] = [Infinity, -Infinity];
  for (let index = first; index < end; index += 1) {
    from = Math.min(from, earliest[index] ?? -Infinity);
    to = Math.max(to, latest[index] ?? Infinity);
  }
  return { from, to };
}

const whenOf = ({ isApproximate }: LaneEvent, when: string): string => (isApproximate ? `about ${when}` : when);

/** What is particular about one event, in words; nothing for one that is confirmed and has happened. */
const wordsOf = (event: LaneEvent): readonly string[] => [
  ...(event.modality === 'actual' ? [] : [event.modality]),
  ...(event.epistemic === 'confirmed' ? [] : [event.epistemic]),
  ...TRAITS.filter(({ trait }) => event[trait]).map(({ word }) => word),
];

/** The accessible name of a bar: that of what it stands for, with what was too short to be drawn. */
export const nameBar = ({ wall, count }: Bar): string =>
  `${nameSegment(wall)}${count > 1 ? `, and ${count - 1} shorter` : ''}`;

/** A segment in words: "paused from 1 July 2025, no end known", "perhaps paused from 1 July 2025 to 31 July 2025". */
export function nameSegment(wall: WallSegment): string {
  const { words } = wall.segment;
  if (wall.hold === 'holds') return `${words} ${nameSpan(wall)}`;
  const hold = wall.hold === 'may-hold' ? 'perhaps' : `${wall.hold}:`;
  return `${hold} ${words} ${nameSpan(wall)}`;
}

/** From when until when a segment lasts: "from 1 July 2025", "until 4 June 2024", "on 8 July 2025". */
function nameSpan({ from, to }: WallSegment): string {
  if (to === Infinity) return from === -Infinity ? 'at all times' : `from ${nameDay(from)}, no end known`;
  if (from === -Infinity) return `until ${nameDay(to - 1)}`;
  const [first, last] = [nameDay(from), nameDay(to - 1)];
  return first === last ? `on ${first}` : `from ${first} to ${last}`;
}
