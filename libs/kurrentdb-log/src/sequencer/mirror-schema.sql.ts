import { APPLICATION_ROLE } from '#event-log/adapter';

/**
 * The tables of a log that is kept in KurrentDB, beside those of every log.
 *
 * `sequencer` is who copies, and how far; `mirrored` where the store has each entry; `pending_erasable` what can be
 * erased, from before its append until the event has a position. A log's entries come from one store: what the setting
 * `log` does not name is refused.
 */
export const CREATE_MIRROR = `
CREATE TABLE log.sequencer (
  one boolean NOT NULL DEFAULT true,
  owner text,
  epoch bigint NOT NULL DEFAULT 0,
  seen_at timestamptz(3),
  store_commit bigint,
  store_prepare bigint,
  CONSTRAINT sequencer_pkey PRIMARY KEY (one),
  CONSTRAINT sequencer_is_one_row CHECK (one)
);
INSERT INTO log.sequencer DEFAULT VALUES;

CREATE TABLE log.mirrored (
  position bigint NOT NULL,
  store_commit bigint NOT NULL,
  store_prepare bigint NOT NULL,
  store_created_at timestamptz(3) NOT NULL,
  CONSTRAINT mirrored_pkey PRIMARY KEY (position)
);
CREATE TRIGGER mirrored_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON log.mirrored
  FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();

CREATE TABLE log.pending_erasable (
  id uuid NOT NULL,
  digest text NOT NULL,
  pointer text NOT NULL,
  salt text NOT NULL,
  value text NOT NULL,
  written_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pending_erasable_pkey PRIMARY KEY (id, digest, pointer)
);

INSERT INTO log.settings (name, value) SELECT 'log', 'postgres' FROM log.head WHERE position > 0;

CREATE FUNCTION log.refuse_beside_store() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('policy_timeline.mirroring', true), '') <> 'on'
    AND EXISTS (SELECT FROM log.settings WHERE name = 'log' AND value <> 'postgres')
  THEN
    RAISE EXCEPTION 'The log of this database is kept in KurrentDB: only its sequencer adds entries here. Start with KURRENTDB_URL.'
      USING ERRCODE = 'read_only_sql_transaction';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER events_come_from_the_store BEFORE INSERT ON log.events
  FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_beside_store();
`;

/**
 * Copies one batch of the store's events into the log: entries, their positions in the store and the sequencer's own
 * position, all or nothing. Copies nothing where the caller has lost the lease, or expects another position.
 *
 * Keys, ids and idempotency keys can each be taken once: where one of the batch is taken, nothing is stored and `taken`
 * says which, for another try in which those records are disregarded. Anything else that does not fit is an error, since
 * it means that the store is not the one that was mirrored, or has lost events.
 *
 * Locks the head first, as every append does.
 */
export const CREATE_MIRRORING = `
CREATE OR REPLACE FUNCTION log.mirror(
  as_owner text, in_epoch bigint,
  after_commit bigint, after_prepare bigint, to_commit bigint, to_prepare bigint,
  ids uuid[], keys text[], types text[], streams text[], revisions integer[], prev_offsets integer[],
  befores text[], afters text[], commits bigint[], prepares bigint[], created_ms double precision[],
  kept_keys text[], kept_offsets integer[], erasable_offsets integer[], erasable_digests text[],
  OUT outcome text, OUT head bigint, OUT taken jsonb
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = log, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  base bigint;
  at timestamptz;
  stamp text;
  added integer := coalesce(cardinality(ids), 0);
  stands record;
  orphan record;
  broken text;
BEGIN
  SELECT h.position, greatest(date_trunc('milliseconds', clock_timestamp()), h.recorded_at)
    INTO base, at FROM log.head h FOR UPDATE;
  head := base;
  SELECT s.store_commit, s.store_prepare INTO stands FROM log.sequencer s
    WHERE s.owner = as_owner AND s.epoch = in_epoch FOR UPDATE;
  IF NOT FOUND THEN
    outcome := 'taken-over';
    RETURN;
  ELSIF (stands.store_commit, stands.store_prepare) IS NOT DISTINCT FROM (to_commit, to_prepare) THEN
    outcome := 'mirrored';
    RETURN;
  ELSIF (stands.store_commit, stands.store_prepare) IS DISTINCT FROM (after_commit, after_prepare) THEN
    outcome := 'taken-over';
    RETURN;
  END IF;

  PERFORM set_config('policy_timeline.mirroring', 'on', true);
  stamp := ',"recordedAt":"' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '","revision":';
  BEGIN
    INSERT INTO log.events (position, id, key, type, stream, revision, prev, recorded_at, entry)
    SELECT base + d.place, d.id, d.key, d.type, d.stream, d.revision, p.prev, at,
      d.before || coalesce(',"prev":' || p.prev, '') || stamp || d.revision || d.after
    FROM unnest(ids, keys, types, streams, revisions, prev_offsets, befores, afters)
      WITH ORDINALITY AS d(id, key, type, stream, revision, prev_offset, before, after, place)
    CROSS JOIN LATERAL (SELECT CASE
      WHEN d.revision = 0 THEN NULL
      WHEN d.prev_offset IS NOT NULL THEN base + d.prev_offset
      ELSE (SELECT e.position FROM log.events e WHERE e.stream = d.stream AND e.revision = d.revision - 1)
    END AS prev) p;
    INSERT INTO log.idempotency_keys (idempotency_key, position)
    SELECT k.idempotency_key, base + k.place FROM unnest(kept_keys, kept_offsets) AS k(idempotency_key, place);
  EXCEPTION WHEN unique_violation THEN
    GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
    IF broken NOT IN ('events_key_key', 'events_id_key', 'idempotency_keys_pkey') THEN RAISE; END IF;
    outcome := 'taken';
    taken := jsonb_build_object(
      'keys', (SELECT jsonb_agg(e.key) FROM log.events e WHERE e.key = ANY (keys)),
      'ids', (SELECT jsonb_agg(e.id) FROM log.events e WHERE e.id = ANY (ids)),
      'idempotencyKeys', (SELECT jsonb_agg(k.idempotency_key) FROM log.idempotency_keys k
        WHERE k.idempotency_key = ANY (kept_keys)));
    RETURN;
  END;
  SELECT e.stream, e.revision INTO orphan FROM log.events e
    WHERE e.position > base AND e.revision > 0 AND e.prev IS NULL ORDER BY e.position LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'The store has revision % of the stream "%", and the log not the one before it.', orphan.revision, orphan.stream
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;

  INSERT INTO log.mirrored (position, store_commit, store_prepare, store_created_at)
  SELECT base + m.place, m.commit, m.prepare, to_timestamp(m.ms / 1000)
  FROM unnest(commits, prepares, created_ms) WITH ORDINALITY AS m(commit, prepare, ms, place);
  IF cardinality(erasable_offsets) > 0 THEN
    WITH wanted AS (
      SELECT base + x.place AS position, ids[x.place] AS id, x.digest
      FROM unnest(erasable_offsets, erasable_digests) AS x(place, digest)
    ), pending AS (
      DELETE FROM log.pending_erasable p USING wanted w WHERE p.id = w.id
      RETURNING w.position, w.digest = p.digest AS is_stored, p.pointer, p.salt, p.value
    )
    INSERT INTO log.erasable (position, pointer, salt, value)
    SELECT position, pointer, salt, value FROM pending WHERE is_stored;
  END IF;
  head := base + added;
  IF added > 0 THEN
    UPDATE log.head SET position = base + added, recorded_at = at;
    PERFORM log.announce(base, added);
  END IF;
  UPDATE log.sequencer SET store_commit = to_commit, store_prepare = to_prepare, seen_at = clock_timestamp();
  outcome := 'mirrored';
END $$;

CREATE OR REPLACE FUNCTION log.take_sequencer(name text, lease_ms integer,
  OUT epoch bigint, OUT store_commit bigint, OUT store_prepare bigint
) LANGUAGE sql SECURITY DEFINER SET search_path = log, pg_temp AS $$
  UPDATE log.sequencer s SET owner = name, epoch = s.epoch + 1, seen_at = clock_timestamp()
  -- Seen long after now means: before the clock was set back, and not since.
  WHERE s.owner IS NULL OR abs(extract(epoch FROM clock_timestamp() - s.seen_at)) * 1000 > lease_ms
  RETURNING s.epoch, s.store_commit, s.store_prepare
$$;

CREATE OR REPLACE FUNCTION log.hold_sequencer(name text, in_epoch bigint) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = log, pg_temp AS $$
  WITH held AS (
    UPDATE log.sequencer s SET seen_at = clock_timestamp() WHERE s.owner = name AND s.epoch = in_epoch RETURNING 1
  )
  SELECT EXISTS (SELECT FROM held)
$$;

CREATE OR REPLACE FUNCTION log.leave_sequencer(name text, in_epoch bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = log, pg_temp AS $$
  UPDATE log.sequencer s SET owner = NULL WHERE s.owner = name AND s.epoch = in_epoch
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA log FROM PUBLIC;
GRANT SELECT ON log.sequencer, log.mirrored TO ${APPLICATION_ROLE};
GRANT SELECT, INSERT, DELETE ON log.pending_erasable TO ${APPLICATION_ROLE};
GRANT EXECUTE ON FUNCTION log.mirror, log.take_sequencer, log.hold_sequencer, log.leave_sequencer TO ${APPLICATION_ROLE};
`;
