import { APPLICATION_ROLE } from '#event-log';

/**
 * The tables of the log's tree: full tiles and signed checkpoints for ever, and the position up to which it is signed.
 *
 * Tiles and checkpoints are refused to change twice over, as the log's entries are: by privilege and by trigger. A size
 * is a key, so there is one root for it, for ever.
 */
export const CREATE_AUDIT = `
CREATE SCHEMA audit;

CREATE TABLE audit.checkpoints (
  size bigint NOT NULL,
  root bytea NOT NULL,
  note text NOT NULL,
  signed_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT checkpoints_pkey PRIMARY KEY (size)
);

CREATE TABLE audit.tiles (
  level smallint NOT NULL,
  index bigint NOT NULL,
  hashes bytea NOT NULL,
  CONSTRAINT tiles_pkey PRIMARY KEY (level, index),
  CONSTRAINT tiles_are_full CHECK (octet_length(hashes) = 8192)
);

CREATE TABLE audit.heads (
  stream text NOT NULL,
  position bigint NOT NULL,
  revision integer NOT NULL,
  CONSTRAINT heads_pkey PRIMARY KEY (stream)
);
CREATE INDEX heads_position_idx ON audit.heads (position);

CREATE TABLE audit.follower (
  one boolean NOT NULL DEFAULT true,
  position bigint NOT NULL,
  edge bytea NOT NULL,
  owner text,
  leased_until timestamptz(3) NOT NULL,
  error text,
  CONSTRAINT follower_pkey PRIMARY KEY (one),
  CONSTRAINT follower_is_one_row CHECK (one)
);
INSERT INTO audit.follower (position, edge, leased_until) VALUES (0, '', '-infinity');

CREATE TABLE audit.self_check (
  one boolean NOT NULL DEFAULT true,
  report jsonb,
  CONSTRAINT self_check_pkey PRIMARY KEY (one),
  CONSTRAINT self_check_is_one_row CHECK (one)
);
INSERT INTO audit.self_check DEFAULT VALUES;

CREATE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'What was signed stays as it is: % on % is refused.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER checkpoints_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.checkpoints
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER tiles_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.tiles
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

REVOKE ALL ON ALL TABLES IN SCHEMA audit FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT USAGE ON SCHEMA audit TO ${APPLICATION_ROLE};
GRANT SELECT ON ALL TABLES IN SCHEMA audit TO ${APPLICATION_ROLE};
GRANT INSERT ON audit.checkpoints, audit.tiles TO ${APPLICATION_ROLE};
GRANT INSERT, UPDATE, DELETE ON audit.heads TO ${APPLICATION_ROLE};
GRANT UPDATE ON audit.follower, audit.self_check TO ${APPLICATION_ROLE};
`;
