/** A point in SQL: expressions for the position, and for known and valid time in milliseconds. */
export interface SqlPoint {
  readonly recorded: string;
  readonly known: string;
  readonly valid: string;
}

/** A view: each column with its expression and what it says, and the rows at a point. */
export interface SqlView {
  readonly name: string;
  readonly comment: string;
  readonly columns: Readonly<Record<string, readonly [expression: string, type: string, comment: string]>>;
  readonly from: (at: SqlPoint) => string;
}

/** The schema of views and functions for whoever reads by SQL. */
export const ANALYTICS = 'analytics_v1';

const stands = (row: string, { recorded, known }: SqlPoint): string =>
  `${row}.recorded_from <= ${recorded} AND ${row}.recorded_to > ${recorded} AND ${row}.known_from <= ${known} AND ${row}.known_to > ${known}`;

const holds = (row: string, at: SqlPoint): string =>
  `${stands(row, at)} AND ${row}.valid_from <= ${at.valid} AND ${row}.valid_to > ${at.valid}`;

const ofPolicy = (row: string, at: SqlPoint): string =>
  `JOIN read.policies p ON p.policy = ${row}.policy AND p.withdrawn_by IS NULL AND ${stands('p', at)}`;

const time = (expression: string): string => `${ANALYTICS}.instant_of(${expression})`;

const policy = ['p.slug', 'text', 'Slug of the policy.'] as const;
const event = (row: string) => [`${row}.event`, 'text', 'Key of the event that says so.'] as const;

const knownFrom = [
  time('t.public_from'),
  'timestamptz',
  'The first instant at which the public could know it.',
] as const;

/** What every row `t` of a read model says of the event that it is from. */
const ofEvent = {
  policy,
  event: event('t'),
  position: ['t.position', 'bigint', 'Position of the event in the log.'],
  known_from: knownFrom,
} as const satisfies SqlView['columns'];

const BOXES = `(SELECT false AS is_uncertain, policy, field, value, event, recorded_from, recorded_to, known_from, known_to,
    valid_from, valid_to, since, until FROM read.boxes
  UNION ALL SELECT true, policy, field COLLATE "C", value, event, recorded_from, recorded_to, known_from, known_to,
    unsure_from, settled, unsure_from, settled FROM read.unsure)`;

const plain =
  "CASE WHEN jsonb_typeof(b.value) = 'object' AND b.value ? 'value' THEN b.value -> 'value' ELSE b.value END";

export const factsView: SqlView = {
  name: 'facts',
  comment: 'The states of policies: one row a field that has a value, and one a value that a field may have already.',
  columns: {
    policy,
    field: ['b.field::text', 'text', 'Path of the field.'],
    group: ["split_part(b.field, '.', 1)", 'text', 'The path of the field up to its first dot.'],
    subject: [
      "CASE WHEN strpos(b.field, '.') > 0 THEN substr(b.field, strpos(b.field, '.') + 1) END",
      'text',
      'The path after its first dot; null without one.',
    ],
    value_text: [
      `CASE WHEN jsonb_typeof(${plain}) IN ('string', 'boolean') THEN (${plain}) #>> '{}' END`,
      'text',
      'The value, if it is a text, or true or false; of a term or a figure what it says.',
    ],
    value_number: [
      `CASE WHEN jsonb_typeof(${plain}) = 'number' THEN ((${plain}) #>> '{}')::float8 END`,
      'double precision',
      'The value, if it is a number; of a term or a figure what it says.',
    ],
    unit: [
      "CASE WHEN jsonb_typeof(b.value) = 'object' THEN b.value ->> 'unit' END",
      'text',
      'Unit of a term or a figure.',
    ],
    value: ['b.value', 'jsonb', 'The value as JSON.'],
    event: event('b'),
    valid_from: [time('b.since'), 'timestamptz', 'From when on it counts, as known then; -infinity: open.'],
    valid_to: [
      time('b.until'),
      'timestamptz',
      'Until when it counts, unless something else holds earlier; infinity: open.',
    ],
    is_uncertain: ['b.is_uncertain', 'boolean', 'It may hold already, and is not sure to.'],
  },
  // That a plan may have ended is listed only if there is such a plan, as in /v1/facts.
  from: (at) => `${BOXES} b ${ofPolicy('b', at)} WHERE ${holds('b', at)}
    AND (b.value IS NOT NULL OR b.is_uncertain AND (b.field !~ '^(plans|forecasts)[.]' OR EXISTS (SELECT FROM read.boxes h
      WHERE h.policy = b.policy AND h.field = b.field AND h.value IS NOT NULL AND ${holds('h', at)})))`,
};

const statusOf = (
  at: SqlPoint,
): string => `LEFT JOIN LATERAL (SELECT s.value #>> '{}' AS status, s.event FROM read.boxes s
  WHERE s.policy = p.policy AND s.field = 'status' AND s.value IS NOT NULL AND ${holds('s', at)} LIMIT 1) s ON true
  LEFT JOIN LATERAL (SELECT jsonb_object_agg(f.field, f.value) AS facts FROM read.boxes f
    WHERE f.policy = p.policy AND f.value IS NOT NULL AND ${holds('f', at)}) f ON true
  LEFT JOIN LATERAL (SELECT count(*)::integer AS events FROM read.timeline t
    WHERE t.policy = p.policy AND t.counts AND ${stands('t', at)}) e ON true`;

const policyColumns = {
  policy,
  title: ['p.title', 'text', 'Title at the recorded time.'],
  kind: ['p.kind', 'text', 'Kind of policy.'],
  jurisdiction: ['p.jurisdiction', 'text', 'Code of ISO 3166-1 or 3166-2, or EU.'],
  aliases: ['p.aliases', 'text[]', 'Other names that are slugs.'],
  status: ['s.status', 'text', 'Headline status; null: it has none.'],
  status_event: ['s.event', 'text', 'Key of the event behind the status.'],
  event_count: ['e.events', 'integer', 'Events in force, those about records not counted.'],
  facts: ["coalesce(f.facts, '{}')", 'jsonb', 'Every field that has a value, by its path.'],
} as const satisfies SqlView['columns'];

const policiesFrom = (at: SqlPoint): string =>
  `read.policies p ${statusOf(at)} WHERE p.withdrawn_by IS NULL AND ${stands('p', at)}`;

export const policiesView: SqlView = {
  name: 'policies',
  comment: 'One row a policy, at the pinned times.',
  columns: policyColumns,
  from: policiesFrom,
};

const mark = (name: string): string => `(t.marks ->> '${name}')::timestamptz`;

const edtf = "(t.body ->> 'occurred')";

export const eventsView: SqlView = {
  name: 'events',
  comment: 'Events in force, without those about records and sources.',
  columns: {
    policy,
    event: ['t.event', 'text', 'Key of the event.'],
    id: ['t.event_id', 'uuid', 'Id of the event.'],
    type: ['t.type', 'text', 'Type of the event.'],
    position: ['t.position', 'bigint', 'Position in the log.'],
    revision: ['t.revision', 'integer', 'Place in the stream of its policy, from 0 on.'],
    recorded_at: [time('t.recorded_at'), 'timestamptz', 'When it was recorded.'],
    known_from: knownFrom,
    occurred_edtf: [edtf, 'text', 'The date of the event, in EDTF.'],
    occurred_from: [`coalesce(${mark('earliest')}, '-infinity')`, 'timestamptz', 'It happened then or later.'],
    occurred_to: [`coalesce(${mark('latest')}, 'infinity')`, 'timestamptz', 'It happened then or before.'],
    occurred_precision: [
      `CASE WHEN ${edtf} ~ '^\\[?\\.\\.|\\.\\.\\]?$|/$|^/' THEN 'unknown' WHEN ${edtf} ~ '\\.\\.|/' THEN 'interval'
        WHEN ${edtf} ~ '^\\d{4}-\\d{2}-\\d{2}' THEN 'day' WHEN ${edtf} ~ '^\\d{4}-\\d{2}' THEN 'month' ELSE 'year' END`,
      'text',
      'day, month, year, interval or unknown.',
    ],
    summary: ["t.body ->> 'summary'", 'text', 'What happened, in a sentence.'],
    actors: ['t.actors', 'text[]', 'Names of the actors.'],
    body: ['t.body::jsonb', 'jsonb', 'The whole body in force.'],
  },
  from: (at) =>
    `read.timeline t ${ofPolicy('t', at)} WHERE ${stands('t', at)} AND NOT t.retracted AND t.type !~ '^(record|source)[.]'`,
};

export const figuresView: SqlView = {
  name: 'figures',
  comment: 'One row a figure an event gives; figures are never averaged. Conflicts are in /v1/figures.',
  columns: {
    ...ofEvent,
    measure: ['t.measure', 'text', 'What is measured.'],
    value: ['t.value', 'double precision', 'The number.'],
    comparator: ['t.comparator', 'text', 'How the number is to be read.'],
    unit: ['t.unit', 'text', 'Unit of the number.'],
    period: ['t.period', 'text', 'The period that it is about, in EDTF.'],
    compared_to: ['t.compared_to', 'text', 'What it is compared with.'],
    purpose: ['t.purpose', 'text', 'What it is for.'],
    claimed_by: ['t.claimed_by', 'text[]', 'Names of those who claim it.'],
    epistemic: ['t.epistemic', 'text', 'How sure it is.'],
  },
  from: (at) => `read.figures t ${ofPolicy('t', at)} WHERE ${stands('t', at)}`,
};

export const positionsView: SqlView = {
  name: 'positions',
  comment: 'The newest stance of each actor about each policy.',
  columns: {
    ...ofEvent,
    actor: ['t.subject::text', 'text', 'Name of the actor.'],
    stance: ["t.value #>> '{}'", 'text', 'The stance.'],
  },
  from: (at) => `(SELECT DISTINCT ON (n.policy, n.subject) n.* FROM read.positions n WHERE ${holds('n', at)}
    ORDER BY n.policy, n.subject, n.weight DESC) t ${ofPolicy('t', at)}`,
};

/** Every view that has a function of the same columns at given times. */
export const pinnedViews: readonly SqlView[] = [policiesView, factsView, eventsView, figuresView, positionsView];
