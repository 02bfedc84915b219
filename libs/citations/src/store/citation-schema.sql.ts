import { APPLICATION_ROLE } from '#event-log';

/** The citations that were asked for: rows are only added. */
export const CREATE_CITATIONS = `
CREATE SCHEMA citation;

CREATE TABLE citation.citations (
  id text NOT NULL,
  address text NOT NULL,
  title text NOT NULL,
  answer_sha256 bytea NOT NULL,
  fold integer NOT NULL,
  root bytea NOT NULL,
  size bigint NOT NULL,
  points jsonb NOT NULL,
  cited_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT citations_pkey PRIMARY KEY (id)
);

REVOKE ALL ON citation.citations FROM PUBLIC;
GRANT USAGE ON SCHEMA citation TO ${APPLICATION_ROLE};
GRANT SELECT, INSERT ON citation.citations TO ${APPLICATION_ROLE};
`;

/** What an address is about: a policy by its path, an event, or else the policy that its list is narrowed down to. */
export const CITED_SUBJECT = `coalesce(substring(address from '^(?:/v1)?/(?:policies|events)/([^/?]+)'),
  substring(address from '[?&]policy=([^&,]+)(?:&|$)'))`;

/** Finds the citations about a policy or an event, the newest first. */
export const INDEX_CITATIONS = `
CREATE INDEX citations_subject ON citation.citations ((${CITED_SUBJECT}), cited_at);
`;
