import type { Pool, PoolClient } from 'pg';
import type { Instant, Position } from '#domain';
import type { ResolvedCoordinate } from '../../rows/answers.js';
import { WITHOUT_END } from '../../rows/table.js';
import type { ShownFacts } from '../state.js';

/** Storing takes a fifth of the time at most: who changes a policy and reads it in turn would store each state in vain. */
const REST = 4;

/** Raise the version whenever the same facts would give another document. */
export const CURRENT_STATES = { name: 'policy-heads', version: 2 };

/** The statement that creates the table of current states: one row a policy, its state of now and until when that holds. */
export const CREATE_CURRENT_STATES = `CREATE TABLE IF NOT EXISTS read.policy_heads (
  policy integer PRIMARY KEY, document json NOT NULL, position bigint NOT NULL, made_at bigint NOT NULL, until bigint NOT NULL);
ALTER TABLE read.policy_heads ADD COLUMN IF NOT EXISTS basis text NOT NULL DEFAULT ''`;

/** Deletes every current state: until they are stored again, boxes answer. */
export async function clearCurrentStates(client: PoolClient): Promise<void> {
  await client.query('DELETE FROM read.policy_heads');
  await client.query('UPDATE read.projections SET generation = generation + 1 WHERE name = $1', [CURRENT_STATES.name]);
}

interface Stored {
  readonly states: ReadonlyMap<number, ShownFacts>;
  /** What states are made from now. */
  readonly basis: string;
}

/** Reads the stored states of these policies that hold at an instant, by what was recorded up to a position. */
export async function readCurrentStates(
  pool: Pool,
  policies: readonly number[],
  { recorded, now }: { readonly recorded: Position; readonly now: Instant },
): Promise<Stored> {
  const statement =
    policies.length === 1
      ? { name: 'current-state', text: HOLDING_ONE, values: [policies[0], now, recorded] }
      : { name: 'current-states', text: HOLDING, values: [policies, now, recorded] };
  const { rows } = await pool.query<{ basis: string; policy: number | null; document: ShownFacts }>(statement);
  const states = rows.flatMap(({ policy, document }) => (policy === null ? [] : [[policy, document] as const]));
  return { states: new Map(states), basis: rows[0]?.basis ?? '' };
}

/** Finds the states of policies that are not stored. */
type OtherStates = (policies: readonly number[]) => Promise<ReadonlyMap<number, ShownFacts>>;

interface Needs {
  readonly pool: Pool;
  /** Called with what kept a state from being stored, then, with null, when one is stored again. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * The states of now, stored by whoever worked one out for an answer, for whoever asks next.
 *
 * A row holds up to an instant, at which something begins or ends, and until something is recorded about its policy.
 * Both is looked up with the row, so nobody has to be told, and a row outlasts a restart.
 */
export class CurrentStates {
  #storing: Promise<void> | undefined;
  #restsUntil = 0;

  constructor(private readonly needs: Needs) {}

  /** The states of policies now: those that are stored and hold, and the others, which are then stored. */
  async of(
    policies: readonly number[],
    at: ResolvedCoordinate,
    otherStates: OtherStates,
  ): Promise<ReadonlyMap<number, ShownFacts>> {
    const point = { recorded: at.recorded, now: at.validAt };
    const { states, basis } = await readCurrentStates(this.needs.pool, policies, point);
    const others = await otherStates(policies.filter((policy) => !states.has(policy)));
    this.#storeSome(others, at, basis);
    return new Map([...states, ...others]);
  }

  /** Waits for what is being stored. */
  async settle(): Promise<void> {
    await this.#storing;
  }

  /** Stores states behind the answer, unless it is busy or rests: then a later answer does. */
  #storeSome(states: ReadonlyMap<number, ShownFacts>, at: ResolvedCoordinate, basis: string): void {
    const begun = performance.now();
    if (states.size === 0 || this.#storing || begun < this.#restsUntil) return;
    this.#storing = this.#store(states, at, basis)
      .then(() => this.needs.onTrouble(null), this.needs.onTrouble)
      .finally(() => {
        this.#storing = undefined;
        this.#restsUntil = performance.now() + REST * (performance.now() - begun);
      });
  }

  async #store(
    states: ReadonlyMap<number, ShownFacts>,
    { recorded, validAt: now }: ResolvedCoordinate,
    basis: string,
  ): Promise<void> {
    const rows = [...states].map(([policy, document]) => ({ policy, document }));
    await this.needs.pool.query({
      name: 'store-current-states',
      text: STORE,
      values: [JSON.stringify(rows), now, recorded, [...states.keys()], basis],
    });
  }
}

/** What states are made from: those of a read model that was built again, or by another code, hold no more. */
const BASIS = `SELECT '${CURRENT_STATES.version} ' || string_agg(name || ' ' || version || ' ' || generation, ',' ORDER BY name) AS basis FROM read.projections`;

// Rows are numbered as they come, so the last ones say when anything changed, however many there are.
const CHANGED_LAST = `greatest(${['timeline', 'boxes', 'unsure']
  .map(
    (table) =>
      `(SELECT t.recorded_from FROM read.${table} t WHERE t.policy = h.policy ORDER BY t.id DESC, t.part DESC LIMIT 1)`,
  )
  .join(', ')}, 0)`;

const holding = (
  policies: string,
): string => `SELECT made_from.basis, h.policy, h.document FROM (${BASIS}) made_from LEFT JOIN read.policy_heads h
  ON h.policy = ${policies} AND h.made_at <= $2 AND h.until > $2 AND h.position <= $3 AND h.basis = made_from.basis AND h.position >= ${CHANGED_LAST}`;

/** Of a single number Postgres keeps the plan, of a list it plans each time, which takes longer than reading. */
const [HOLDING_ONE, HOLDING] = [holding('$1::integer'), holding('ANY ($1::integer[])')];

/** The next instant after now at which anything about a policy begins or ends. */
const HOLD_UNTIL = `SELECT policy, min(at) AS until FROM (
    SELECT b.policy, unnest(ARRAY[b.known_from, b.known_to, b.valid_from, b.valid_to]) AS at FROM read.boxes b WHERE b.policy = ANY ($4) AND b.recorded_to = ${WITHOUT_END}
      AND greatest(b.known_from, b.valid_from, CASE WHEN b.known_to < ${WITHOUT_END} THEN b.known_to END, CASE WHEN b.valid_to < ${WITHOUT_END} THEN b.valid_to END) > $2
    UNION ALL SELECT u.policy, unnest(ARRAY[u.known_from, u.known_to, u.unsure_from, u.settled]) FROM read.unsure u WHERE u.policy = ANY ($4) AND u.recorded_to = ${WITHOUT_END}
    UNION ALL SELECT t.policy, unnest(ARRAY[t.known_from, t.known_to]) FROM read.timeline t WHERE t.policy = ANY ($4) AND t.recorded_to = ${WITHOUT_END} AND greatest(t.known_from, CASE WHEN t.known_to < ${WITHOUT_END} THEN t.known_to END) > $2
  ) bounds WHERE at > $2 AND at < ${WITHOUT_END} GROUP BY policy`;

const STORE = `INSERT INTO read.policy_heads (policy, document, position, made_at, until, basis)
  SELECT s.policy, s.document, $3::bigint, $2::bigint, coalesce(hold.until, ${WITHOUT_END}), $5
  FROM json_to_recordset($1) AS s(policy integer, document json) LEFT JOIN (${HOLD_UNTIL}) hold ON hold.policy = s.policy ORDER BY s.policy
  ON CONFLICT (policy) DO UPDATE SET document = excluded.document, position = excluded.position, made_at = excluded.made_at, until = excluded.until, basis = excluded.basis
    WHERE policy_heads.position <= excluded.position`;
