import type { Changes, EventBody } from '../schema/event.js';
import type { Instant } from '../values/time.js';

/** The first and the last instant at which something can have happened. */
export interface Bounds {
  readonly earliest: Instant;
  readonly latest: Instant;
}

/** A dating link: by it the dates of two events depend on each other. */
export interface DatingLink {
  readonly rel: 'follows' | 'refines-date-of';
  readonly to: string;
  /** Where the body says so. */
  readonly pointer: string;
}

/** The part of a body about the date of one event: itself, or one that it corrects. */
export interface DatingPart {
  /** 0 for the event itself, 1 for its target, 2 for the target of its target … */
  readonly level: number;
  readonly occurred: Bounds | undefined;
  /** Where the body gives that date. */
  readonly pointer: string;
  readonly links: readonly DatingLink[];
}

/** The dates and dating links in a body, beside its own `occurred`; mostly none. */
export function datingPartsOf(body: Pick<EventBody, 'links' | 'changes'>): readonly DatingPart[] {
  const parts: DatingPart[] = [];
  const add = (level: number, { links, occurred }: Pick<Changes, 'links' | 'occurred'>, at: string): void => {
    const dating = datingLinksOf(links, at);
    if (dating.length > 0 || occurred)
      parts.push({ level, occurred: occurred ?? undefined, pointer: `${at}/occurred`, links: dating });
  };
  if (body.links) add(0, { links: body.links }, '');
  let [level, at] = [1, '/changes'];
  for (let changes = body.changes; changes; changes = changes.changes ?? undefined) {
    add(level, changes, at);
    [level, at] = [level + 1, `${at}/changes`];
  }
  return exactly(parts);
}

const NOTHING: readonly never[] = [];

/** Copies lists to their exact size: there may be very many bodies, and lists that grew have spare room. */
const exactly = <Item>(items: readonly Item[]): readonly Item[] => (items.length === 0 ? NOTHING : items.slice());

const datingLinksOf = (links: Changes['links'], at: string): readonly DatingLink[] =>
  exactly(
    (links ?? []).flatMap(({ rel, to }, index) =>
      rel === 'follows' || rel === 'refines-date-of' ? [{ rel, to, pointer: `${at}/links/${index}/to` }] : [],
    ),
  );

/** A `follows` link that a body adds: from which event to which, and its location in the body. */
export interface RecordedFollows {
  readonly from: string;
  readonly to: string;
  readonly pointer: string;
}

/** An event, with the dates in its body. */
export interface Dated {
  readonly key: string;
  readonly target?: string | undefined;
  readonly parts: readonly DatingPart[];
}

/** The events whose dates a body concerns, each with its part of the body. */
export function* eventsDatedBy(
  { key, target, parts }: Dated,
  targetOf: (key: string) => string | undefined,
): Generator<{ readonly of: string; readonly part: DatingPart }> {
  let [of, level]: [string | undefined, number] = [key, 0];
  for (const part of parts) {
    for (; of !== undefined && level < part.level; level += 1) of = level === 0 ? target : targetOf(of);
    if (of === undefined) return;
    yield { of, part };
  }
}

/** The `follows` links that an event adds: its own, and those that a correction gives to what it corrects. */
export const followsRecordedBy = (
  dated: Dated,
  targetOf: (key: string) => string | undefined,
): readonly RecordedFollows[] =>
  [...eventsDatedBy(dated, targetOf)].flatMap(({ of: from, part }) =>
    part.links.flatMap(({ rel, to, pointer }) => (rel === 'follows' ? [{ from, to, pointer }] : [])),
  );
