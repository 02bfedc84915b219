import type { Pool } from 'pg';
import { READER_ROLE } from './analytics.js';
import { ANALYTICS } from './views/view.js';

/** What readers by SQL find in the database. */
export interface AnalyticsStatus {
  /** 0 while a rebuild makes them anew. */
  readonly views: number;
  /** Whether the role exists that may read them. */
  readonly hasReader: boolean;
}

const STATUS = `SELECT
    (SELECT count(*)::integer FROM pg_views WHERE schemaname = $1) AS views,
    EXISTS (SELECT FROM pg_roles WHERE rolname = $2) AS "hasReader"`;

/** Counts the views for readers by SQL, and looks for their role. */
export async function readAnalyticsStatus(pool: Pool): Promise<AnalyticsStatus> {
  const { rows } = await pool.query<AnalyticsStatus>({
    name: 'analytics-status',
    text: STATUS,
    values: [ANALYTICS, READER_ROLE],
  });
  return rows[0] ?? { views: 0, hasReader: false };
}
