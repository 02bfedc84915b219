import {
  FOREVER,
  type Instant,
  type RecordedEvent,
  type TargetOnRecord,
  endOfDay,
  parseDay,
  position,
  speaksOfRecords,
} from '#domain';
import {
  type EventVersion,
  type FieldEffect,
  Ledger,
  type PausingWork,
  type PolicyDifference,
  type PolicyState,
  type VersionWithRecords,
  datedAssertionsOf,
  differenceBetween,
  effectsOf,
  replaySteps,
  stateAt,
  stateSteps,
} from '#temporal';
import { Turns } from '#runtime/turns';

/** The difference that an event would make as seen from one point of known and valid time. */
export interface RehearsedDifference extends PolicyDifference {
  readonly knownAt: Instant;
  readonly validAt: Instant;
}

/** The differences that recording an event would make. */
export interface Rehearsal {
  /** In what is known of now, now. */
  readonly now: RehearsedDifference;
  /** In what was known when it was published (by the end of that day, where a day is given) of when it happened. */
  readonly onItsDay: RehearsedDifference;
  /** The stretches of time in which the value of a field would be another. */
  readonly affects: readonly FieldEffect[];
}

/** A policy's events, and one that may be recorded after them. */
export interface Rehearsed {
  readonly events: readonly RecordedEvent[];
  readonly event: RecordedEvent;
}

/** Works out what recording an event would change, without recording it; makes room for other work while it does. */
export async function rehearse(
  rehearsed: Rehearsed,
  { now, zone }: { readonly now: Instant; readonly zone: string },
): Promise<Rehearsal> {
  const turns = new Turns();
  return {
    now: await turns.run(differenceAt(rehearsed, { knownAt: now, validAt: now })),
    onItsDay: await turns.run(differenceAt(rehearsed, await turns.run(itsDay(rehearsed, zone)))),
    affects: await effects(rehearsed, turns),
  };
}

/** The rehearsal of an event that is on record already. */
export function nothingChanges(now: Instant): Rehearsal {
  const nothing = { knownAt: now, validAt: now, changes: [], added: [], removed: [] };
  return { now: nothing, onItsDay: nothing, affects: [] };
}

type Point = Pick<RehearsedDifference, 'knownAt' | 'validAt'>;

function* differenceAt({ events, event }: Rehearsed, at: Point): PausingWork<RehearsedDifference> {
  const before = yield* replaySteps(events, { recorded: position(event.position - 1), ...at });
  const after = yield* replaySteps([...events, event], { recorded: event.position, ...at });
  return { ...at, ...differenceBetween(before, after) };
}

/** The time at which it was published, and at which it happened: when its assertions, or those of its target, begin to hold. */
function* itsDay({ events, event }: Rehearsed, zone: string): PausingWork<Point> {
  const { text, from } = event.body.publishedAt;
  const knownAt = parseDay(text) ? endOfDay(text, zone) : from;
  const all = [...events, event];
  const state = yield* stateSteps(all, { recorded: event.position, knownAt, validAt: knownAt });
  const standings = standingsByKey(state);
  const standing = standings.get(subjectOf(event, new Map(all.map((each) => [each.key, each]))));
  return { knownAt, validAt: (standing && beginningOf(standing)) ?? knownAt };
}

function beginningOf(standing: EventVersion): Instant | undefined {
  const [asserted] = datedAssertionsOf(standing);
  return [asserted?.valid.from, standing.settled].find((at) => at !== undefined && Number.isFinite(at));
}

/** The key of the event that something is said about in the end, through any depth of corrections and retractions. */
function subjectOf(event: RecordedEvent, byKey: ReadonlyMap<string, RecordedEvent>): string {
  let subject = event;
  for (let steps = byKey.size; steps > 0 && speaksOfRecords(subject.type); steps -= 1) {
    const target = byKey.get(subject.body.target ?? '');
    if (!target) break;
    subject = target;
  }
  return subject.key;
}

async function effects({ events, event }: Rehearsed, turns: Turns): Promise<readonly FieldEffect[]> {
  const ledger = new Ledger();
  for (const each of events) {
    ledger.append(each);
    if (turns.isOver) await turns.next();
  }
  return effectsOf(ledger.append(event));
}

/** The event with a key, once all of `events` are known; undefined when it is not among them. */
export function targetAmong(events: readonly RecordedEvent[], key: string): TargetOnRecord | undefined {
  const latest = events.at(-1)?.position ?? position(0);
  const standing = standingsByKey(stateAt(events, { recorded: latest, knownAt: FOREVER, validAt: FOREVER })).get(key);
  if (!standing) return undefined;
  const { body, retracted, sources } = standing;
  return {
    body,
    retracted,
    sources: sources.filter(({ retractedBy }) => retractedBy === undefined).map(({ source }) => source),
  };
}

const standingsByKey = ({ versions }: PolicyState): ReadonlyMap<string, VersionWithRecords> =>
  new Map(versions.map((standing) => [standing.event.key, standing]));
