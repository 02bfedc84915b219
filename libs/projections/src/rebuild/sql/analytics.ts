import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import { READ } from '../../rows/table.js';
import { allViews, pinnedViews } from './views/pinned-views.js';
import { behindDifference, differencesBetween, policiesView } from './views/states.js';
import { ANALYTICS, OPEN, type SqlPoint, type SqlView } from './views/view.js';

/** The role that reads by SQL: it sees the views and nothing else. */
export const READER_ROLE = 'ptl_reader';

/** Position of the latest record: after every row that began, before the end of those that still stand. */
const LATEST = 9_007_199_254_740_990n;

const PINS: SqlPoint = {
  recorded: `(SELECT ${ANALYTICS}.pinned_record('ptl.recorded'))`,
  known: `(SELECT ${ANALYTICS}.pinned_instant('ptl.known_at', NULL))`,
  valid: `(SELECT ${ANALYTICS}.pinned_instant('ptl.valid_at', 'ptl.known_at'))`,
};

const NOW = `(SELECT ${ANALYTICS}.milliseconds(now()))`;
const OF_NOW: SqlPoint = { recorded: `${LATEST}::bigint`, known: NOW, valid: NOW };

/** The point that three arguments of a function give, from the first of them on. */
const argumentsFrom = (first: number): SqlPoint => {
  const [known, valid, recorded] = [0, 1, 2].map((offset) => `$${first + offset}`);
  return {
    known: `${ANALYTICS}.milliseconds(coalesce(${known}, now()))`,
    valid: `${ANALYTICS}.milliseconds(coalesce(${valid}, ${known}, now()))`,
    recorded: `coalesce(${recorded}, ${LATEST})`,
  };
};

/** The part of a date in EDTF that names its first or its last day. */
const sideOf = (side: 1 | -1): string => `regexp_replace(CASE WHEN $1 ~ '/' THEN split_part($1, '/', ${side})
  WHEN $1 ~ '^\\[' THEN split_part(btrim($1, '[]'), '..', ${side}) ELSE $1 END, '[~?]$', '')`;

const HELPERS = `
CREATE OR REPLACE FUNCTION ${ANALYTICS}.instant_of(bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT CASE WHEN $1 >= 9007199254740991 THEN 'infinity' WHEN $1 <= -9007199254740991 THEN '-infinity' ELSE to_timestamp($1 / 1000.0) END $$;
CREATE OR REPLACE FUNCTION ${ANALYTICS}.milliseconds(timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT CASE $1 WHEN 'infinity' THEN ${LATEST} WHEN '-infinity' THEN -9007199254740991 ELSE floor(extract(epoch FROM $1) * 1000)::bigint END $$;
CREATE OR REPLACE FUNCTION ${ANALYTICS}.first_day(text) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT CASE WHEN day ~ '^\\d{4}(-\\d{2}){0,2}$' THEN rpad(day, 10, '-01-01')::date END FROM (SELECT CASE length(side) WHEN 7 THEN side || '-01' ELSE side END AS day
    FROM (SELECT ${sideOf(1)} AS side) s) d $$;
CREATE OR REPLACE FUNCTION ${ANALYTICS}.last_day(text) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT CASE WHEN day ~ '^\\d{4}$' THEN (day || '-12-31')::date WHEN day ~ '^\\d{4}-\\d{2}$' THEN ((day || '-01')::date + interval '1 month - 1 day')::date
    WHEN day ~ '^\\d{4}-\\d{2}-\\d{2}$' THEN day::date END FROM (SELECT ${sideOf(-1)} AS day) d $$;
CREATE OR REPLACE FUNCTION ${ANALYTICS}.pinned_record(name text) RETURNS bigint LANGUAGE sql STABLE AS
  $$ SELECT coalesce(ltrim(nullif(current_setting(name, true), ''), '@')::bigint, ${LATEST}) $$;
CREATE OR REPLACE FUNCTION ${ANALYTICS}.pinned_instant(name text, other text, otherwise timestamptz DEFAULT NULL) RETURNS bigint LANGUAGE sql STABLE AS
  $$ SELECT ${ANALYTICS}.milliseconds(CASE WHEN pin ~ '^\\d{4}-\\d{2}-\\d{2}$' THEN (pin::date + 1)::timestamptz - interval '1 millisecond'
      ELSE coalesce(pin::timestamptz, otherwise, now()) END)
    FROM (SELECT coalesce(nullif(current_setting(name, true), ''), nullif(current_setting(other, true), '')) AS pin) given $$;
CREATE OR REPLACE FUNCTION ${ANALYTICS}.ends_day(bigint) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT ($1 + 1) % 3600000 = 0 $$;
CREATE OR REPLACE FUNCTION ${ANALYTICS}.days_at_most(bigint, bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT CASE WHEN abs($1) >= ${OPEN} OR abs($2) >= ${OPEN} THEN NULL
    WHEN ${ANALYTICS}.ends_day($2) THEN floor(($2 + 1 - $1) / 86400000.0 + 0.5) - 1 ELSE floor(($2 - $1 + 3600000) / 86400000.0) END::float8 $$;
CREATE OR REPLACE FUNCTION ${ANALYTICS}.days_at_least(bigint, bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT CASE WHEN abs($1) >= ${OPEN} THEN NULL WHEN ${ANALYTICS}.ends_day($1) THEN ${ANALYTICS}.days_at_most($1 + 1, $2) + 1
    ELSE ${ANALYTICS}.days_at_most($1, $2) END $$;
COMMENT ON FUNCTION ${ANALYTICS}.ends_day(bigint) IS 'Whether an instant in milliseconds is the last of an hour, as the last bound of a day is in every zone.';
COMMENT ON FUNCTION ${ANALYTICS}.days_at_least(bigint, bigint) IS 'Days of the calendar from the last instant of a date to the first of another, both in milliseconds; none: open.';
COMMENT ON FUNCTION ${ANALYTICS}.days_at_most(bigint, bigint) IS 'Days of the calendar from the first instant of a date to the last of another, both in milliseconds; none: open.';
COMMENT ON FUNCTION ${ANALYTICS}.pinned_record(text) IS 'The position up to which views see the record, by a setting of the session; all of it without.';
COMMENT ON FUNCTION ${ANALYTICS}.pinned_instant(text, text, timestamptz) IS 'A pinned time in milliseconds, by the first of two settings of the session: a date is its last millisecond in the zone of the session; unset is the third, or now.';
`;

const select = ({ columnsAt, from }: SqlView, at: SqlPoint): string =>
  `SELECT ${Object.entries(columnsAt(at))
    .map(([name, [expression, type]]) => `(${expression})::${type} AS ${quote(name)}`)
    .join(', ')} FROM ${from(at)}`;

const quote = (name: string): string => `"${name}"`;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function createView(view: SqlView, name: string, at: SqlPoint): string {
  const place = `${ANALYTICS}.${name}`;
  const comments = Object.entries(view.columnsAt(at)).map(
    ([column, [, , comment]]) => `COMMENT ON COLUMN ${place}.${quote(column)} IS ${literal(comment)};`,
  );
  return `CREATE OR REPLACE VIEW ${place} AS ${select(view, at)};
    COMMENT ON VIEW ${place} IS ${literal(view.comment)};\n${comments.join('\n')}`;
}

const TIMES = 'known_at timestamptz DEFAULT NULL, valid_at timestamptz DEFAULT NULL, recorded bigint DEFAULT NULL';

/** A function with the rights of its owner: its body is looked up when it is called, so it follows a switch by itself. */
const createFunction = (
  name: string,
  given: string,
  { columns, body }: { readonly columns: string; readonly body: string },
) =>
  `CREATE OR REPLACE FUNCTION ${ANALYTICS}.${name}(${given}) RETURNS TABLE (${columns})
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$ ${body} $body$;`;

const resultOf = ({ columnsAt }: SqlView): string =>
  Object.entries(columnsAt(PINS))
    .map(([name, [, type]]) => `${quote(name)} ${type}`)
    .join(', ');

const [FIRST_POINT, SECOND_POINT] = [argumentsFrom(1), argumentsFrom(4)];
const BEHIND = behindDifference(FIRST_POINT, SECOND_POINT);

const DIFFERENCE = createFunction(
  'policy_diff',
  'from_known_at timestamptz, from_valid_at timestamptz, from_recorded bigint, to_known_at timestamptz, to_valid_at timestamptz, to_recorded bigint',
  {
    columns:
      'policy text, field text, before jsonb, after jsonb, before_event text, after_event text, why text, events text[]',
    body: `SELECT policy, field, a.value, b.value, ${BEHIND.before_event}, ${BEHIND.after_event}, ${BEHIND.why}, ${BEHIND.events}
      FROM ${differencesBetween(FIRST_POINT, SECOND_POINT)}`,
  },
);

/** All views, for what follows the tables that are in use: a view is bound to the table that it was made on. */
const VIEWS = [
  ...allViews.map((view) => createView(view, view.name, PINS)),
  createView(policiesView, 'policies_now', OF_NOW),
].join('\n');

const FUNCTIONS = [
  ...pinnedViews.map((view) =>
    createFunction(`${view.name}_at`, TIMES, { columns: resultOf(view), body: select(view, argumentsFrom(1)) }),
  ),
  createFunction('policy_as_of', TIMES, {
    columns: resultOf(policiesView),
    body: select(policiesView, argumentsFrom(1)),
  }),
  DIFFERENCE,
].join('\n');

const GRANTS = `DO $$ BEGIN IF to_regrole('${READER_ROLE}') IS NOT NULL THEN
  GRANT USAGE ON SCHEMA ${ANALYTICS} TO ${READER_ROLE};
  GRANT SELECT ON ALL TABLES IN SCHEMA ${ANALYTICS} TO ${READER_ROLE};
  GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${ANALYTICS} TO ${READER_ROLE};
END IF; END $$`;

/** Drops whatever of a kind is in the schema, of this version or another, and what others made of it. */
const dropEach = (kind: string, selected: string): string => `DO $$ DECLARE name text; BEGIN
  FOR name IN ${selected} LOOP EXECUTE 'DROP ${kind} IF EXISTS ' || name || ' CASCADE'; END LOOP; END $$`;

/** The role may have been made after the views. */
const GRANTS_TO_NEW = GRANTS.replace(
  'THEN',
  `AND NOT has_schema_privilege('${READER_ROLE}', '${ANALYTICS}', 'USAGE') THEN`,
);

const DROP_VIEWS = dropEach(
  'VIEW',
  `SELECT oid::regclass::text FROM pg_class WHERE relnamespace = to_regnamespace('${ANALYTICS}') AND relkind = 'v'`,
);
const DROP_FUNCTIONS = dropEach(
  'FUNCTION',
  `SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = to_regnamespace('${ANALYTICS}')`,
);

const DEFINITIONS = HELPERS + VIEWS + FUNCTIONS + GRANTS;

/** Stands at the schema while its views are those of this code. */
const VERSION = `Policies, by SQL. ${createHash('sha256').update(DEFINITIONS).digest('hex').slice(0, 16)}`;

/** Makes views and functions if they are not those of this code: to make them anew would wait for their readers. */
export async function prepareAnalytics(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ version: string | null }>(
    `SELECT obj_description(to_regnamespace('${ANALYTICS}')::oid, 'pg_namespace') AS version`,
  );
  if (rows[0]?.version !== VERSION) await createAnalytics(client);
  else await client.query(GRANTS_TO_NEW);
}

/**
 * Makes the views anew on the tables that are in use, and the functions, in the transaction given. Without the schema,
 * which the owner of the database makes, nothing is done.
 *
 * While a table has other columns than the views ask for, which is until its rebuild, there are no views.
 */
export async function createAnalytics(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ isThere: boolean }>(
    `SELECT to_regnamespace('${ANALYTICS}') IS NOT NULL AND to_regclass('${READ}.boxes') IS NOT NULL AS "isThere"`,
  );
  if (!rows[0]?.isThere) return;
  // Rights and what others made of the views stay where the views only get further columns.
  for (const first of ['', `${DROP_VIEWS}; ${DROP_FUNCTIONS};`]) {
    await client.query('SAVEPOINT analytics');
    try {
      await client.query(`${first} ${DEFINITIONS}; COMMENT ON SCHEMA ${ANALYTICS} IS '${VERSION}'`);
      await client.query('RELEASE SAVEPOINT analytics');
      return;
    } catch (error) {
      await client.query('ROLLBACK TO SAVEPOINT analytics');
      if (!isOtherColumns(error)) throw error;
    }
  }
  await dropAnalyticsViews(client);
}

/**
 * `undefined_column` of a table that is to be rebuilt; where a view, or the result of a function, would have other columns
 * `invalid_table_definition` and `invalid_function_definition`. `ambiguous_function` beside one of an earlier version that
 * had other arguments.
 */
const OTHER_COLUMNS = ['42703', '42P16', '42P13', '42725'];

const isOtherColumns = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && OTHER_COLUMNS.includes(String(error.code));

/**
 * Locks the views, but not what is under them, until the transaction ends.
 *
 * A reader locks a view before its tables, so a switch has to do the same: else each would wait for the other. LOCK would
 * take the tables of the first view before the second view; this setting is not used, and to reset it locks the view alone.
 */
export async function lockAnalyticsViews(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = '${ANALYTICS}' AND c.relkind = 'v' ORDER BY c.relname`,
  );
  for (const { name } of rows) await client.query(`ALTER VIEW ${name} RESET (security_barrier)`);
}

/** Takes the views away, so that the tables under them can be dropped. */
export async function dropAnalyticsViews(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ isThere: boolean }>(
    `SELECT to_regnamespace('${ANALYTICS}') IS NOT NULL AS "isThere"`,
  );
  if (rows[0]?.isThere) await client.query(`${DROP_VIEWS}; COMMENT ON SCHEMA ${ANALYTICS} IS NULL`);
}
