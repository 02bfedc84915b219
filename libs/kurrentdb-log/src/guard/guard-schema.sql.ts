import { APPLICATION_ROLE, INDEX_DISREGARDED } from '#event-log/adapter';

/**
 * The tables of the guard over the store: the progress of its comparison, its findings, and the limits set on streams.
 *
 * Findings are only added; those of the last complete comparison, and of the one under way, are what is so now.
 */
export const CREATE_GUARD = `
CREATE TABLE log.guard (
  one boolean NOT NULL DEFAULT true,
  pass bigint NOT NULL DEFAULT 0,
  begun_at timestamptz(3),
  compared bigint NOT NULL DEFAULT 0,
  whole_pass bigint NOT NULL DEFAULT 0,
  whole_at timestamptz(3),
  limits_commit bigint,
  limits_prepare bigint,
  CONSTRAINT guard_pkey PRIMARY KEY (one),
  CONSTRAINT guard_is_one_row CHECK (one)
);
INSERT INTO log.guard DEFAULT VALUES;

CREATE TABLE log.guard_findings (
  pass bigint NOT NULL,
  store_commit bigint NOT NULL,
  store_prepare bigint NOT NULL,
  position bigint,
  kind text NOT NULL,
  detail text NOT NULL,
  found_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT guard_findings_pkey PRIMARY KEY (pass, store_commit, store_prepare)
);
CREATE TRIGGER guard_findings_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON log.guard_findings
  FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();

CREATE TABLE log.store_limits (
  stream text NOT NULL,
  kind text NOT NULL,
  value double precision,
  found_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT store_limits_pkey PRIMARY KEY (stream, kind)
);

${INDEX_DISREGARDED}

CREATE FUNCTION log.refuse_while_moving() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM log.settings WHERE name = 'log' AND value <> 'kurrentdb') THEN
    RAISE EXCEPTION 'The log of this database is being moved, or is kept in PostgreSQL: nothing is appended to KurrentDB.'
      USING ERRCODE = 'read_only_sql_transaction';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER reservations_are_for_the_store BEFORE INSERT ON log.reservations
  FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_while_moving();

GRANT SELECT, UPDATE ON log.guard TO ${APPLICATION_ROLE};
GRANT SELECT, INSERT ON log.guard_findings TO ${APPLICATION_ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON log.store_limits TO ${APPLICATION_ROLE};
`;
