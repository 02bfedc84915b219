import type { Pool } from 'pg';
import { position } from '#domain';
import type { Descriptions } from '../core/descriptions.js';
import type { ChangeSubscriber } from '../runner/change-feed.js';

/** Keeps the names of policies level with what is committed. */
export const descriptionsSubscriber =
  (descriptions: Descriptions, pool: Pool): ChangeSubscriber =>
  async (change) => {
    if (change.kind === 'advanced') return descriptions.apply(change.changes);
    if (change.kind === 'replaced') return descriptions.load(pool);
    const [first] = change.entries;
    if (first) await descriptions.loadAfter(pool, position(first.position - 1));
  };
