import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { Principal } from '../key-records.js';
import { hashKey } from '../key-text.js';
import type { Role } from '../roles.js';

/** A session that was just opened. */
export interface OpenedSession {
  /** What its browser shows with each request. It is not kept. */
  readonly secret: string;
  /** For how long it lasts. */
  readonly seconds: number;
}

/** What an operator is shown of a session: neither its secret nor a name. Times are milliseconds since 1970. */
export interface SessionRecord {
  /** Of the hash of its secret enough to tell sessions apart. */
  readonly id: string;
  readonly principal: string;
  readonly role: Role;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** So many are shown. */
const MOST_SHOWN = 10_000;

const ID = `left(encode(sha256, 'hex'), 16)`;

const COLUMNS = `${ID} AS id, principal, role, (extract(epoch FROM created_at) * 1000)::float8 AS "createdAt",
  (extract(epoch FROM expires_at) * 1000)::float8 AS "expiresAt"`;

const SECRET_BYTES = 32;

/** A working day: what a provider changes about somebody counts from their next sign-in on. */
const SECONDS = 8 * 3_600;

const A_SECRET = /^[\w-]{43}$/;

/**
 * Who is signed in, in the database: every process knows a session that any of them opened, and none knows it any more
 * once it was ended. Of its secret only the hash is kept, and of its owner no name.
 */
export class Sessions {
  /** `issuer` is the provider that is asked now: sessions of another are over. */
  constructor(
    private readonly pool: Pick<Pool, 'query'>,
    private readonly issuer: string,
  ) {}

  /** Opens a session; those that have ended by themselves are forgotten. */
  async open({ id, role }: Principal): Promise<OpenedSession> {
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    await this.pool.query('DELETE FROM access.sessions WHERE expires_at <= clock_timestamp()');
    await this.pool.query(
      `INSERT INTO access.sessions (sha256, issuer, principal, role, expires_at)
        VALUES ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5))`,
      [hashKey(secret), this.issuer, id, role, SECONDS],
    );
    return { secret, seconds: SECONDS };
  }

  /** Finds whose session has this secret; undefined if there is none, or it has ended. */
  async find(secret: string): Promise<Principal | undefined> {
    return (await this.findAll([secret])).get(secret);
  }

  /** Finds whose sessions have these secrets; those that are there. */
  async findAll(secrets: readonly string[]): Promise<ReadonlyMap<string, Principal>> {
    const asked = new Map(
      secrets.filter((each) => A_SECRET.test(each)).map((each) => [hashKey(each).toString('hex'), each]),
    );
    if (asked.size === 0) return new Map();
    const { rows } = await this.pool.query<Principal & { readonly hash: string }>(
      `SELECT encode(sha256, 'hex') AS hash, principal AS id, role FROM access.sessions
        WHERE sha256 = ANY ($1::bytea[]) AND issuer = $2 AND expires_at > clock_timestamp()`,
      [[...asked.keys()].map((hash) => Buffer.from(hash, 'hex')), this.issuer],
    );
    return new Map(rows.map(({ hash, id, role }) => [asked.get(hash) ?? '', { id, role }]));
  }

  /** The sessions that go on, the newest first; of one holder if that is named. */
  async list(principal?: string): Promise<readonly SessionRecord[]> {
    const { rows } = await this.pool.query<SessionRecord>(
      `SELECT ${COLUMNS} FROM access.sessions
        WHERE issuer = $1 AND expires_at > clock_timestamp() AND coalesce(principal = $2, true)
        ORDER BY created_at DESC, sha256 LIMIT ${MOST_SHOWN}`,
      [this.issuer, principal ?? null],
    );
    return rows;
  }

  /** Ends the session with an id, in every process at once; undefined if there is none. */
  async endById(id: string): Promise<SessionRecord | undefined> {
    const { rows } = await this.pool.query<SessionRecord>(
      `DELETE FROM access.sessions WHERE ${ID} = $1 RETURNING ${COLUMNS}`,
      [id],
    );
    return rows[0];
  }

  /** Ends a session, in every process at once. */
  async end(secret: string): Promise<void> {
    await this.pool.query('DELETE FROM access.sessions WHERE sha256 = $1', [hashKey(secret)]);
  }
}
