import type { ClientBase } from 'pg';
import { bigintArray, integerArray, textArray, uuidArray } from '#postgres';
import { entryParts } from '../../entries/entry.js';
import type { Draft, FlushPlan, KeptKey, FlushLocation } from '../../plan-flush.js';
import type { StreamEnd } from '../../plan-append.js';
import { positionOf, revisionOf } from '../../positions.js';
import type { AppendRequest, EventLocation } from '../../port.js';
import { reportUnavailability } from '../unavailability.js';

/** The state of the log on which a flush was planned: it is appended only if all of it is so. */
export interface ExpectedLogState {
  readonly streamEnds: ReadonlyMap<string, StreamEnd | undefined>;
  readonly newKeys: readonly string[];
  readonly newIdempotencyKeys: readonly string[];
}

/** The state of the log where it was not as expected. */
export interface ActualLogState {
  readonly streamEnds: ReadonlyMap<string, StreamEnd>;
  readonly byKey: readonly EventLocation[];
  readonly byIdempotencyKey: readonly (EventLocation & { readonly idempotencyKey: string })[];
}

export type AppendAnswer = { readonly location: FlushLocation } | { readonly actual: ActualLogState };

const APPEND = `SELECT base::float8 AS base, (extract(epoch FROM at) * 1000)::float8 AS at, actual
  FROM log.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`;

/** Appends a flush in one statement, which is one transaction unless the client is in one already. */
export async function callAppend(
  client: ClientBase,
  expected: ExpectedLogState,
  plan: FlushPlan,
): Promise<AppendAnswer> {
  const values = [
    ...expectedValues(expected),
    ...draftValues(plan.drafts),
    ...keptValues(plan.kept),
    ...erasableValues(plan.drafts),
  ];
  const { rows } = await reportUnavailability(client.query<AppendRow>({ name: 'log-append', text: APPEND, values }));
  const [row] = rows;
  if (!row) throw new Error('The append function answered nothing.');
  return row.actual
    ? { actual: toActualState(row.actual) }
    : { location: { base: positionOf(row.base), recordedAt: Math.round(row.at) } };
}

interface AppendRow {
  readonly base: number;
  readonly at: number;
  readonly actual: {
    readonly streamEnds: readonly (readonly [string, number, number])[] | null;
    readonly byKey: ActualLogState['byKey'] | null;
    readonly byIdempotencyKey: ActualLogState['byIdempotencyKey'] | null;
  } | null;
}

const expectedValues = ({ streamEnds, newKeys, newIdempotencyKeys }: ExpectedLogState): readonly unknown[] => {
  const streams = [...streamEnds];
  return [
    textArray(streams.map(([stream]) => stream)),
    integerArray(streams.map(([, end]) => end?.revision ?? null)),
    bigintArray(streams.map(([, end]) => end?.position ?? null)),
    textArray(newKeys),
    textArray(newIdempotencyKeys),
  ];
};

function draftValues(drafts: readonly Draft[]): readonly unknown[] {
  const parts = drafts.map(({ event, stream }) => entryParts(event, stream));
  return [
    uuidArray(drafts.map(({ event }) => event.id)),
    textArray(drafts.map(({ event }) => event.key)),
    textArray(drafts.map(({ event }) => event.type)),
    textArray(drafts.map(({ stream }) => stream)),
    integerArray(drafts.map(({ revision }) => revision)),
    bigintArray(drafts.map(({ prev }) => (prev && 'position' in prev ? prev.position : null))),
    integerArray(drafts.map(({ prev }) => (prev && 'offset' in prev ? prev.offset : null))),
    textArray(parts.map(({ before }) => before)),
    textArray(parts.map(({ after }) => after)),
  ];
}

const keptValues = (kept: readonly KeptKey[]): readonly unknown[] => [
  textArray(kept.map(({ idempotencyKey }) => idempotencyKey)),
  bigintArray(kept.map(({ at }) => ('position' in at ? at.position : null))),
  integerArray(kept.map(({ at }) => ('offset' in at ? at.offset : null))),
];

function erasableValues(drafts: readonly Draft[]): readonly unknown[] {
  const erasable = drafts.flatMap(({ event, offset }) => (event.erasable ?? []).map((value) => ({ offset, ...value })));
  return [
    integerArray(erasable.map(({ offset }) => offset)),
    textArray(erasable.map(({ pointer }) => pointer)),
    textArray(erasable.map(({ salt }) => salt)),
    textArray(erasable.map(({ value }) => value)),
  ];
}

const toActualState = ({ streamEnds, byKey, byIdempotencyKey }: NonNullable<AppendRow['actual']>): ActualLogState => ({
  streamEnds: new Map(
    (streamEnds ?? []).map(([stream, revision, position]) => [
      stream,
      { revision: revisionOf(revision), position: positionOf(position) },
    ]),
  ),
  byKey: byKey ?? [],
  byIdempotencyKey: byIdempotencyKey ?? [],
});

/** Every event of some requests. */
export const eventsOf = (requests: readonly AppendRequest[]): AppendRequest['events'] =>
  requests.flatMap(({ events }) => events);
