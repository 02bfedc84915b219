import type { Pool, PoolClient } from 'pg';
import { ADVISORY_LOCKS, Listener } from '#postgres';
import { READ_CHANNEL } from './stored-partitions.js';

/**
 * A process that was not seen for so long owns nothing any more, even if its connection is open: it may be paused. One that
 * was seen so long after now was seen before the database's clock was set back, and has not been seen since.
 */
const UNSEEN_LIMIT_MS = 5_000;

/**
 * Shows other processes that this one is alive, and hears what they announce.
 *
 * A lock on a connection of its own ends with the process, so its death is seen at once; a heartbeat shows that it
 * does not merely exist. Both only save work: what a process may write is decided by {@link advancePartitions}.
 */
export class Membership {
  #member: number | undefined;
  readonly #listener: Listener;

  constructor(pool: Pool, heard: (member: number) => void) {
    this.#listener = new Listener({
      pool,
      channel: READ_CHANNEL,
      onNotification: (payload) => heard(Number(payload)),
    });
  }

  /** The number of this process; undefined before it joins. */
  get member(): number | undefined {
    return this.#member;
  }

  /** Connects where there is no connection; with `joins`, as a process that partitions are spread over. */
  async connect({ joins }: { readonly joins: boolean }): Promise<void> {
    await this.#listener.connect(joins ? (client) => this.#lockMember(client) : undefined);
  }

  /** Shows that this process is alive; answers which are, by number. */
  async heartbeat(name: string, client: PoolClient): Promise<readonly number[]> {
    await client.query({ name: 'heartbeat', text: HEARTBEAT, values: [this.#member, name] });
    await client.query({
      name: 'remove-dead-members',
      text: REMOVE_DEAD,
      values: [ADVISORY_LOCKS.readMember, UNSEEN_LIMIT_MS, this.#member],
    });
    const { rows } = await client.query<{ member: number }>({
      name: 'living-members',
      text: 'SELECT member FROM read.members ORDER BY member',
    });
    return rows.map(({ member }) => member);
  }

  close(): void {
    this.#listener.close();
  }

  async #lockMember(client: PoolClient): Promise<void> {
    if (this.#member === undefined) {
      const { rows } = await client.query<{ member: number }>(
        "SELECT nextval('read.member_numbers')::integer AS member",
      );
      this.#member = rows[0]?.member ?? 0;
    }
    await client.query('SELECT pg_try_advisory_lock($1, $2)', [ADVISORY_LOCKS.readMember, this.#member]);
  }
}

const HEARTBEAT = `INSERT INTO read.members (member, name, seen_at) VALUES ($1, $2, clock_timestamp())
  ON CONFLICT (member) DO UPDATE SET seen_at = clock_timestamp()`;

const REMOVE_DEAD = `DELETE FROM read.members m WHERE m.member <> $3 AND (abs(extract(epoch FROM clock_timestamp() - m.seen_at)) * 1000 > $2
  OR NOT EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.classid::bigint = $1 AND l.objid::bigint = m.member AND l.objsubid = 2
    AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())))`;
