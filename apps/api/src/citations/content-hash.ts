import { hashAnswer } from '#event-log/answer-hash';

/** The parts of an answer that name its coordinate. */
const OF_THE_COORDINATE: ReadonlySet<string> = new Set(['coordinate', 'from', 'to', 'resume', 'next', 'near']);

/** The hash of what an answer says whatever coordinate it names: two answers with equal ones say the same. */
export const hashContent = (answer: unknown): string => hashAnswer(contentOf(answer));

function contentOf(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return answer;
  const entries = Object.entries(answer).filter(
    ([name, value]: [string, unknown]) => !(OF_THE_COORDINATE.has(name) && isOfTheCoordinate(name, value)),
  );
  return Object.fromEntries(
    entries.map(([name, value]: [string, unknown]) => [
      name,
      name === 'items' && Array.isArray(value) ? value.map(itemOf) : value,
    ]),
  );
}

/** `from` and `to` are also bounds of stretches, in rows of lists, but only there plain instants. */
const isOfTheCoordinate = (name: string, value: unknown): boolean =>
  (name !== 'from' && name !== 'to') || (typeof value === 'object' && value !== null && 'knownAt' in value);

const itemOf = (item: unknown): unknown =>
  typeof item === 'object' && item !== null && 'permalink' in item ? contentOf(item) : item;

/** All keys of events that an answer names. */
export function keysNamedIn(answer: unknown): ReadonlySet<string> {
  const keys = new Set<string>();
  collect(answer, keys);
  return keys;
}

const NAMES_EVENTS: ReadonlySet<string> = new Set(['key', 'event', 'events', 'causes', 'because']);

function collect(value: unknown, keys: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  const members: [string, unknown][] = Object.entries(value);
  for (const [name, member] of members) {
    if (NAMES_EVENTS.has(name)) for (const key of [member].flat()) if (typeof key === 'string') keys.add(key);
    collect(member, keys);
  }
}
