import type { EventsData } from '../../http/events/event-questions.js';
import { eventsAhead, readEventPage } from '../../http/events/event-questions.js';
import { readHidden } from '../../http/events/hidden-events.js';
import { EventResults } from '../../views/events/event-results.js';
import { LanesOfList } from '../../views/lanes/lanes-of-list.js';
import { definePage } from '../page.js';
import { presentList } from '../read-models/list-page.js';

const FILTERS = ['q', 'actor', 'affiliated', 'type', 'scope', 'order', 'records', 'retracted'];

/** What happened in one policy. */
export const timelinePage = definePage<EventsData>({
  name: 'timeline',
  path: /^\/policies\/[^/]+\/timeline$/,
  load: async (address, ask) => {
    const slug = policyOf(address.path);
    const [found, hidden] = await Promise.all([
      readEventPage(ask, address, { path: address.path, policy: slug, filters: FILTERS }),
      readHidden(ask, address, slug),
    ]);
    if (!found.ok) return found;
    const title = `Timeline: ${found.body.titles[slug] ?? slug}`;
    return { ok: true, body: { ...presentList(title, found.body.list, found.body), hidden } };
  },
  ahead: (data, address) => eventsAhead(data, address, { policy: policyOf(address.path), filters: FILTERS }),
  view: (data, frame) => (
    <>
      <p>
        <a href={frame.link(frame.address.path.replace(/\/timeline$/, ''))}>The policy</a>
      </p>
      <EventResults {...data} frame={frame} filters={FILTERS}>
        <LanesOfList data={data} question={{ policy: policyOf(frame.address.path), filters: FILTERS }} frame={frame} />
      </EventResults>
    </>
  ),
});

const policyOf = (path: string): string => path.split('/')[2] ?? '';
