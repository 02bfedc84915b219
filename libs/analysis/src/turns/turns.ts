import type { Instant, Position, Stance } from '#domain';
import { compareText } from '#temporal';
import { type DayRange, type EventDates, daysBetween, lastOf } from '../dates/event-dates.js';
import type { NamedActor, TakenStance, Undoing } from './turn-events.js';

/**
 * How a position changed. From support to opposing or refusing, or back: `reversal`. Otherwise away from the policy:
 * `hardening`, towards it: `softening`. From a stance to no answer: `to-silence`, which changes no position.
 */
export const TURN_KINDS = ['reversal', 'hardening', 'softening', 'to-silence'] as const;
export type TurnKind = (typeof TURN_KINDS)[number];

/** One end of a turn: a stance, or that no answer was given. */
export interface TurnEnd {
  /** `null` where no answer was given, and where an event is undone. */
  readonly stance: Stance | null;
  readonly event: string;
  /** `null` where the event that is undone is not in force. */
  readonly dates: EventDates | null;
  readonly role: string | null;
}

/** A change of position: of an actor about a policy, or of the policy itself, where an event undoes another. */
export interface Turn {
  /** `null` where those who undid something are not those who had done it: then the policy turned, and nobody else. */
  readonly actor: string | null;
  readonly onBehalfOf: string | null;
  readonly policy: string;
  readonly from: TurnEnd;
  readonly to: TurnEnd;
  readonly kind: TurnKind;
  /** Days between the two. */
  readonly days: DayRange;
  /** `uncertain` where the dates leave open which of the two came first. */
  readonly order: 'certain' | 'uncertain';
  /** True if the later event names the earlier one. */
  readonly acknowledged: boolean;
  /** Key of the event that is undone. */
  readonly undoes: string | null;
  /** Of the later event. */
  readonly knownFrom: Instant;
  readonly position: Position;
  /** The place of the later event in order of occurrence. */
  readonly place: string;
}

/** An event that is undone, as it is dated and who made it. */
export interface UndoneEvent {
  readonly event: string;
  readonly actors: readonly NamedActor[];
  readonly dates: EventDates;
}

/** What turns are found in, at one state of knowledge. Every stance about a policy must be there. */
export interface TurnRecord {
  readonly stances: readonly TakenStance[];
  readonly undoings: readonly Undoing[];
  /** The events that are undone, by key, if they are in force. */
  readonly undone: ReadonlyMap<string, UndoneEvent>;
}

/** The turns of a record, in order of occurrence of the later event, seen from an instant: what had happened by then. */
export function turnsIn({ stances, undoings, undone: events }: TurnRecord, validAt: Instant): readonly Turn[] {
  const taken = stances.filter(({ dates: { settled } }) => settled <= validAt);
  const stated = seriesOf(taken).flatMap(turnsOfSeries);
  const undone = undoings
    .filter(({ dates: { settled } }) => settled <= validAt)
    .flatMap((undoing) => reversals(undoing, events));
  const undoing = new Set(undone.map(nameOfTurn));
  const statedTurns = new Map(stated.map((turn) => [nameOfTurn(turn), turn]));
  return [
    ...stated.filter((turn) => !undoing.has(nameOfTurn(turn))),
    ...undone.map((turn) => {
      const same = statedTurns.get(nameOfTurn(turn));
      return same ? { ...same, acknowledged: true, undoes: turn.undoes } : turn;
    }),
  ].sort((one, other) => compareText(one.place, other.place) || compareText(subjectOf(one), subjectOf(other)));
}

/** What tells apart the turns that one event makes. */
export const subjectOf = ({ actor, undoes }: Pick<Turn, 'actor' | 'undoes'>): string =>
  `${actor ?? ''}\n${undoes ?? ''}`;

/** The same for a stance and for an undoing by which one actor makes one turn: who does both has turned once. */
const nameOfTurn = ({ actor, onBehalfOf, from, to }: Turn): string =>
  JSON.stringify([actor, onBehalfOf, from.event, to.event]);

/** The stances of each actor about each policy, in order of occurrence; those taken for another apart. */
function seriesOf(stances: readonly TakenStance[]): readonly (readonly TakenStance[])[] {
  const series = new Map<string, TakenStance[]>();
  for (const stance of [...stances].sort((one, other) => compareText(one.order, other.order))) {
    const key = JSON.stringify([stance.policy, stance.actor, stance.onBehalfOf]);
    const own = series.get(key);
    if (own) own.push(stance);
    else series.set(key, [stance]);
  }
  return [...series.values()];
}

/** Silence is compared with the stance before it, and no stance with a silence. */
function turnsOfSeries(series: readonly TakenStance[]): readonly Turn[] {
  const turns: Turn[] = [];
  let before: TakenStance | undefined;
  let isSilent = false;
  for (const stance of series) {
    const kind = before && kindOfTurn(before.stance, stance.stance);
    if (before && kind && !(isSilent && kind === 'to-silence')) turns.push(turnBetween(before, stance, kind));
    isSilent = stance.stance === null;
    if (!isSilent) before = stance;
  }
  return turns;
}

/** The stances from refusing a policy to supporting it. */
export const STANCE_SCALE: readonly Stance[] = ['refuse', 'oppose', 'noncommittal', 'conditional', 'support'];

const AGAINST: readonly (Stance | null)[] = ['oppose', 'refuse'];

function kindOfTurn(from: Stance | null, to: Stance | null): TurnKind | undefined {
  if (from === null || from === to) return undefined;
  if (to === null) return 'to-silence';
  if ((from === 'support' && AGAINST.includes(to)) || (AGAINST.includes(from) && to === 'support')) return 'reversal';
  return STANCE_SCALE.indexOf(to) < STANCE_SCALE.indexOf(from) ? 'hardening' : 'softening';
}

const turnBetween = (from: TakenStance, to: TakenStance, kind: TurnKind): Turn => ({
  actor: to.actor,
  onBehalfOf: to.onBehalfOf,
  policy: to.policy,
  from: { stance: from.stance, event: from.event, dates: from.dates, role: from.role },
  to: { stance: to.stance, event: to.event, dates: to.dates, role: to.role },
  kind,
  days: elapsed(from.dates, to.dates),
  order: orderOf(from, to),
  acknowledged: to.names.includes(from.event),
  undoes: null,
  ...placeOf(to),
});

/** An event that undoes another is a reversal of those who made both, else of the policy. */
function reversals(undoing: Undoing, undone: TurnRecord['undone']): readonly Turn[] {
  const from = undone.get(undoing.undoes);
  const both = undoing.actors.flatMap((actor) => {
    const before = from?.actors.find((each) => each.actor === actor.actor && each.onBehalfOf === actor.onBehalfOf);
    return before ? [{ ...actor, before: before.role }] : [];
  });
  const turning = both.length > 0 ? both : [{ actor: null, role: null, onBehalfOf: null, before: null }];
  return turning.map(({ actor, role, onBehalfOf, before }) => ({
    actor,
    onBehalfOf,
    policy: undoing.policy,
    from: { stance: null, event: undoing.undoes, dates: from?.dates ?? null, role: before },
    to: { stance: null, event: undoing.event, dates: undoing.dates, role },
    kind: 'reversal',
    days: from ? elapsed(from.dates, undoing.dates) : { min: null, max: null },
    order: from ? orderOf(from, undoing) : 'uncertain',
    acknowledged: true,
    undoes: undoing.undoes,
    ...placeOf(undoing),
  }));
}

const placeOf = ({ knownFrom, position, order }: Pick<TakenStance, 'knownFrom' | 'position' | 'order'>) => ({
  knownFrom,
  position,
  place: order,
});

interface Dated {
  readonly event: string;
  readonly dates: EventDates;
}

/** Certain where the first had happened before the other can have, or the other is known to follow it. */
const orderOf = (from: Dated, to: Dated & { readonly follows: readonly string[] }): Turn['order'] =>
  lastOf(from.dates) < to.dates.earliest || to.follows.includes(from.event) ? 'certain' : 'uncertain';

/** Dates that overlap may lie the other way round: then no days at least. */
function elapsed(from: EventDates, to: EventDates): DayRange {
  const { min, max } = daysBetween(
    { earliest: from.earliest, latest: lastOf(from) },
    { earliest: to.earliest, latest: lastOf(to) },
  );
  return { min: min === null ? null : Math.max(0, min), max: max === null ? null : Math.max(0, max) };
}
