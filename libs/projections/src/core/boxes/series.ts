import type { Pool } from 'pg';
import { z } from 'zod';
import type { Json } from '#domain';
import { anyJson, instantText } from '../../rows/answer-parts.js';
import type { Page, Paged, ResolvedCoordinate } from '../../rows/answers.js';
import { type Bind, type OrderColumn, orderBy, pageInSteps, showAs } from '../../rows/steps.js';
import { readInstant, storedInstant } from '../../rows/table.js';
import { shownInstant } from '../state.js';
import { hadValue } from './history.js';
import { type RowsOfPolicy, policySteps } from './policy-steps.js';

/** The axis along which a series goes; on the two others it is at the coordinate. */
export const SERIES_AXES = ['valid', 'known', 'recorded'] as const;

export type SeriesAxis = (typeof SERIES_AXES)[number];

/** A value of a field and the stretch of one axis in which it held, as answers show it. */
export const shownSeriesRow = z
  .object({
    policy: z.string().meta({ description: 'Slug of the policy.' }),
    field: z.string().meta({ description: 'Path of the field.' }),
    from: instantText.nullable().meta({ description: '`null`: open.' }),
    to: instantText.nullable().meta({ description: 'The end is excluded; `null`: open, or after the coordinate.' }),
    fromPosition: z.int().nullable().meta({ description: 'With `axis=recorded`: the position recorded at `from`.' }),
    toPosition: z.int().nullable().meta({ description: 'With `axis=recorded`: the position recorded at `to`.' }),
    value: anyJson.meta({ description: '`null`: the field was absent.' }),
    event: z.string().meta({ description: 'Key of the event behind the value.' }),
  })
  .meta({ id: 'SeriesRow', description: 'A value of a field, and from when to when it held on one axis.' });

/** See the schema. */
export type SeriesRowAnswer = Readonly<z.output<typeof shownSeriesRow>>;

interface Listing {
  readonly filter: {
    /** Numbers of the policies; all when undefined. */
    readonly policies?: readonly number[] | undefined;
    /** Path of one field; all when undefined. */
    readonly field?: string | undefined;
  };
  readonly axis: SeriesAxis;
  readonly page: Page;
}

const ORDER = [
  ['policy', 'integer'],
  ['field', 'text'],
  ['begins', 'bigint'],
] as const satisfies readonly OrderColumn[];

interface SeriesRow {
  readonly policy_slug: string;
  readonly field: string;
  readonly value: Json;
  readonly event: string;
  readonly begins: number;
  readonly ends: number;
  /** When the positions of recorded time were recorded. */
  readonly begun_at: number | null;
  readonly ended_at: number | null;
}

/**
 * The values of fields along one axis: by policy in the order of registration, then by field and time. Stretches of one
 * field never overlap; those that follow each other differ in value or event. A policy on the page is read whole.
 */
export const seriesAt = (
  pool: Pool,
  at: ResolvedCoordinate,
  { filter: { policies, field }, axis, page }: Listing,
): Promise<Paged<SeriesRowAnswer>> =>
  pageInSteps(
    policySteps<SeriesRow>(pool, {
      policies,
      order: ORDER,
      select: `t.field, t.value, t.event, t.begins::float8 AS begins, t.ends::float8 AS ends, ${recordTimes(axis)}`,
      rowsOf: (sql) => stretchesOf(sql, { at, axis, field }),
      shown: (bind) => [hadValue(bind(at.recorded))],
    }),
    page,
    showAs((row) => seriesRow(row, axis, at)),
  );

interface Line {
  readonly at: ResolvedCoordinate;
  readonly axis: SeriesAxis;
  readonly field: string | undefined;
}

/** SQL for the stretches of a policy `p`: boxes that follow each other with one value of one event are one. */
function stretchesOf({ bind, order, isAfter, most }: RowsOfPolicy, { at, axis, field }: Line): string {
  const conditions = ['b.policy = p.policy', ...(field === undefined ? [] : [`b.field = ${bind(field)}`])];
  const boxes = `SELECT b.policy, b.field, b.value, b.event, b.${axis}_from AS begins, b.${axis}_to AS ends,
      (lag(b.${axis}_to) OVER line, lag(b.event) OVER line, lag(b.value) OVER line) IS DISTINCT FROM (b.${axis}_from, b.event, b.value) AS is_new
    FROM read.boxes b WHERE ${[...conditions, ...onLine(at, axis, bind)].join(' AND ')}
    WINDOW line AS (PARTITION BY b.field ORDER BY b.${axis}_from)`;
  return `SELECT * FROM (SELECT policy, field, value, event, min(begins) AS begins, max(ends) AS ends
      FROM (SELECT *, count(*) FILTER (WHERE is_new) OVER (PARTITION BY field ORDER BY begins) AS stretch FROM (${boxes}) box) numbered
      GROUP BY policy, field, value, event, stretch) s
    WHERE ${isAfter('s')} ORDER BY ${orderBy('s', order)} LIMIT ${most}`;
}

const AXES = { valid: 'validAt', known: 'knownAt', recorded: 'recorded' } as const;

/** Conditions for the boxes on a line. It ends at the coordinate, but for valid time: what will be is known. */
function onLine(at: ResolvedCoordinate, axis: SeriesAxis, bind: Bind): readonly string[] {
  return SERIES_AXES.flatMap((each) => {
    if (each === axis && each === 'valid') return [];
    const point = bind(each === 'recorded' ? at.recorded : storedInstant(at[AXES[each]]));
    return [`b.${each}_from <= ${point}`, ...(each === axis ? [] : [`b.${each}_to > ${point}`])];
  });
}

/** SQL for when the positions at the ends of a stretch `t` were recorded. */
function recordTimes(axis: SeriesAxis): string {
  const timeOf = (place: string): string =>
    axis === 'recorded'
      ? `(SELECT e.recorded_at::float8 FROM read.timeline e WHERE e.policy = t.policy AND e.position = t.${place} LIMIT 1)`
      : 'NULL::float8';
  return `${timeOf('begins')} AS begun_at, ${timeOf('ends')} AS ended_at`;
}

function seriesRow(row: SeriesRow, axis: SeriesAxis, at: ResolvedCoordinate): SeriesRowAnswer {
  // What ends after the coordinate had not ended there.
  const hasEnded = axis === 'valid' || row.ends <= at[AXES[axis]];
  const isRecord = axis === 'recorded';
  const [from, to] = isRecord ? [row.begun_at, row.ended_at] : [row.begins, row.ends];
  return {
    policy: row.policy_slug,
    field: row.field,
    from: from === null ? null : shownInstant(readInstant(from)),
    to: to === null || !hasEnded ? null : shownInstant(readInstant(to)),
    fromPosition: isRecord ? row.begins : null,
    toPosition: isRecord && hasEnded ? row.ends : null,
    value: row.value,
    event: row.event,
  };
}
