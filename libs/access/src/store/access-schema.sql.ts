import { APPLICATION_ROLE } from '#event-log';

/** The keys by which clients are known: only their hashes are kept. */
export const CREATE_ACCESS = `
CREATE SCHEMA access;

CREATE TABLE access.keys (
  id text NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  sha256 bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  CONSTRAINT keys_pkey PRIMARY KEY (id),
  CONSTRAINT keys_sha256_key UNIQUE (sha256),
  CONSTRAINT keys_role_check CHECK (role IN ('reader', 'recorder', 'operator')),
  CONSTRAINT keys_sha256_check CHECK (length(sha256) = 32)
);

-- Grows with every change, so that a process sees with one row whether what it holds is current.
CREATE TABLE access.revision (
  only_one boolean NOT NULL DEFAULT true,
  revision bigint NOT NULL DEFAULT 0,
  CONSTRAINT revision_pkey PRIMARY KEY (only_one),
  CONSTRAINT revision_check CHECK (only_one)
);

INSERT INTO access.revision DEFAULT VALUES;

CREATE FUNCTION access.count_change() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
  UPDATE access.revision SET revision = revision + 1;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION access.count_change FROM PUBLIC;

CREATE TRIGGER keys_count_change AFTER INSERT OR UPDATE OR DELETE ON access.keys
  FOR EACH STATEMENT EXECUTE FUNCTION access.count_change();

REVOKE ALL ON access.keys, access.revision FROM PUBLIC;
GRANT USAGE ON SCHEMA access TO ${APPLICATION_ROLE};
GRANT SELECT, INSERT, UPDATE (revoked_at) ON access.keys TO ${APPLICATION_ROLE};
GRANT SELECT ON access.revision TO ${APPLICATION_ROLE};
`;

/** Who is signed in: only the hashes of their secrets are kept. */
export const CREATE_SESSIONS = `
CREATE TABLE access.sessions (
  sha256 bytea NOT NULL,
  issuer text NOT NULL,
  principal text NOT NULL,
  role text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz(3) NOT NULL,
  CONSTRAINT sessions_pkey PRIMARY KEY (sha256),
  CONSTRAINT sessions_role_check CHECK (role IN ('reader', 'recorder', 'operator')),
  CONSTRAINT sessions_sha256_check CHECK (length(sha256) = 32)
);

CREATE INDEX sessions_expires_at ON access.sessions (expires_at);

REVOKE ALL ON access.sessions FROM PUBLIC;
GRANT SELECT, INSERT, DELETE ON access.sessions TO ${APPLICATION_ROLE};
`;
