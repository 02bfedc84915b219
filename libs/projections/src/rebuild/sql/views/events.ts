import { precisionInSql, sourcesOf, tellsOf, KNOWLEDGE, boundsOf } from './described.js';
import { type SqlPoint, dayOfText, ofPolicy, stands, time, viewOfTable } from './view.js';

/** The views of events, and of what is a list in them. */

const inForce = (at: SqlPoint, lists = ''): string =>
  `read.timeline t ${ofPolicy('t', at)} ${lists} WHERE ${stands('t', at)} AND NOT t.retracted AND t.type !~ '^(record|source)[.]'`;

/** A text of the body; null where it was erased. */
const readable = (body: string, name: string): string =>
  `CASE WHEN json_typeof(${body} -> '${name}') = 'string' THEN ${body} ->> '${name}' END`;

const FIELDS = [
  [
    'status',
    'stance',
    'epistemic',
    'modality',
    'stage',
    'host',
    'instrument',
    'outcome',
    'target',
    'reason',
    'note',
    'summary',
  ],
  ['counterparties', 'terms', 'figures', 'links', 'sources'],
] as const;

const textFields = Object.fromEntries(FIELDS[0].map((name) => [name, readable('t.body', name)]));
const listFields = Object.fromEntries(FIELDS[1].map((name) => [name, `(t.body -> '${name}')::jsonb`]));

const edtf = "(t.body ->> 'occurred')";

/** The keys of the corrections in force; one of the publication acts before it is known, and comes first. */
const correctedBy = (at: SqlPoint): string => `(SELECT coalesce(array_agg(c.by ORDER BY c.place), '{}') FROM
  (SELECT t.marks ->> 'publicationCorrectedBy' AS by, '' AS place WHERE t.marks ->> 'publicationCorrectedBy' IS NOT NULL
   UNION ALL SELECT r.event, r.published_order FROM read.timeline r WHERE r.policy = t.policy AND r.target = t.event AND r.position > t.position
     AND NOT r.retracted AND ${stands('r', at)} AND r.type = 'record.corrected' AND r.event IS DISTINCT FROM t.marks ->> 'publicationCorrectedBy') c)`;

export const eventsView = viewOfTable({
  table: 'events',
  comment: 'Without those about records and sources.',
  columns: (at) => {
    const { occurred: _asEdtf, ...told } = tellsOf('t', at);
    return {
      policy: 'p.slug',
      type: 't.type',
      ...textFields,
      ...told,
      ...KNOWLEDGE,
      recorded_at: time('t.recorded_at'),
      revision: 't.revision',
      effective_from: "t.body #>> '{effective,from}'",
      effective_to: "t.body #>> '{effective,to}'",
      planned_for: "t.body ->> 'plannedFor'",
      is_corrected: 't.recorded_as IS NOT NULL',
      also_policies: 't.also_policies',
      corrected_by: correctedBy(at),
      attributed_to: "(t.body -> 'attributedTo')::jsonb",
      ...listFields,
      occurred_precision: precisionInSql(edtf),
      ...boundsOf('t'),
    };
  },
  more: () => ({
    event: ['t.event', 'text', 'Key of the event.'],
    id: ['t.event_id', 'uuid', 'Id of the event.'],
    occurred_edtf: [edtf, 'text', 'The date of the event, in EDTF.'],
    actors: ['t.actors', 'text[]', 'Names of the actors.'],
    body: ['t.body::jsonb', 'jsonb', 'The whole body in force.'],
  }),
  from: inForce,
});

const ofEntry = { event: 't.event', policy: 'p.slug', type: 't.type', ordinal: 'x.ordinal' };

const entries = (list: string): string => `json_array_elements(t.body -> '${list}') WITH ORDINALITY`;

const ACTORS = `CROSS JOIN LATERAL (${['actors', 'counterparties', 'attributedTo']
  .map((list) => `SELECT '${list}' AS capacity, l.entry, l.ordinal FROM ${entries(list)} l(entry, ordinal)`)
  .join(' UNION ALL ')}) x`;

export const eventActorsView = viewOfTable({
  table: 'event_actors',
  columns: () => ({
    ...ofEntry,
    capacity: 'x.capacity',
    name: readable('x.entry', 'name'),
    kind: "x.entry ->> 'kind'",
    role: "x.entry ->> 'role'",
    on_behalf_of: "x.entry ->> 'onBehalfOf'",
    is_anonymous: "coalesce((x.entry ->> 'anonymous')::boolean, false)",
  }),
  from: (at) => inForce(at, ACTORS),
});

export const eventLinksView = viewOfTable({
  table: 'event_links',
  columns: () => ({ ...ofEntry, rel: "x.entry ->> 'rel'", to: "x.entry ->> 'to'" }),
  from: (at) => inForce(at, `CROSS JOIN LATERAL ${entries('links')} x(entry, ordinal)`),
});

/** The identity of a source, as the tables have it. */
const sourceId = (publisher: string, title: string, publishedAt: string): string =>
  `encode(sha256(convert_to(concat_ws(E'\\x1f', ${publisher}, ${title}, ${publishedAt}), 'UTF8')), 'hex')`;

const part = (name: string): string => `(x.source ->> '${name}')`;

export const eventSourcesView = viewOfTable({
  table: 'event_sources',
  columns: () => ({
    ...ofEntry,
    source_id: sourceId(part('publisher'), part('title'), part('publishedAt')),
    ...Object.fromEntries(
      ['publisher', 'title', 'url', 'genre', 'sha256', 'locator'].map((name) => [name, part(name)]),
    ),
    published_at: part('publishedAt'),
    published_on: dayOfText(part('publishedAt')),
    attached_by: 'x.attached_by',
    withdrawn_by: 'x.withdrawn_by',
  }),
  from: (at) => inForce(at, `CROSS JOIN LATERAL ${sourcesOf('t', at)} x`),
});

/** The events that cite sources: an attached source stands apart from its event, which rests on nothing when it is not in force. */
const citing = (
  at: SqlPoint,
): string => `(SELECT c.target AS event, c.policy, coalesce(n.position, c.position) AS position,
    coalesce(n.public_from, c.public_from) AS public_from, coalesce(n.occurred_order, c.occurred_order) AS occurred_order, c.part,
    c.publisher, c.title, c.source_id, c.url, c.published_at, c.genre, c.sha256
  FROM read.sources c LEFT JOIN read.timeline n ON c.event <> c.target AND n.policy = c.policy AND n.event = c.target AND n.counts AND ${stands('n', at)}
  WHERE ${stands('c', at)} AND (c.event = c.target OR n.event IS NOT NULL))`;

/** So many events are named that cite a source; the others are counted. */
const EVENTS_SHOWN = 1_000;

/** The events that cite the source of a row `t`. */
const citingOf = (column: string, at: SqlPoint): string => `(SELECT ${column} FROM
  (SELECT DISTINCT y.event, y.occurred_order FROM ${citing(at)} y WHERE y.policy = t.policy AND y.publisher = t.publisher
     AND y.title = t.title AND y.source_id = t.source_id) o)`;

export const sourcesView = viewOfTable({
  table: 'sources',
  columns: (at) => {
    const { source_publisher: _p, source_title: _t, source_url: _u, ...told } = tellsOf('e', at);
    return {
      policy: 'p.slug',
      policy_title: 'p.title',
      ...told,
      ...KNOWLEDGE,
      event: 't.event',
      source_id: sourceId('t.publisher', 't.title', 't.published_at'),
      publisher: 't.publisher::text',
      title: 't.title::text',
      url: 't.url',
      genre: 't.genre',
      sha256: 't.sha256',
      published_at: 't.published_at',
      published_on: dayOfText('t.published_at'),
      events: citingOf(`(array_agg(o.event ORDER BY o.occurred_order))[1:${EVENTS_SHOWN}]`, at),
      event_count: citingOf('count(*)', at),
      retracted_by: `(SELECT coalesce(array_agg(w.event ORDER BY w.occurred_order), '{}') FROM read.source_withdrawals w
        WHERE w.policy = t.policy AND w.publisher = t.publisher AND w.title = t.title AND ${stands('w', at)}
          AND w.target IN (SELECT o.event FROM ${citing(at)} o WHERE o.policy = t.policy AND o.publisher = t.publisher AND o.title = t.title AND o.source_id = t.source_id))`,
    };
  },
  from: (at) => `(SELECT DISTINCT ON (s.policy, s.publisher, s.title, s.source_id) s.* FROM ${citing(at)} s
    ORDER BY s.policy, s.publisher, s.title, s.source_id, s.occurred_order, s.part) t ${ofPolicy('t', at)}
    LEFT JOIN LATERAL (SELECT n.* FROM read.timeline n WHERE n.event = t.event AND ${stands('n', at)} LIMIT 1) e ON true`,
});
