import type { Pool, QueryResult, QueryResultRow } from 'pg';
import { reportUnavailability, type EventLocation } from '#event-log/adapter';
import { type RetrySchedule, isConnectionFault, retry, textArray } from '#postgres';

/** A name that an append takes, and the stream and revision that its event is to have. */
export interface Claim {
  readonly kind: 'key' | 'idempotency-key';
  readonly name: string;
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
}

/** A name that another append is about to take. */
export interface Reservation extends Claim {
  readonly holder: string;
  /** Its holder has given up, without knowing what became of its append. */
  readonly abandoned: boolean;
  readonly ageMs: number;
}

/** The names that an append takes, and the state of the log that it expects. */
export interface ReservationRequest {
  readonly holder: string;
  /** The last revision of each stream, -1 for none, as far as is known. */
  readonly expected: ReadonlyMap<string, number>;
  /** Names that are only to be free. */
  readonly newKeys: readonly string[];
  readonly newIdempotencyKeys: readonly string[];
  readonly claims: readonly Claim[];
}

/** The state of log and reservations where it was not as expected. */
export interface ActualStoreState {
  readonly streamEnds: ReadonlyMap<string, number>;
  readonly byKey: readonly EventLocation[];
  readonly byIdempotencyKey: readonly (EventLocation & { readonly idempotencyKey: string })[];
  readonly reservations: readonly Reservation[];
}

/** A call whose connection was lost is made again after these waits: for the same holder it is the same call. */
const RESERVATION_RETRIES: RetrySchedule = { waitsMs: [20, 200, 1_000], then: 'give-up' };

/**
 * Takes away what can be erased of events that are in the log already, and of appends that never came and cannot come
 * any more: where another entry has the only revision that they could have.
 *
 * A reservation knows that place, but of the last try only; so the values have to be of that try, and not of one before
 * it that may still be under way to another place. Without a reservation nothing is known, and they stay.
 *
 * Whoever tries again has reserved before the values are kept. The lock keeps that from coming between looking and
 * deleting: a try that is not seen here finds the values gone, and keeps them again.
 */
const SWEEP_ERASABLE = `
  LOCK TABLE log.pending_erasable IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM log.pending_erasable p USING log.events e WHERE e.id = p.id;
  DELETE FROM log.pending_erasable p USING log.reservations r, log.events e
  WHERE r.kind = 'key' AND r.id = p.id AND r.reserved_at <= p.written_at
    AND e.stream = r.stream AND e.revision = r.revision`;

interface ReserveRow {
  readonly actual: {
    readonly streamEnds: readonly (readonly [string, number, number])[] | null;
    readonly byKey: ActualStoreState['byKey'] | null;
    readonly byIdempotencyKey: ActualStoreState['byIdempotencyKey'] | null;
    readonly reservations: ActualStoreState['reservations'] | null;
  } | null;
}

/** Names on their way into the log, kept where all processes see them. */
export class Reservations {
  constructor(private readonly pool: Pool) {}

  /** Reserves all names, or none: then what is on record is answered. */
  async reserve({
    holder,
    expected,
    newKeys,
    newIdempotencyKeys,
    claims,
  }: ReservationRequest): Promise<ActualStoreState | undefined> {
    const { rows } = await this.#call<ReserveRow>({
      name: 'log-reserve',
      text: 'SELECT log.reserve($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS actual',
      values: [
        textArray([...expected.keys()]),
        [...expected.values()],
        textArray(newKeys),
        textArray(newIdempotencyKeys),
        holder,
        ...claimValues(claims),
      ],
    });
    const actual = rows[0]?.actual;
    return actual
      ? {
          streamEnds: new Map((actual.streamEnds ?? []).map(([stream, revision]) => [stream, revision])),
          byKey: actual.byKey ?? [],
          byIdempotencyKey: actual.byIdempotencyKey ?? [],
          reservations: actual.reservations ?? [],
        }
      : undefined;
  }

  /** Gives up names: their events are in the log, or are not to come. */
  async release(released: readonly { readonly holder: string; readonly claim: Claim }[]): Promise<void> {
    if (released.length === 0) return;
    await this.#call({
      name: 'log-release',
      text: `WITH soon AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
        DELETE FROM log.reservations r USING soon, unnest($1::uuid[], $2::text[], $3::text[]) AS n(holder, kind, name)
        WHERE r.kind = n.kind AND r.name = n.name AND r.holder = n.holder`,
      values: [
        released.map(({ holder }) => holder),
        released.map(({ claim }) => claim.kind),
        textArray(released.map(({ claim }) => claim.name)),
      ],
    });
  }

  /** Lets others take names over at once, after looking at where their events were to be. */
  async abandon(holder: string, claims: readonly Claim[]): Promise<void> {
    await this.#call({
      name: 'log-abandon',
      text: `UPDATE log.reservations r SET abandoned = true FROM unnest($2::text[], $3::text[]) AS n(kind, name)
        WHERE r.kind = n.kind AND r.name = n.name AND r.holder = $1`,
      values: [holder, claims.map(({ kind }) => kind), textArray(claims.map(({ name }) => name))],
    });
  }

  /** Takes away what dead holders left of events that are in the log, and of those that can no longer come. */
  async sweep(): Promise<void> {
    await this.#call({
      name: 'log-sweep',
      text: "DELETE FROM log.reservations r USING log.events e WHERE r.kind = 'key' AND e.key = r.name",
      values: [],
    });
    await this.#call({
      name: 'log-sweep-idempotency',
      text: `DELETE FROM log.reservations r USING log.idempotency_keys k
        WHERE r.kind = 'idempotency-key' AND k.idempotency_key = r.name`,
      values: [],
    });
    await this.#call({ text: SWEEP_ERASABLE, values: [] });
  }

  async keepIdempotencyKey(idempotencyKey: string, { position }: EventLocation): Promise<void> {
    await this.#call({
      name: 'log-keep-idempotency-key',
      text: 'SELECT log.keep_idempotency_key($1, $2)',
      values: [idempotencyKey, position],
    });
  }

  /** Keeps erasable values in the database before the store has the event; they never enter the store. */
  async keepErasable(
    values: readonly {
      readonly id: string;
      readonly digest: string;
      readonly pointer: string;
      readonly salt: string;
      readonly value: string;
    }[],
  ): Promise<void> {
    if (values.length === 0) return;
    await this.#call({
      name: 'log-keep-erasable',
      text: `INSERT INTO log.pending_erasable (id, digest, pointer, salt, value)
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) ON CONFLICT DO NOTHING`,
      values: [
        values.map(({ id }) => id),
        values.map(({ digest }) => digest),
        textArray(values.map(({ pointer }) => pointer)),
        textArray(values.map(({ salt }) => salt)),
        textArray(values.map(({ value }) => value)),
      ],
    });
  }

  async #call<Row extends QueryResultRow>(statement: {
    readonly name?: string;
    readonly text: string;
    readonly values: unknown[];
  }): Promise<QueryResult<Row>> {
    const ask = (): Promise<QueryResult<Row>> => this.pool.query<Row>(statement);
    return reportUnavailability(retry(ask, { schedule: RESERVATION_RETRIES, mayPass: isConnectionFault }));
  }
}

const claimValues = (claims: readonly Claim[]): readonly unknown[] => [
  claims.map(({ kind }) => kind),
  textArray(claims.map(({ name }) => name)),
  claims.map(({ id }) => id),
  textArray(claims.map(({ stream }) => stream)),
  claims.map(({ revision }) => revision),
];
