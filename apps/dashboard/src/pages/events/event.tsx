import { type Address, dataAt } from '../../http/address.js';
import type { Resting } from '../../http/analysis/analysis-answers.js';
import { type Ask, read } from '../../http/ask.js';
import type { FullEvent } from '../../http/events/event-answers.js';
import { type Titles, readTitles } from '../../http/titles.js';
import type { RestedOn } from '../../views/analysis/rests-on-event.js';
import { EventInFull } from '../../views/events/event-in-full.js';
import { textOrErased } from '../../views/parts/references.js';
import { definePage } from '../page.js';

interface EventData {
  readonly event: FullEvent;
  readonly titles: Titles;
  /** Absent where it cannot be read. */
  readonly rests?: RestedOn | undefined;
}

/** So many of the events that rest on it are shown; the page of its impact has all. */
const RESTING_SHOWN = 8;

async function readResting(ask: Ask, address: Address, event: string): Promise<RestedOn | undefined> {
  const resting = await read<Resting>(ask, dataAt(address, '/impact', { event, parts: 'rests' }));
  if (!resting.ok) return undefined;
  const others = resting.body.rests.filter(({ depth }) => depth > 0);
  return { nearest: others.slice(0, RESTING_SHOWN), count: others.length };
}

const keyIn = ({ path }: Address): string => path.slice(path.lastIndexOf('/') + 1);

/** One event in full. */
export const eventPage = definePage<EventData>({
  name: 'event',
  path: /^\/events\/[^/]+$/,
  load: async (address, ask) => {
    const [event, titles, rests] = await Promise.all([
      read<FullEvent>(ask, dataAt(address, address.path)),
      readTitles(ask, address),
      readResting(ask, address, keyIn(address)),
    ]);
    if (!event.ok) return event;
    const { summary, coordinate, permalink, meta, policy, alsoPolicies = [] } = event.body;
    const about = Object.entries(titles).filter(([slug]) => [policy, ...alsoPolicies].includes(slug));
    const data = { event: event.body, titles: Object.fromEntries(about), rests };
    return { ok: true, body: { title: textOrErased(summary), coordinate, permalink, lagMs: meta.lagMs, data } };
  },
  view: (data, frame) => <EventInFull {...data} frame={frame} />,
  check: ({ event }) => ({ event: { key: event.key, shown: event } }),
});
