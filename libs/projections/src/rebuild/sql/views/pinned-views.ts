import { eventActorsView, eventLinksView, eventSourcesView, eventsView, sourcesView } from './events.js';
import { figureClaimantsView, figureConflictsView, figuresView } from './figures.js';
import { actorsView, anomaliesView, claimsView, negotiationsView, positionsView } from './people.js';
import { promisesView } from './promises.js';
import { changesSincePins, factsView, historyView, identifiersView, policiesView, seriesView } from './states.js';
import { turnsView } from './turns.js';
import type { SqlView } from './view.js';

/** Every view that has a function of the same columns at given times. */
export const pinnedViews: readonly SqlView[] = [
  policiesView,
  identifiersView,
  factsView,
  historyView,
  seriesView,
  eventsView,
  eventActorsView,
  eventLinksView,
  eventSourcesView,
  figuresView,
  figureClaimantsView,
  figureConflictsView,
  positionsView,
  negotiationsView,
  claimsView,
  sourcesView,
  actorsView,
  anomaliesView,
  promisesView,
  turnsView,
];

/** Every view whose rows follow from the pins of the session. */
export const allViews: readonly SqlView[] = [...pinnedViews, changesSincePins];
