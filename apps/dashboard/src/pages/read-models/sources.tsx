import type { Coordinate, List, PolicyEvent } from '../../http/answers.js';
import { type Ask, read } from '../../http/ask.js';
import type { SourceRow } from '../../http/model-answers.js';
import { dataPinned, readList } from '../../http/model-questions.js';
import { findCitations } from '../../views/read-models/citations.js';
import { Sources, type SourcesData } from '../../views/read-models/sources.js';
import { definePage } from '../page.js';
import { presentList } from './list-page.js';

const SOURCES = '50';
const EVENTS = '1000';

/** Sources, and what rests on them. */
export const sourcesPage = definePage<SourcesData>({
  name: 'sources',
  path: /^\/sources$/,
  load: async (address, ask) => {
    const list = await readList<SourceRow>(ask, address, {
      path: '/sources',
      filters: ['policy', 'publisher', 'genre'],
      always: { limit: SOURCES },
    });
    if (!list.ok) return list;
    const { items, coordinate } = list.body;
    const events = new Map<string, readonly PolicyEvent[]>();
    for (const policy of new Set(items.map((row) => row.policy)))
      events.set(policy, await readEventsOf(ask, coordinate, policy));
    const sources = items.map((row) => ({ row, citations: findCitations(row, events.get(row.policy) ?? []) }));
    return { ok: true, body: presentList('Sources', list.body, { list: { ...list.body, items: [] }, sources }) };
  },
  view: (data, frame) => <Sources {...data} frame={frame} />,
});

/** The first events of a policy, which say where in a source they find what they tell; the page does without the others. */
async function readEventsOf(ask: Ask, coordinate: Coordinate, policy: string): Promise<readonly PolicyEvent[]> {
  const events = await read<List<PolicyEvent>>(
    ask,
    dataPinned(coordinate, `/policies/${policy}/timeline`, { limit: EVENTS }),
  );
  return events.ok ? events.body.items : [];
}
