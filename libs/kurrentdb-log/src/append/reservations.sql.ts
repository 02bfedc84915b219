import { APPLICATION_ROLE } from '#event-log/adapter';

/**
 * Names that appends are about to take: keys of events, and idempotency keys.
 *
 * The store knows of one stream at a time; that a key is taken once in all of them is settled here, before the append.
 * A reservation names the revision of the stream that its event is to have, so that a process which finds it after its
 * holder's death can look there. It is deleted when its event is in the log.
 */
export const CREATE_RESERVATIONS = `
CREATE TABLE log.reservations (
  kind text NOT NULL,
  name text NOT NULL,
  id uuid NOT NULL,
  stream text NOT NULL,
  revision integer NOT NULL,
  holder uuid NOT NULL,
  reserved_at timestamptz(3) NOT NULL,
  abandoned boolean NOT NULL DEFAULT false,
  CONSTRAINT reservations_pkey PRIMARY KEY (kind, name)
);
`;

/**
 * Reserves names for appends that are about to be made, or none where log or reservations are not as expected: then
 * `actual` says what is on record.
 */
export const CREATE_RESERVE = `
CREATE FUNCTION log.reserve(
  expected_streams text[], expected_revisions integer[], new_keys text[], new_idempotency_keys text[],
  as_holder uuid, kinds text[], names text[], ids uuid[], streams text[], revisions integer[],
  OUT actual jsonb
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = log, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  reserved integer;
  all_keys text[];
  all_idempotency_keys text[];
BEGIN
  -- Seen by all at once, and soon on the disk: what a crash takes with it is what the sequencer watches over.
  PERFORM set_config('synchronous_commit', 'off', true);
  SELECT new_keys || coalesce(array_agg(n.name) FILTER (WHERE n.kind = 'key'), '{}'),
      new_idempotency_keys || coalesce(array_agg(n.name) FILTER (WHERE n.kind = 'idempotency-key'), '{}')
    INTO all_keys, all_idempotency_keys FROM unnest(kinds, names) AS n(kind, name);

  INSERT INTO log.reservations AS r (kind, name, id, stream, revision, holder, reserved_at)
  SELECT n.kind, n.name, n.id, n.stream, n.revision, as_holder, clock_timestamp()
  FROM unnest(kinds, names, ids, streams, revisions) AS n(kind, name, id, stream, revision)
  ORDER BY n.kind, n.name
  ON CONFLICT (kind, name) DO UPDATE SET reserved_at = EXCLUDED.reserved_at WHERE r.holder = EXCLUDED.holder;
  GET DIAGNOSTICS reserved = ROW_COUNT;

  -- A reservation goes after its event is in the log, so looking there last misses neither.
  IF reserved < cardinality(names)
    OR EXISTS (SELECT FROM log.events e WHERE e.key = ANY (all_keys))
    OR EXISTS (SELECT FROM log.idempotency_keys k WHERE k.idempotency_key = ANY (all_idempotency_keys))
    OR cardinality(new_keys) > 0
      AND EXISTS (SELECT FROM log.reservations r WHERE r.kind = 'key' AND r.name = ANY (new_keys))
    OR cardinality(new_idempotency_keys) > 0
      AND EXISTS (SELECT FROM log.reservations r WHERE r.kind = 'idempotency-key' AND r.name = ANY (new_idempotency_keys))
    OR EXISTS (
      SELECT FROM unnest(expected_streams, expected_revisions) AS x(stream, revision)
      CROSS JOIN LATERAL (
        SELECT e.revision FROM log.events e WHERE e.stream = x.stream ORDER BY e.revision DESC LIMIT 1
      ) e
      WHERE e.revision > x.revision)
  THEN
    DELETE FROM log.reservations r USING unnest(kinds, names) AS n(kind, name)
    WHERE r.kind = n.kind AND r.name = n.name AND r.holder = as_holder;
    actual := log.on_record(expected_streams, all_keys, all_idempotency_keys) || jsonb_build_object('reservations',
      (SELECT jsonb_agg(jsonb_build_object('kind', r.kind, 'name', r.name, 'id', r.id, 'stream', r.stream,
          'revision', r.revision, 'holder', r.holder, 'abandoned', r.abandoned,
          'ageMs', (extract(epoch FROM clock_timestamp() - r.reserved_at) * 1000)::bigint))
        FROM log.reservations r
        WHERE r.kind = 'key' AND r.name = ANY (all_keys)
          OR r.kind = 'idempotency-key' AND r.name = ANY (all_idempotency_keys)));
  END IF;
END $$;
REVOKE ALL ON FUNCTION log.reserve FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.reserve TO ${APPLICATION_ROLE};
`;

/** Takes that function away, where its parameters had other names, before it is created again. */
export const DROP_RESERVE = 'DROP FUNCTION log.reserve';

/** Keeps an idempotency key of an append that was found to repeat one on record, and lets the application use the reservations. */
export const CREATE_KEEP_KEY = `
CREATE FUNCTION log.keep_idempotency_key(key_to_keep text, of_position bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = log, pg_temp AS $$
  INSERT INTO log.idempotency_keys (idempotency_key, position)
  SELECT key_to_keep, e.position FROM log.events e WHERE e.position = of_position ON CONFLICT DO NOTHING
$$;

REVOKE ALL ON FUNCTION log.keep_idempotency_key FROM PUBLIC;
GRANT SELECT, UPDATE (abandoned), DELETE ON log.reservations TO ${APPLICATION_ROLE};
GRANT EXECUTE ON FUNCTION log.keep_idempotency_key TO ${APPLICATION_ROLE};
`;

/** Reservations are of appends that are under way: without any, nothing is lost with them. */
export const DROP_RESERVATIONS = `
DROP FUNCTION log.reserve, log.keep_idempotency_key;
DROP TABLE log.reservations;
`;
