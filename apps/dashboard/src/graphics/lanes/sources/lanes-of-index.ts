import type { EventIndex } from '../../../http/events/event-index.js';
import { typeInWords } from '../../../words/event-words.js';
import type { Lane, LaneEpistemic, LaneEvent, LaneModality, LaneSegment } from '../lane-input.js';

/** An event of an index with what decides in which lanes it stands. */
export interface IndexedEvent extends LaneEvent {
  readonly policy: string;
  readonly title: string;
  readonly actors: readonly string[];
  readonly counterparties: readonly string[];
  /** The first parts of the fields that it asserts, such as `terms`. */
  readonly groups: readonly string[];
}

/** What an index does not say of its events. */
export interface EventNotes {
  /** Summaries, where they are at hand; other events are named by type and actors. */
  readonly summaries: ReadonlyMap<string, string>;
  readonly anomalies: ReadonlySet<string>;
}

/** The events of an index, for lanes. What is not dated at all is left out: it has no place. */
export function eventsOfIndex(index: EventIndex, { summaries, anomalies }: EventNotes): readonly IndexedEvent[] {
  const { columns, policies, types, actors: names, fields } = index;
  return columns.key.flatMap((key, at) => {
    const bounds = [columns.earliest[at] ?? null, columns.latest[at] ?? null, columns.settled[at] ?? null];
    if (bounds.every((bound) => bound === null)) return [];
    const [earliest, latest, settled] = bounds;
    const type = types[columns.type[at] ?? -1] ?? '';
    const actors = namesAt(names, columns.actors[at]);
    const policy = policies[columns.policy[at] ?? -1];
    return [
      {
        key,
        name: summaries.get(key) ?? nameOf(type, actors),
        earliest: earliest ?? -Infinity,
        latest: latest ?? Infinity,
        settled: settled ?? Infinity,
        modality: modalityOf(index, at),
        epistemic: epistemicOf(index, at),
        isApproximate: columns.approximate[at] ?? false,
        isCorrected: columns.corrected[at] ?? false,
        isRetracted: columns.retracted[at] ?? false,
        isReversal: type === 'policy.reversed',
        isConflicting: columns.conflicting[at] ?? false,
        isAnomalous: anomalies.has(key),
        knownFrom: columns.knownFrom[at] ?? -Infinity,
        policy: policy?.slug ?? '',
        title: policy?.title ?? '',
        actors,
        counterparties: namesAt(names, columns.counterparties[at]),
        groups: namesAt(fields, columns.fields[at]),
      },
    ];
  });
}

const namesAt = (names: readonly string[], places: readonly number[] = []): readonly string[] =>
  places.flatMap((place) => names[place] ?? []);

const nameOf = (type: string, actors: readonly string[]): string => {
  const words = typeInWords(type);
  const named = `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
  return actors.length === 0 ? named : `${named}: ${actors.slice(0, 3).join(', ')}`;
};

const MODALITIES: readonly LaneModality[] = ['actual', 'planned', 'conditional'];
const EPISTEMICS: readonly LaneEpistemic[] = ['confirmed', 'reported', 'claimed', 'disputed', 'denied'];

const modalityOf = ({ columns, modalities }: EventIndex, at: number): LaneModality =>
  MODALITIES.find((each) => each === modalities[columns.modality[at] ?? -1]) ?? 'actual';

const epistemicOf = ({ columns, epistemics }: EventIndex, at: number): LaneEpistemic =>
  EPISTEMICS.find((each) => each === epistemics[columns.epistemic[at] ?? -1]) ?? 'confirmed';

/** Lanes of policies, those with the newest events first; each with its statuses. */
export function lanesOfPolicies(
  events: readonly IndexedEvent[],
  segmentsOf: (policy: string) => readonly LaneSegment[],
): readonly Lane[] {
  const groups = groupEvents(events, ({ policy }) => [policy]);
  return [...groups]
    .map(([policy, own]) => ({
      id: policy,
      label: own[0]?.title ?? policy,
      events: own,
      segments: segmentsOf(policy),
      newest: own.reduce((newest, { knownFrom = -Infinity }) => Math.max(newest, knownFrom), -Infinity),
    }))
    .sort((one, other) => other.newest - one.newest);
}

/** Lanes within a policy: its status and what changed it, its terms, each counterparty, each actor; then what has no place in those. */
export function lanesInPolicy(events: readonly IndexedEvent[], statuses: readonly LaneSegment[]): readonly Lane[] {
  const lane = (id: string, label: string, own: readonly LaneEvent[]): Lane => ({
    id,
    label,
    events: own,
    segments: [],
  });
  const asserting = (group: string) => events.filter(({ groups }) => groups.includes(group));
  const named = (kind: 'counterparties' | 'actors', word: string): readonly Lane[] =>
    [...groupEvents(events, (event) => event[kind])]
      .sort(([, one], [, other]) => other.length - one.length)
      .map(([name, own]) => lane(`${word} ${name}`, kind === 'actors' ? name : `With ${name}`, own));
  const others = events.filter(
    ({ groups, actors, counterparties }) =>
      actors.length + counterparties.length === 0 && !groups.some((group) => group === 'status' || group === 'terms'),
  );
  return [
    { ...lane('status', 'Status', []), segments: statuses },
    lane('changes', 'Changes of status', asserting('status')),
    lane('terms', 'Terms', asserting('terms')),
    ...named('counterparties', 'counterparty'),
    ...named('actors', 'actor'),
    lane('others', 'Other events', others),
  ].filter(({ events: own, segments }) => own.length + segments.length > 0);
}

/** The events of each name, in their order, by first occurrence of the names. */
function groupEvents(
  events: readonly IndexedEvent[],
  namesOf: (event: IndexedEvent) => readonly string[],
): ReadonlyMap<string, readonly IndexedEvent[]> {
  const groups = new Map<string, IndexedEvent[]>();
  for (const event of events)
    for (const name of new Set(namesOf(event))) {
      const group = groups.get(name) ?? [];
      groups.set(name, group);
      group.push(event);
    }
  return groups;
}
