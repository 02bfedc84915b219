import type { EventsData } from '../../http/events/event-questions.js';
import { eventsAhead, readEventPage } from '../../http/events/event-questions.js';
import { readHidden } from '../../http/events/hidden-events.js';
import { EventResults } from '../../views/events/event-results.js';
import { LanesOfList } from '../../views/lanes/lanes-of-list.js';
import { definePage } from '../page.js';
import { presentList } from '../read-models/list-page.js';

const FILTERS = ['q', 'actor', 'affiliated', 'type', 'policy', 'order', 'records', 'retracted'];

/** What happened, in all policies, and the search. */
export const eventsPage = definePage<EventsData>({
  name: 'events',
  path: /^\/events$/,
  load: async (address, ask) => {
    const [found, hidden] = await Promise.all([
      readEventPage(ask, address, { path: '/events', policy: undefined, filters: FILTERS }),
      readHidden(ask, address),
    ]);
    if (!found.ok) return found;
    return { ok: true, body: { ...presentList('Timeline', found.body.list, found.body), hidden } };
  },
  ahead: (data, address) => eventsAhead(data, address, { policy: undefined, filters: FILTERS }),
  view: (data, frame) => (
    <EventResults {...data} frame={frame} filters={FILTERS}>
      <LanesOfList data={data} question={{ policy: undefined, filters: FILTERS }} frame={frame} />
    </EventResults>
  ),
});
