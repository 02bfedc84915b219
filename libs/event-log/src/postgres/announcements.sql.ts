import { CHANNEL } from './schema.sql.js';

/** The setting by which announcements are sealed: whoever may not read the log's tables cannot forge one. */
export const ANNOUNCEMENT_SECRET = 'announcement-secret';

/** At most so many entries are announced with their text. */
const ENTRIES_LIMIT = 16;

/** PostgreSQL takes less than 8,000 bytes; position and seal need some of them. */
const BYTES_LIMIT = 7_800;

/**
 * Announces what was appended: the last position, and below it, where they fit, the entries, a line each, and a seal.
 *
 * Entries that have something beside them are never told, so that nothing erasable is.
 */
export const CREATE_ANNOUNCE = `
INSERT INTO log.settings (name, value)
  VALUES ('${ANNOUNCEMENT_SECRET}', gen_random_uuid()::text || gen_random_uuid()::text) ON CONFLICT DO NOTHING;

CREATE OR REPLACE FUNCTION log.announce(base bigint, added integer) RETURNS void
LANGUAGE plpgsql SET search_path = log, pg_temp AS $$
DECLARE
  told text := (base + added)::text;
  entries text;
BEGIN
  IF added <= ${ENTRIES_LIMIT} THEN
    SELECT string_agg(e.entry, E'\\n' ORDER BY e.position) INTO entries
      FROM log.events e WHERE e.position > base AND e.position <= base + added;
    IF octet_length(entries) <= ${BYTES_LIMIT} AND strpos(entries, '{"commit":"') = 0 THEN
      told := told || E'\\n' || entries;
      told := told || E'\\n' || log.seal(told);
    END IF;
  END IF;
  PERFORM pg_notify('${CHANNEL}', told);
END $$;

CREATE OR REPLACE FUNCTION log.seal(told text) RETURNS text
LANGUAGE sql STABLE SET search_path = log, pg_temp AS $$
  SELECT encode(sha256(convert_to(s.value || encode(sha256(convert_to(s.value || told, 'UTF8')), 'hex'), 'UTF8')), 'hex')
  FROM log.settings s WHERE s.name = '${ANNOUNCEMENT_SECRET}'
$$;

REVOKE ALL ON FUNCTION log.announce, log.seal FROM PUBLIC;
`;
