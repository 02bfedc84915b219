import { dataAt } from '../../http/address.js';
import { read } from '../../http/ask.js';
import type { FullEvent } from '../../http/events/event-answers.js';
import { type Titles, readTitles } from '../../http/titles.js';
import { EventInFull } from '../../views/events/event-in-full.js';
import { textOrErased } from '../../views/parts/references.js';
import { definePage } from '../page.js';

interface EventData {
  readonly event: FullEvent;
  readonly titles: Titles;
}

/** One event in full. */
export const eventPage = definePage<EventData>({
  name: 'event',
  path: /^\/events\/[^/]+$/,
  load: async (address, ask) => {
    const [event, titles] = await Promise.all([
      read<FullEvent>(ask, dataAt(address, address.path)),
      readTitles(ask, address),
    ]);
    if (!event.ok) return event;
    const { summary, coordinate, permalink, meta, policy, alsoPolicies = [] } = event.body;
    const about = Object.entries(titles).filter(([slug]) => [policy, ...alsoPolicies].includes(slug));
    const data = { event: event.body, titles: Object.fromEntries(about) };
    return { ok: true, body: { title: textOrErased(summary), coordinate, permalink, lagMs: meta.lagMs, data } };
  },
  view: (data, frame) => <EventInFull {...data} frame={frame} />,
  check: ({ event }) => ({ event: { key: event.key, shown: event } }),
});
