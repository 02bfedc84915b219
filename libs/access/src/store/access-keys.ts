import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { KeyRecord } from '../key-records.js';
import { hashKey, writeKey } from '../key-text.js';
import type { KeySnapshot, StoredKey } from '../keyring.js';
import type { Role } from '../roles.js';

/** A key to be made. */
export interface NewKey {
  readonly name: string;
  readonly role: Role;
  /** Milliseconds since 1970; null: never. */
  readonly expiresAt: number | null;
}

/** A key that was just made: with its text, which is not kept. */
export interface IssuedKey {
  readonly record: KeyRecord;
  readonly key: string;
}

/** Every process holds all keys in memory. */
const MOST_KEYS = 10_000;

const COLUMNS = `id, name, role, (extract(epoch FROM created_at) * 1000)::float8 AS "createdAt",
  (extract(epoch FROM expires_at) * 1000)::float8 AS "expiresAt",
  (extract(epoch FROM revoked_at) * 1000)::float8 AS "revokedAt"`;

/** The keys in a database. A key is made, and revoked for ever; it is never changed or forgotten. */
export class AccessKeys {
  constructor(private readonly pool: Pick<Pool, 'query'>) {}

  /** Makes a key; undefined if there are too many. */
  async issue({ name, role, expiresAt }: NewKey): Promise<IssuedKey | undefined> {
    const { id, key } = writeKey(randomBytes);
    const { rows } = await this.pool.query<KeyRecord>(
      `INSERT INTO access.keys (id, name, role, sha256, expires_at)
        SELECT $1, $2, $3, $4, to_timestamp($5::float8 / 1000)
        WHERE (SELECT count(*) FROM access.keys) < ${MOST_KEYS} RETURNING ${COLUMNS}`,
      [id, name, role, hashKey(key), expiresAt],
    );
    const [record] = rows;
    return record && { record, key };
  }

  /** Revokes a key, for ever; a revoked one stays as it is. Undefined if there is no such key. */
  async revoke(id: string): Promise<KeyRecord | undefined> {
    const { rows } = await this.pool.query<KeyRecord>(
      `UPDATE access.keys SET revoked_at = coalesce(revoked_at, clock_timestamp())
        WHERE id = $1 RETURNING ${COLUMNS}`,
      [id],
    );
    return rows[0];
  }

  /** All keys, the newest first, revoked and expired ones too. */
  async list(): Promise<readonly KeyRecord[]> {
    const { rows } = await this.pool.query<KeyRecord>(
      `SELECT ${COLUMNS} FROM access.keys ORDER BY created_at DESC, id LIMIT ${MOST_KEYS}`,
    );
    return rows;
  }

  /** All keys with their hashes, of one moment; undefined if nothing changed since a revision. */
  async changedSince(known: number | undefined): Promise<KeySnapshot | undefined> {
    const { rows } = await this.pool.query<{ readonly now: number } & Partial<StoredKey>>(
      `SELECT revision::float8 AS now, sha256 AS hash, ${COLUMNS}
        FROM access.revision LEFT JOIN access.keys ON revision <> $1`,
      [known ?? -1],
    );
    const revision = rows[0]?.now;
    if (revision === undefined) throw new Error('The revision of the keys is missing.');
    return revision === known ? undefined : { revision, keys: rows.flatMap(storedKeyOf) };
  }
}

function storedKeyOf({ id, name, role, hash, createdAt, expiresAt, revokedAt }: Partial<StoredKey>): StoredKey[] {
  if (!id || name === undefined || !role || !hash || createdAt === undefined) return [];
  return [{ id, name, role, hash, createdAt, expiresAt: expiresAt ?? null, revokedAt: revokedAt ?? null }];
}
