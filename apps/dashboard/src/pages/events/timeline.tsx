import type { EventsData } from '../../http/events/event-questions.js';
import { readEventPage } from '../../http/events/event-questions.js';
import { EventResults } from '../../views/events/event-results.js';
import { EventLane } from '../../views/lanes/event-lane.js';
import { definePage } from '../page.js';
import { presentList } from '../read-models/list-page.js';

const FILTERS = ['q', 'actor', 'affiliated', 'type', 'scope', 'order', 'records', 'retracted'];

/** What happened in one policy. */
export const timelinePage = definePage<EventsData>({
  name: 'timeline',
  path: /^\/policies\/[^/]+\/timeline$/,
  load: async (address, ask) => {
    const found = await readEventPage(ask, address, { path: address.path, filters: FILTERS });
    if (!found.ok) return found;
    const slug = address.path.split('/')[2] ?? '';
    const title = `Timeline: ${found.body.titles[slug] ?? slug}`;
    return { ok: true, body: presentList(title, found.body.list, found.body) };
  },
  view: (data, frame) => (
    <>
      <p>
        <a href={frame.link(frame.address.path.replace(/\/timeline$/, ''))}>The policy</a>
      </p>
      <EventLane events={data.list.items} about={data.list.coordinate.validAt} frame={frame} />
      <EventResults {...data} frame={frame} filters={FILTERS} />
    </>
  ),
});
