import type { Pool } from 'pg';
import { z } from 'zod';
import { DATE_PRECISIONS, type PresentedBody, type Source, precisionOf } from '#domain';
import { instantText } from '../rows/answer-parts.js';
import type { ResolvedCoordinate } from '../rows/answers.js';
import { eventRow } from '../rows/rows-at.js';
import type { Shown } from '../rows/steps.js';
import { standsAt, storedInstant } from '../rows/table.js';
import { type ActingRecordRows, actingRecords, firstSourceInForce } from './records-in-force.js';
import type { EventMarks } from './timeline.js';

const ofEvent = {
  occurred: z.string().nullable().meta({ description: 'When it happened, as the body in force says (EDTF).' }),
  occurredFrom: instantText.nullable().meta({ description: 'Not before, as links date it, too; `null`: open.' }),
  occurredTo: instantText.nullable().meta({ description: 'Not after, as links date it, too; `null`: open.' }),
  occurredPrecision: z.enum(DATE_PRECISIONS).meta({ description: 'How closely `occurred` names it.' }),
  publishedAt: z.string().nullable().meta({ description: 'When it was published: a full day, or an instant.' }),
  policyTitle: z.string(),
  source: z
    .object({ publisher: z.string(), title: z.string(), url: z.string().nullable() })
    .nullable()
    .meta({ description: 'The first of its sources that was not withdrawn; `null`: none is left.' }),
};

/** What rows tell of their event, so that nobody has to look it up. `null` where the log did not take the event. */
export const describedRow = eventRow.extend(ofEvent);

type Description = Pick<z.output<typeof describedRow>, keyof typeof ofEvent>;

/** A row as its read model gives it, before its event is described. */
export type Undescribed<Row> = Omit<Row, keyof Description>;

interface DescribedEvent {
  readonly policy: string;
  readonly event: string;
  readonly title: string;
  readonly body: (PresentedBody & { readonly sources?: readonly Source[] }) | null;
  readonly marks: EventMarks | null;
  readonly records: ActingRecordRows;
}

const EVENTS = `SELECT q.policy, q.event, e.body, e.marks, e.records,
    (SELECT n.title FROM read.policies n WHERE n.slug = q.policy AND n.recorded_from <= $1 AND n.recorded_to > $1 LIMIT 1) AS title
  FROM unnest($3::text[], $4::text[]) q(policy, event)
  LEFT JOIN LATERAL (SELECT t.body, t.marks, ${actingRecords('t', ['$1', '$2'])} AS records FROM read.timeline t
    WHERE t.event = q.event AND ${standsAt('t', '$1', '$2')} LIMIT 1) e ON true`;

type Row = Readonly<Record<'policy' | 'event', string>>;

/** Adds to the rows that are shown what they tell of their events at a coordinate; what a row says itself goes before. */
export const describeRows =
  <Thing, Item extends Row>(
    pool: Pool,
    { recorded, knownAt }: ResolvedCoordinate,
    show: (things: readonly Thing[]) => Promise<Shown<Item>>,
  ): ((things: readonly Thing[]) => Promise<Shown<Description & Item>>) =>
  async (things) => {
    const { items, read } = await show(things);
    const rows = items.filter((item) => item !== undefined);
    const named = [...new Map(rows.map((row) => [row.event, row])).values()];
    if (named.length === 0) return { items: items.map(() => undefined), read };
    const { rows: events } = await pool.query<DescribedEvent>({
      name: 'events-of-rows',
      text: EVENTS,
      values: [recorded, storedInstant(knownAt), named.map(({ policy }) => policy), named.map(({ event }) => event)],
    });
    const described = new Map(events.map((event) => [event.event, descriptionOf(event)]));
    return {
      // Spreading objects of so many fields took as long as reading them.
      items: items.map((item) => item && Object.assign({}, item, described.get(item.event) ?? UNKNOWN, item)),
      read: read + events.length,
    };
  };

const UNKNOWN: Description = {
  occurred: null,
  occurredFrom: null,
  occurredTo: null,
  occurredPrecision: 'unknown',
  publishedAt: null,
  policyTitle: '',
  source: null,
};

function descriptionOf({ title, body, marks, records }: DescribedEvent): Description {
  if (!body || !marks) return { ...UNKNOWN, policyTitle: title };
  const source = firstSourceInForce(body, records);
  return {
    occurred: body.occurred,
    occurredFrom: marks.earliest,
    occurredTo: marks.latest,
    occurredPrecision: precisionOf(body.occurred),
    publishedAt: body.publishedAt,
    policyTitle: title,
    source: source ? { publisher: source.publisher, title: source.title, url: source.url ?? null } : null,
  };
}
