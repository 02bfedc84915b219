import type { Question } from '#audit';
import { type Instant, formatInstant, normalizeName } from '#domain';
import { type EventTimes, namesAsked } from '#projections';

/** Which names a filter asks for, in their one form; undefined where it does not filter. */
const namesOf = (given: string | undefined): readonly string[] | undefined =>
  given === undefined ? undefined : namesAsked(normalizeName(given));

const nameOf = (given: string | undefined): string | undefined =>
  given === undefined ? undefined : normalizeName(given);

/** Filters that are not given are left out of a question. */
function given<Filters extends object>(filters: Filters): Given<Filters> {
  // JSON has no members without a value.
  const kept: Given<Filters> = JSON.parse(JSON.stringify(filters));
  return kept;
}

type Mutable<Value> = Value extends readonly (infer Item)[] ? Item[] : Value;

type Given<Filters> = { [Name in keyof Filters]?: Mutable<Exclude<Filters[Name], undefined>> };

interface EventsAsked {
  readonly order: 'occurred' | 'published' | 'recorded';
  readonly records: boolean;
  readonly retracted: boolean;
  readonly key?: readonly string[] | undefined;
  readonly type?: string | undefined;
  readonly actor?: string | undefined;
  readonly affiliated?: boolean;
}

/** What a list of the events of one policy shows, as its proof names it. */
export const eventsQuestion = (asked: EventsAsked, times: EventTimes): Question => ({
  of: 'events',
  order: asked.order,
  records: asked.records,
  retracted: asked.retracted,
  ...given({
    keys: asked.key,
    types: asked.type === undefined ? undefined : namesAsked(asked.type),
    actors: namesOf(asked.actor),
    affiliated: asked.actor !== undefined && asked.affiliated === true ? true : undefined,
  }),
  ...timesOf(times),
});

interface FiguresAsked {
  readonly measure?: string | undefined;
  readonly unit?: string | undefined;
  readonly claimedBy?: string | undefined;
  readonly epistemic?: string | undefined;
}

/** The same for figures. */
export const figuresQuestion = (asked: FiguresAsked, times: EventTimes): Question => ({
  of: 'figures',
  ...given({
    measures: namesOf(asked.measure),
    unit: nameOf(asked.unit),
    claimedBy: nameOf(asked.claimedBy),
    epistemic: asked.epistemic,
  }),
  ...timesOf(times),
});

/** The same for positions. */
export const positionsQuestion = (asked: { readonly actor?: string | undefined; readonly all: boolean }): Question => ({
  of: 'positions',
  all: asked.all,
  ...given({ actors: namesOf(asked.actor) }),
});

/** The same for negotiations. */
export const negotiationsQuestion = (asked: { readonly counterparty?: string | undefined }): Question => ({
  of: 'negotiations',
  ...given({ counterparties: namesOf(asked.counterparty) }),
});

function timesOf({ recordedAfter, ...bounds }: EventTimes) {
  const written = Object.entries(bounds).flatMap(([name, at]: [string, Instant | undefined]) =>
    at === undefined ? [] : [[name, formatInstant(at)] as const],
  );
  if (recordedAfter === undefined && written.length === 0) return {};
  const after =
    recordedAfter === undefined
      ? {}
      : {
          recordedAfter:
            'position' in recordedAfter
              ? { position: recordedAfter.position }
              : { at: formatInstant(recordedAfter.at) },
        };
  return { times: { ...after, ...Object.fromEntries(written) } };
}
