import { isDeepStrictEqual } from 'node:util';
import { type EventBody, type Instant, type Position, bodyFieldsBehind } from '#domain';
import type { EventVersion, RecordsInForce } from '../events/event-version.js';

/** One event as seen from one coordinate. */
export interface EventAtPoint {
  readonly key: string;
  readonly position: Position;
  /** The instant from which it could be known, as recorded at that coordinate. */
  readonly knownFrom: Instant;
  /** Key of the record that gave that publication; absent for the event itself. */
  readonly firstPublishedBy?: string;
  /** When the event itself was published, as corrected by then: later than `knownFrom` where a source is earlier. */
  readonly ownPublication: Instant;
  /** Its version there; absent while it is not yet known. */
  readonly version?: Pick<EventVersion, 'body' | 'retracted' | 'datedBy' | 'follows'> &
    Pick<RecordsInForce, 'retractedBy' | 'correctedBy'>;
}

/** An event that speaks of another, and of which: the same from every coordinate. */
export interface RecordNote {
  readonly key: string;
  readonly position: Position;
  readonly type: string;
  readonly target: string;
}

/** The two sides of a comparison, reduced to what is needed to explain a difference. */
export interface ComparisonSides {
  readonly from: Side;
  readonly to: Side;
}

interface Side {
  readonly at: { readonly recorded: Position; readonly knownAt: Instant };
  event(key: string): EventAtPoint | undefined;
  note(key: string): RecordNote | undefined;
  /** The notes recorded by this side; those recorded by the other side as well may be left out. */
  readonly notes: readonly RecordNote[];
}

/** A question about something that differs between the sides. */
type Question =
  /** Why the event is visible, or known, on one side only. */
  | { readonly about: 'visible'; readonly key: string }
  /** Why a field of the event's body in force differs. */
  | { readonly about: 'body'; readonly key: string; readonly field: string }
  /** Why the event became public at another time. */
  | { readonly about: 'publication'; readonly key: string }
  /** Why a record that publishes the event acts on one side only. */
  | { readonly about: 'publisher'; readonly key: string }
  /** Why the event has another date. */
  | { readonly about: 'dating'; readonly key: string };

interface Explained {
  readonly causes: readonly string[];
  readonly next: readonly Question[];
}

const NOTHING: Explained = { causes: [], next: [] };

/** Keys of the retractions because of which the event counts on one side only, and of what changed those. */
export const causesOfRetraction = (key: string, sides: ComparisonSides): readonly string[] =>
  explainAll([{ about: 'visible', key }], sides);

/** Keys of the corrections that changed the parts of the body on which a field depends, and of what changed those. */
export function causesOfCorrection(key: string, field: string, sides: ComparisonSides): readonly string[] {
  const differing = differingFields(key, sides);
  const behind = new Set<string>(bodyFieldsBehind(field));
  const relevant = differing.filter((name) => behind.has(name));
  return explainAll(questionsAbout(key, relevant.length > 0 ? relevant : differing), sides);
}

/** Keys of the sources and corrections that made the event public at another time. */
export const causesOfPublication = (key: string, sides: ComparisonSides): readonly string[] =>
  explainAll([{ about: 'publication', key }], sides);

/** Keys of the events whose links, dates or sources gave the event another date, and of what changed those. */
export const causesOfDating = (key: string, sides: ComparisonSides): readonly string[] =>
  explainAll([{ about: 'dating', key }], sides);

/**
 * Keys of the corrections in force on which the value that an event asserts for a field depends: for each field of the
 * body the correction that gave it, then the one that gave that correction its changes, and so on.
 */
export function correctionsBehind(key: string, field: string, side: Pick<Side, 'event'>): readonly string[] {
  const corrections = side.event(key)?.version?.correctedBy ?? [];
  const giving = new Set(bodyFieldsBehind(field).map((name) => lastNaming(name, key, side)));
  // A correction that is in force but not known yet can only be one of `publishedAt`.
  const isUnknown = (correction: string): boolean => side.event(correction)?.version === undefined;
  return corrections
    .filter((correction) => giving.has(correction) || isUnknown(correction))
    .flatMap((correction) => [correction, ...correctionsOfChanges(correction, side)]);
}

function correctionsOfChanges(key: string, side: Pick<Side, 'event'>): readonly string[] {
  const found: string[] = [];
  for (let last = lastNaming('changes', key, side); last !== undefined; last = lastNaming('changes', last, side))
    found.push(last);
  return found;
}

/** Answers all questions and those that they lead to, each once, the nearest first; to any depth, without recursion. */
function explainAll(questions: readonly Question[], sides: ComparisonSides): readonly string[] {
  const causes = new Set<string>();
  const asked = new Set<string>();
  const pending = [...questions];
  for (const question of pending) {
    const name = JSON.stringify(question);
    if (asked.has(name)) continue;
    asked.add(name);
    const answer = explain(question, sides);
    for (const cause of answer.causes) causes.add(cause);
    pending.push(...answer.next);
  }
  return [...causes];
}

function explain(question: Question, sides: ComparisonSides): Explained {
  switch (question.about) {
    case 'visible':
      return explainVisible(question.key, sides);
    case 'body':
      return explainBody(question.key, question.field, sides);
    case 'publication':
      return explainPublication(question.key, sides);
    case 'publisher':
      return explainPublisher(question.key, sides);
    case 'dating':
      return explainDating(question.key, sides);
  }
}

function explainVisible(key: string, sides: ComparisonSides): Explained {
  const [one, other] = versionsOf(key, sides);
  if (!one || !other) return { causes: [key], next: [{ about: 'publication', key }] };
  const flipped = inOneOnly(one.retractedBy, other.retractedBy);
  return { causes: [key], next: flipped.map((retraction) => ({ about: 'visible', key: retraction })) };
}

/** A field has the value that the last correction naming it gave it; the changes of a correction may be replaced in turn. */
function explainBody(key: string, field: string, sides: ComparisonSides): Explained {
  const [one, other] = [lastNaming(field, key, sides.from), lastNaming(field, key, sides.to)];
  if (one === undefined && other === undefined) return NOTHING;
  if (one === other && one !== undefined)
    return { causes: [one], next: [{ about: 'body', key: one, field: 'changes' }] };
  const winners = [one, other].filter((winner) => winner !== undefined);
  const flipped = winners.filter((winner) => !isVisible(winner, sides.from) || !isVisible(winner, sides.to));
  if (flipped.length > 0) {
    const giving = flipped.flatMap((winner) => [winner, ...findFlipped(winner, sides)]);
    return { causes: [], next: giving.map((correction) => ({ about: 'visible', key: correction })) };
  }
  return {
    causes: winners,
    next: winners.flatMap((winner): readonly Question[] => [
      { about: 'publication', key: winner },
      { about: 'body', key: winner, field: 'changes' },
    ]),
  };
}

/** The corrections that gave one which acts on one side only its changes, and that act on that side only as well. */
function findFlipped(correction: string, sides: ComparisonSides): readonly string[] {
  const [acting, other] = isVisible(correction, sides.from) ? [sides.from, sides.to] : [sides.to, sides.from];
  return correctionsOfChanges(correction, acting).filter((key) => !isVisible(key, other));
}

function lastNaming(field: string, key: string, side: Pick<Side, 'event'>): string | undefined {
  return side.event(key)?.version?.correctedBy.findLast((correction) => {
    const changes = side.event(correction)?.version?.body.changes;
    return changes !== undefined && field in changes;
  });
}

/** Publications depend on what is recorded only: what moved one was recorded after one side and by the other. */
function explainPublication(key: string, sides: ComparisonSides): Explained {
  const [one, other] = [sides.from.event(key), sides.to.event(key)];
  if (!one || !other) return NOTHING;
  if (one.knownFrom === other.knownFrom) return explainNews(key, sides);
  const publishers = unique([one.firstPublishedBy, other.firstPublishedBy]);
  return { causes: [], next: publishers.map((publisher) => ({ about: 'publisher', key: publisher })) };
}

/** Between two known times: the source or correction without which the event would not be known at the later one. */
function explainNews(key: string, { from, to }: ComparisonSides): Explained {
  const [knowing, other] = from.event(key)?.version ? [from, to] : [to, from];
  const event = knowing.event(key);
  const isNews = event?.version !== undefined && other.event(key)?.version === undefined;
  if (!isNews || event.firstPublishedBy === undefined) return NOTHING;
  const isKnownAnyway = event.knownFrom < event.ownPublication && event.ownPublication <= knowing.at.knownAt;
  const publisher = event.firstPublishedBy;
  return isKnownAnyway ? NOTHING : { causes: [publisher], next: [{ about: 'publication', key: publisher }] };
}

function explainPublisher(key: string, { from, to }: ComparisonSides): Explained {
  const [first, last] = [Math.min(from.at.recorded, to.at.recorded), Math.max(from.at.recorded, to.at.recorded)];
  const isNews = ({ position }: RecordNote): boolean => first < position && position <= last;
  const noteOf = (name: string): RecordNote | undefined => from.note(name) ?? to.note(name);
  const own = noteOf(key);
  if (own && isNews(own)) return { causes: [key], next: [] };
  const leads = [...from.notes, ...to.notes].filter(isNews).map((note) => chainTo(key, note, noteOf));
  const causes = leads.flat();
  return { causes: causes.length > 0 ? causes : [key], next: [] };
}

/** The keys of the chain from an event up to a record about it; empty if the record does not lead to the event. */
function chainTo(key: string, note: RecordNote, noteOf: (key: string) => RecordNote | undefined): readonly string[] {
  const chain: string[] = [];
  for (let last: RecordNote | undefined = note; last; last = noteOf(last.target)) {
    chain.push(last.key);
    if (last.key === key) return chain.toReversed();
  }
  return [];
}

function explainDating(key: string, sides: ComparisonSides): Explained {
  const [one, other] = versionsOf(key, sides);
  const dated = [one?.datedBy ?? [], other?.datedBy ?? []] as const;
  const ranked = [one?.follows ?? [], other?.follows ?? []] as const;
  const found = [
    { causes: [], next: questionsAbout(key, differingFields(key, sides).filter(isDating)) },
    ...[...inBoth(...dated), ...inOneOnly(...dated)].map((dating) => explainDatingOf(dating, sides)),
    ...inOneOnly(...ranked).map((followed) => explainDatingInput(followed, sides)),
  ];
  return { causes: found.flatMap(({ causes }) => causes), next: found.flatMap(({ next }) => next) };
}

/** Explains an event that dates another: it differs itself, or what dates it does. */
function explainDatingOf(key: string, sides: ComparisonSides): Explained {
  const input = explainDatingInput(key, sides);
  if (input.next.length > 0) return input;
  const [one, other] = versionsOf(key, sides);
  const isDatedOtherwise = inOneOnly(one?.datedBy ?? [], other?.datedBy ?? []).length > 0;
  return isDatedOtherwise ? { causes: [key], next: [{ about: 'dating', key }] } : NOTHING;
}

function explainDatingInput(key: string, sides: ComparisonSides): Explained {
  const note = sides.from.note(key) ?? sides.to.note(key);
  if (note?.type === 'source.attached') return { causes: [], next: [{ about: 'publisher', key }] };
  const hasFlipped = isVisible(key, sides.from) !== isVisible(key, sides.to);
  if (hasFlipped) return { causes: [], next: [{ about: 'visible', key }] };
  const next = questionsAbout(key, differingFields(key, sides).filter(isDating));
  return next.length > 0 ? { causes: [key], next } : NOTHING;
}

const isDating = (field: string): boolean => field === 'occurred' || field === 'links';

const questionsAbout = (key: string, fields: readonly string[]): readonly Question[] =>
  fields.map((field) => (field === 'publishedAt' ? { about: 'publication', key } : { about: 'body', key, field }));

/** The fields of the event's body in force that differ; empty where it is not known on both sides. */
function differingFields(key: string, sides: ComparisonSides): readonly string[] {
  const [one, other] = versionsOf(key, sides);
  if (!one || !other) return [];
  const [before, after] = [fieldsOf(one.body), fieldsOf(other.body)];
  const names = new Set([...before.keys(), ...after.keys()]);
  // Sorted, since a body that was read from a table has its members in another order.
  return [...names].filter((name) => !isDeepStrictEqual(before.get(name), after.get(name))).sort();
}

const fieldsOf = (body: EventBody): ReadonlyMap<string, unknown> => new Map(Object.entries(body));

const versionsOf = (key: string, { from, to }: ComparisonSides) =>
  [from.event(key)?.version, to.event(key)?.version] as const;

function isVisible(key: string, side: Side): boolean {
  const version = side.event(key)?.version;
  return version !== undefined && !version.retracted;
}

const inOneOnly = (one: readonly string[], other: readonly string[]): readonly string[] => [
  ...one.filter((key) => !other.includes(key)),
  ...other.filter((key) => !one.includes(key)),
];

const inBoth = (one: readonly string[], other: readonly string[]): readonly string[] =>
  one.filter((key) => other.includes(key));

const unique = (keys: readonly (string | undefined)[]): readonly string[] => [
  ...new Set(keys.filter((key) => key !== undefined)),
];
