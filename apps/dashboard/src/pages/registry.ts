import { boardPage } from './board.js';
import { diffPage } from './compare/diff.js';
import { historyPage } from './compare/history.js';
import { eventPage } from './events/event.js';
import { eventsPage } from './events/events.js';
import { timelinePage } from './events/timeline.js';
import { policyPage } from './policy.js';
import { helpTimesPage } from './help/help-times.js';
import { helpKeysPage } from './help/help-keys.js';
import type { Page } from './page.js';
import { impactPage } from './analysis/impact.js';
import { promisesPage } from './analysis/promises.js';
import { turnsPage } from './analysis/turns.js';
import { negotiationsPage } from './read-models/negotiations.js';
import { figuresPage } from './read-models/figures.js';
import { claimsPage } from './read-models/claims.js';
import { sourcesPage } from './read-models/sources.js';
import { actorsPage } from './read-models/actors.js';
import { anomaliesPage } from './read-models/anomalies.js';
import { recordPage } from './record.js';
import { positionsPage } from './read-models/positions.js';
import { auditPage } from './trust/audit.js';
import { livePage } from './trust/live.js';

/** All pages. To add one: its file here and in `src/client/pages`, and a line below. */
export const pages: readonly Page[] = [
  boardPage,
  policyPage,
  timelinePage,
  eventsPage,
  eventPage,
  diffPage,
  historyPage,
  recordPage,
  positionsPage,
  negotiationsPage,
  figuresPage,
  claimsPage,
  sourcesPage,
  actorsPage,
  anomaliesPage,
  promisesPage,
  turnsPage,
  impactPage,
  auditPage,
  livePage,
  helpTimesPage,
  helpKeysPage,
];

/** The page that answers a path. */
export const pageAt = (path: string): Page | undefined => pages.find((page) => page.path.test(path));
