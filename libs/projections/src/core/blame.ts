import type { Pool } from 'pg';
import { z } from 'zod';
import { type PresentedBody, presentedBody } from '#domain';
import { Turns } from '#runtime/turns';
import { type Fact, correctionsBehind } from '#temporal';
import { texts } from '../rows/answer-parts.js';
import type { ResolvedCoordinate } from '../rows/answers.js';
import { standsAt, storedInstant } from '../rows/table.js';
import type { EventMarks } from './timeline.js';
import { type ActingRecordRows, type RecordsOfEvent, actingRecords, recordsInForce } from './records-in-force.js';
import { eventsWithCorrections } from './seen-events.js';

/** Who and what is behind one field: its event, sources and times, what it replaced, what corrected it since. */
export const shownBlame = z
  .object({
    event: z.string().meta({ description: 'Key of the event behind the field.' }),
    position: z.int(),
    publishedAt: z.string(),
    occurred: z.string(),
    actors: presentedBody.shape.actors.unwrap().readonly(),
    sources: presentedBody.shape.sources.unwrap().readonly(),
    replaced: z.string().nullable().meta({
      description: 'Key of the event whose value held just before this one began to count; `null` for the first.',
    }),
    correctedBy: texts.meta({
      description: 'Keys of the corrections in force on which the field rests, and of those that changed them.',
    }),
  })
  .meta({ id: 'Blame', description: 'Who and what is behind one field.' });

/** See the schema. */
export type FieldBlame = Readonly<z.output<typeof shownBlame>>;

const BEHIND = `SELECT t.event, t.position::float8 AS position, t.body, t.marks,
    ${actingRecords('t', ['$1', '$2'])} AS records FROM read.timeline t
  WHERE t.policy = $3 AND t.event = ANY ($4) AND ${standsAt('t', '$1', '$2')}`;

const REPLACED = `SELECT w.field, b.event FROM unnest($4::text[], $5::bigint[]) AS w(field, before)
  JOIN read.boxes b ON b.policy = $3 AND b.field = w.field AND ${standsAt('b', '$1', '$2')} AND b.valid_from <= w.before AND b.valid_to > w.before`;

interface BehindRow {
  readonly event: string;
  readonly position: number;
  readonly body: PresentedBody;
  readonly marks: EventMarks;
  readonly records: ActingRecordRows;
}

/** Lays each fact at the door of its event. */
export async function blameOf(
  pool: Pool,
  policy: number,
  { at, facts }: { at: ResolvedCoordinate; facts: readonly Fact[] },
): Promise<Readonly<Record<string, FieldBlame>>> {
  const known = [at.recorded, storedInstant(at.knownAt), policy];
  const begun = facts.filter(({ valid }) => Number.isFinite(valid.from));
  const [behind, replaced] = await Promise.all([
    pool.query<BehindRow>({ name: 'blame-events', text: BEHIND, values: [...known, facts.map(({ event }) => event)] }),
    pool.query<{ field: string; event: string }>({
      name: 'blame-replaced',
      text: REPLACED,
      values: [...known, begun.map(({ field }) => field), begun.map(({ valid }) => valid.from - 1)],
    }),
  ]);
  const events = new Map(
    behind.rows.map((row) => [row.event, { ...row, ...recordsInForce(row.body, row.marks, row.records) }]),
  );
  const corrected = [...events.values()].filter(({ correctedBy }) => correctedBy.length > 0);
  const seen = await eventsWithCorrections(
    pool,
    at,
    corrected.map(({ event }) => event),
  );
  const before = new Map(replaced.rows.map(({ field, event }) => [field, event]));
  const blame: [string, FieldBlame][] = [];
  const turns = new Turns();
  for (const { field, event, value } of facts) {
    const row = events.get(event);
    if (value === null || !row) continue;
    const correctedBy = correctionsBehind(event, field, { event: seen });
    blame.push([field, fieldBlame(row, { replaced: before.get(field) ?? null, correctedBy })]);
    if (turns.isOver) await turns.next();
  }
  return Object.fromEntries(blame);
}

const fieldBlame = (
  { event, position, body, attached }: BehindRow & Pick<RecordsOfEvent, 'attached'>,
  { replaced, correctedBy }: Pick<FieldBlame, 'replaced' | 'correctedBy'>,
): FieldBlame => ({
  event,
  position,
  publishedAt: body.publishedAt,
  occurred: body.occurred,
  actors: body.actors ?? [],
  sources: [...(body.sources ?? []), ...attached.map(({ source }) => ({ ...source }))],
  replaced,
  correctedBy,
});
