import { aboutEvent, withEvent } from './described.js';
import { type SqlPoint, holds, stands, time, viewOfTable } from './view.js';

/** The views of what people and organisations say and do. */

/** Of each subject the strongest assertion that counts at a point. */
const strongest = (table: string, at: SqlPoint): string =>
  withEvent(
    `(SELECT DISTINCT ON (n.policy, n.subject) n.* FROM read.${table} n WHERE ${holds('n', at)} ORDER BY n.policy, n.subject, n.weight DESC)`,
    at,
  );

const previous = (column: string, at: SqlPoint): string => `(SELECT ${column} FROM read.positions w
  WHERE w.policy = t.policy AND w.subject = t.subject AND w.weight < t.weight AND ${holds('w', at)} ORDER BY w.weight DESC LIMIT 1)`;

export const positionsView = viewOfTable({
  table: 'positions',
  columns: (at) => ({
    ...aboutEvent(at),
    actor: 't.subject::text',
    stance: "t.value #>> '{}'",
    previous_stance: previous("w.value #>> '{}'", at),
    previous_event: previous('w.event', at),
  }),
  from: (at) => strongest('positions', at),
});

export const negotiationsView = viewOfTable({
  table: 'negotiations',
  columns: (at) => ({
    ...aboutEvent(at),
    counterparty: 't.subject::text',
    stage: "t.value #>> '{}'",
    since: time('t.valid_from'),
  }),
  from: (at) => strongest('negotiations', at),
});

/** The links that bear on claims and both of whose ends are in force, in order of occurrence of the end that bears on the claim. */
const bearings = (
  at: SqlPoint,
): string => `(SELECT b.claim, b.bearing, b.other, bool_or(b.bearing = 'contradicted') OVER (PARTITION BY b.claim) AS is_contested,
    row_number() OVER (PARTITION BY b.claim ORDER BY CASE WHEN b.other = b.event THEN b.occurred_order ELSE o.occurred_order END, b.part, b.id) AS place
  FROM read.claim_bearings b LEFT JOIN LATERAL (SELECT n.occurred_order FROM read.timeline n
    WHERE n.event = b.other AND b.other <> b.event AND n.counts AND ${stands('n', at)} LIMIT 1) o ON true
  WHERE b.claim = t.event AND ${stands('b', at)} AND (b.other = b.event OR o.occurred_order IS NOT NULL))`;

const STANDINGS = "ARRAY['falsified', 'withdrawn', 'denied', 'disputed', 'contested', 'corroborated']";

/** How a claim stands by what bears on it: the gravest counts. */
const standingAt = (
  at: SqlPoint,
): string => `LEFT JOIN LATERAL (SELECT s.standing, array_agg(s.other ORDER BY s.place) AS because
  FROM (SELECT l.standing, l.other, min(l.place) AS place
    FROM (SELECT b.other, b.place, CASE WHEN b.bearing = 'contradicted' OR b.bearing = 'corroborated' AND b.is_contested THEN 'contested' ELSE b.bearing END AS standing
      FROM ${bearings(at)} b) l GROUP BY l.standing, l.other) s
  GROUP BY s.standing ORDER BY array_position(${STANDINGS}, s.standing) LIMIT 1) c ON true`;

export const claimsView = viewOfTable({
  table: 'claims',
  columns: (at) => ({
    ...aboutEvent(at),
    by: 't.by',
    summary: 't.summary',
    standing: "coalesce(c.standing, 'claimed')",
    because: "coalesce(c.because, '{}')",
  }),
  from: (at) => `${withEvent('read.claims', at)} ${standingAt(at)} WHERE ${stands('t', at)}`,
});

const ofActor = (at: SqlPoint): string =>
  `a.policy = t.policy AND a.actor = t.actor AND a.kind = t.kind AND ${stands('a', at)}`;

export const actorsView = viewOfTable({
  table: 'actors',
  columns: (at) => ({
    ...aboutEvent(at),
    actor: 't.actor::text',
    kind: 't.kind::text',
    roles: `(SELECT coalesce(jsonb_agg(jsonb_build_object('role', r.role, 'event', r.event) ORDER BY r.occurred_order, r.part), '[]')
      FROM (SELECT DISTINCT ON (a.role) a.role, a.event, a.occurred_order, a.part FROM read.actors a
        WHERE ${ofActor(at)} AND a.role IS NOT NULL ORDER BY a.role, a.occurred_order, a.part) r)`,
    events: `(SELECT count(DISTINCT a.position) FROM read.actors a WHERE ${ofActor(at)})`,
  }),
  from: (at) =>
    withEvent(
      `(SELECT DISTINCT ON (n.policy, n.actor, n.kind) n.* FROM read.actors n WHERE ${stands('n', at)}
        ORDER BY n.policy, n.actor, n.kind, n.occurred_order, n.part)`,
      at,
    ),
});

const found = (table: string, at: SqlPoint): string =>
  `SELECT n.policy, n.event, n.position, n.public_from, n.kind, n.detail FROM read.${table} n WHERE ${stands('n', at)}`;

export const anomaliesView = viewOfTable({
  table: 'anomalies',
  comment: 'Here those of single events and what the log did not take; the rest is in /v1/anomalies.',
  columns: (at) => ({ ...aboutEvent(at), kind: 't.kind', detail: 't.detail' }),
  from: (at) => withEvent(`(${found('anomalies', at)} UNION ALL ${found('disregarded', at)})`, at),
});
