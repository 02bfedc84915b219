import { DISREGARDED } from '../../disregarded.js';

/** The role that the application works as. It may append through one function and read; nothing else. */
export const APPLICATION_ROLE = 'policy_timeline_app';

/** The role that owns the log on an embedded server, where the application has a login of its own. */
export const OWNER_ROLE = 'policy_timeline_owner';

/** The channel on which appends are announced, by the last position. It wakes readers, who then look into the log. */
export const CHANNEL = 'policy_timeline_log';

/**
 * The log's tables, its one way in, and what keeps entries as they are.
 *
 * Entries are refused to change twice over: by privilege, since the application's role has none but to read, and by
 * trigger, which stops the owner too.
 */
export const CREATE_LOG = `
CREATE SCHEMA log;

CREATE TABLE log.events (
  position bigint NOT NULL,
  id uuid NOT NULL,
  key text NOT NULL,
  type text NOT NULL,
  stream text NOT NULL,
  revision integer NOT NULL,
  prev bigint,
  recorded_at timestamptz(3) NOT NULL,
  entry text NOT NULL,
  CONSTRAINT events_pkey PRIMARY KEY (position),
  CONSTRAINT events_id_key UNIQUE (id),
  CONSTRAINT events_key_key UNIQUE (key),
  CONSTRAINT events_stream_revision_key UNIQUE (stream, revision)
);
CREATE INDEX events_recorded_at_idx ON log.events (recorded_at, position);

CREATE TABLE log.head (
  one boolean NOT NULL DEFAULT true,
  position bigint NOT NULL,
  recorded_at timestamptz(3),
  CONSTRAINT head_pkey PRIMARY KEY (one),
  CONSTRAINT head_is_one_row CHECK (one)
);
INSERT INTO log.head (position) VALUES (0);

CREATE TABLE log.idempotency_keys (
  idempotency_key text NOT NULL,
  position bigint NOT NULL,
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (idempotency_key)
);

CREATE TABLE log.erasable (
  position bigint NOT NULL,
  pointer text NOT NULL,
  salt text NOT NULL,
  value text NOT NULL,
  CONSTRAINT erasable_pkey PRIMARY KEY (position, pointer)
);

CREATE TABLE log.settings (
  name text NOT NULL,
  value text NOT NULL,
  CONSTRAINT settings_pkey PRIMARY KEY (name)
);

CREATE FUNCTION log.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The event log only grows: % on % is refused.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER events_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON log.events
  FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
CREATE TRIGGER idempotency_keys_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON log.idempotency_keys
  FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
`;

/**
 * Appends one flush, if the log is as its plan expects it.
 *
 * Drafts check themselves: a key, a stream's revision and an idempotency key can each be taken once, so drafts that
 * rest on an old view of the log cannot be inserted. The expected stream ends, and the keys that are to be new, are
 * those that only refusals rest on. Where anything is otherwise nothing is stored, and `actual` says what is on record,
 * for another plan.
 *
 * Planned once, by index: plans made while the table was small would scan it whole when it has grown.
 *
 * The one-row head is locked first, so appends take turns and nothing can change between looking and inserting; with
 * a single lock there is no order of locks to get wrong.
 */
export const CREATE_APPEND = `
CREATE OR REPLACE FUNCTION log.append(
  expected_streams text[], expected_revisions integer[], expected_positions bigint[],
  new_keys text[], new_idempotency_keys text[],
  ids uuid[], keys text[], types text[], streams text[], revisions integer[],
  prev_positions bigint[], prev_offsets integer[], befores text[], afters text[],
  kept_keys text[], kept_positions bigint[], kept_offsets integer[],
  erasable_offsets integer[], erasable_pointers text[], erasable_salts text[], erasable_values text[],
  OUT base bigint, OUT at timestamptz, OUT actual jsonb
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = log, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  added integer := coalesce(cardinality(ids), 0);
  stamp text;
BEGIN
  SELECT h.position, greatest(date_trunc('milliseconds', clock_timestamp()), h.recorded_at)
    INTO base, at FROM log.head h FOR UPDATE;

  IF cardinality(expected_streams) > 0 AND EXISTS (
      SELECT FROM unnest(expected_streams, expected_revisions, expected_positions) AS x(stream, revision, position)
      LEFT JOIN LATERAL (
        SELECT e.revision, e.position FROM log.events e WHERE e.stream = x.stream ORDER BY e.revision DESC LIMIT 1
      ) e ON true
      WHERE (e.revision, e.position) IS DISTINCT FROM (x.revision, x.position))
    OR cardinality(new_keys) > 0 AND EXISTS (SELECT FROM log.events e WHERE e.key = ANY (new_keys))
    OR cardinality(new_idempotency_keys) > 0
      AND EXISTS (SELECT FROM log.idempotency_keys k WHERE k.idempotency_key = ANY (new_idempotency_keys))
  THEN
    actual := log.on_record(expected_streams || streams, new_keys || keys, new_idempotency_keys);
    RETURN;
  END IF;

  IF added > 0 THEN
    stamp := ',"recordedAt":"' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '","revision":';
    BEGIN
      INSERT INTO log.events (position, id, key, type, stream, revision, prev, recorded_at, entry)
      SELECT base + d.place, d.id, d.key, d.type, d.stream, d.revision, coalesce(d.prev, base + d.prev_offset), at,
        d.before || coalesce(',"prev":' || coalesce(d.prev, base + d.prev_offset), '') || stamp || d.revision || d.after
      FROM unnest(ids, keys, types, streams, revisions, prev_positions, prev_offsets, befores, afters)
        WITH ORDINALITY AS d(id, key, type, stream, revision, prev, prev_offset, before, after, place);
    EXCEPTION WHEN unique_violation THEN
      actual := log.on_record(expected_streams || streams, new_keys || keys, new_idempotency_keys);
      RETURN;
    END;
    IF cardinality(erasable_offsets) > 0 THEN
      INSERT INTO log.erasable (position, pointer, salt, value)
      SELECT base + x.place, x.pointer, x.salt, x.value
      FROM unnest(erasable_offsets, erasable_pointers, erasable_salts, erasable_values) AS x(place, pointer, salt, value);
    END IF;
    UPDATE log.head SET position = base + added, recorded_at = at;
    PERFORM log.announce(base, added);
  END IF;
  IF cardinality(kept_keys) > 0 THEN
    INSERT INTO log.idempotency_keys (idempotency_key, position)
    SELECT k.idempotency_key, coalesce(k.position, base + k.place)
    FROM unnest(kept_keys, kept_positions, kept_offsets) AS k(idempotency_key, position, place);
  END IF;
END $$;

CREATE OR REPLACE FUNCTION log.on_record(wanted_streams text[], wanted_keys text[], wanted_idempotency_keys text[]) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = log, pg_temp SET enable_seqscan = off AS $$
  SELECT jsonb_build_object(
    'streamEnds', (SELECT jsonb_agg(jsonb_build_array(b.stream, e.revision, e.position))
      FROM (SELECT DISTINCT unnest(wanted_streams) AS stream) b
      CROSS JOIN LATERAL (
        SELECT e.revision, e.position FROM log.events e WHERE e.stream = b.stream ORDER BY e.revision DESC LIMIT 1
      ) e),
    'byKey', (SELECT jsonb_agg(jsonb_build_object('key', e.key, 'id', e.id, 'stream', e.stream, 'revision', e.revision,
        'position', e.position, 'recordedAt', (extract(epoch FROM e.recorded_at) * 1000)::bigint))
      FROM log.events e WHERE e.key = ANY (wanted_keys)),
    'byIdempotencyKey', (SELECT jsonb_agg(jsonb_build_object('idempotencyKey', k.idempotency_key, 'key', e.key, 'id', e.id,
        'stream', e.stream, 'revision', e.revision, 'position', e.position,
        'recordedAt', (extract(epoch FROM e.recorded_at) * 1000)::bigint))
      FROM log.idempotency_keys k JOIN log.events e USING (position) WHERE k.idempotency_key = ANY (wanted_idempotency_keys)))
$$;
`;

/** Takes away the function that appends, where its parameters had other names, before it is created again. */
export const DROP_APPEND = 'DROP FUNCTION log.append';

/** Gives the application, and nobody else, the right to append. */
export const GRANT_APPEND = `
REVOKE ALL ON FUNCTION log.append FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.append TO ${APPLICATION_ROLE};
`;

/**
 * Announces an append, and takes away what older versions needed to send entries along.
 *
 * A function of its own, since the append here and the copying from KurrentDB both call it.
 */
export const CREATE_ANNOUNCE = `
CREATE OR REPLACE FUNCTION log.announce(base bigint, added integer) RETURNS void
LANGUAGE sql SET search_path = log, pg_temp AS $$
  SELECT pg_notify('${CHANNEL}', (base + added)::text)
$$;
REVOKE ALL ON FUNCTION log.announce FROM PUBLIC;

DROP FUNCTION IF EXISTS log.seal;
DELETE FROM log.settings WHERE name = 'announcement-secret';
`;

/** Makes the application's role, once a server, and gives it what it may do and no more. */
export const GRANT_TO_APPLICATION = `
DO $$ BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('${APPLICATION_ROLE}'));
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${APPLICATION_ROLE}') THEN
    CREATE ROLE ${APPLICATION_ROLE} NOLOGIN;
  END IF;
  -- Since PostgreSQL 16 whoever makes a role administers it, but may not work as it before a grant says so.
  IF NOT pg_has_role(current_user, '${APPLICATION_ROLE}',
      CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END) THEN
    EXECUTE format('GRANT ${APPLICATION_ROLE} TO %I', current_user);
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
  WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'The database user % may not work as the role ${APPLICATION_ROLE}, nor create it.', current_user
      USING ERRCODE = 'insufficient_privilege',
        HINT = format('Let an administrator run: CREATE ROLE ${APPLICATION_ROLE} NOLOGIN; GRANT ${APPLICATION_ROLE} TO %I;', current_user);
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA log FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA log FROM PUBLIC;
GRANT USAGE ON SCHEMA log TO ${APPLICATION_ROLE};
GRANT SELECT ON ALL TABLES IN SCHEMA log TO ${APPLICATION_ROLE};
GRANT INSERT ON log.settings TO ${APPLICATION_ROLE};
GRANT DELETE ON log.erasable TO ${APPLICATION_ROLE};
GRANT EXECUTE ON FUNCTION log.append TO ${APPLICATION_ROLE};
-- What is made from the log is the application's own: it can always be made again.
CREATE SCHEMA read AUTHORIZATION ${APPLICATION_ROLE};
`;

/**
 * Room for read models that are built beside those in use, that were replaced, and that are built only to be compared;
 * and the streams in the order in which they began.
 */
export const BUILD_BESIDE = `
CREATE SCHEMA read_next AUTHORIZATION ${APPLICATION_ROLE};
CREATE SCHEMA read_old AUTHORIZATION ${APPLICATION_ROLE};
CREATE SCHEMA read_check AUTHORIZATION ${APPLICATION_ROLE};
CREATE INDEX events_first_idx ON log.events (position) WHERE revision = 0;
`;

/** Finds what the log disregarded without reading all of it. Where a database has the index already it stays as it is. */
export const INDEX_DISREGARDED = `
CREATE INDEX IF NOT EXISTS events_disregarded_idx ON log.events (position) WHERE type = '${DISREGARDED}';
`;

/**
 * Fills an empty log with entries as they were recorded elsewhere: at their positions, with their ids and times. For the
 * owner alone; the application has no right to it.
 *
 * May be called many times in one transaction, in the order of positions. The head must be where the log is empty, or
 * where this very transaction left it: so what was recorded here is never continued by what was recorded elsewhere.
 */
export const CREATE_RESTORE = `
CREATE FUNCTION log.restore(
  positions bigint[], ids uuid[], keys text[], types text[], streams text[], revisions integer[],
  prev_positions bigint[], recorded_ms bigint[], entries text[]
) RETURNS void LANGUAGE plpgsql SET search_path = log, pg_temp AS $$
#variable_conflict use_column
DECLARE
  base bigint;
  is_begun_here boolean;
  added integer := coalesce(cardinality(positions), 0);
BEGIN
  SELECT h.position, h.xmin = pg_current_xact_id()::xid INTO base, is_begun_here FROM log.head h FOR UPDATE;
  IF base > 0 AND NOT is_begun_here THEN
    RAISE EXCEPTION 'The log has % entries: only an empty one is restored.', base
      USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  IF EXISTS (SELECT FROM unnest(positions) WITH ORDINALITY AS p(position, place) WHERE p.position <> base + p.place) THEN
    RAISE EXCEPTION 'The entries do not follow on position %.', base USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  INSERT INTO log.events (position, id, key, type, stream, revision, prev, recorded_at, entry)
  SELECT d.position, d.id, d.key, d.type, d.stream, d.revision, d.prev,
    timestamptz 'epoch' + d.ms * interval '1 millisecond', d.entry
  FROM unnest(positions, ids, keys, types, streams, revisions, prev_positions, recorded_ms, entries)
    AS d(position, id, key, type, stream, revision, prev, ms, entry);
  IF added > 0 THEN
    UPDATE log.head SET position = base + added,
      recorded_at = timestamptz 'epoch' + recorded_ms[added] * interval '1 millisecond';
    PERFORM log.announce(base, added);
  END IF;
END $$;
REVOKE ALL ON FUNCTION log.restore FROM PUBLIC;
`;
