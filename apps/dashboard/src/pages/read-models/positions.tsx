import { withoutIn } from '../../http/analysis/left-out.js';
import type { PositionRow } from '../../http/model-answers.js';
import { readEvents, readList } from '../../http/model-questions.js';
import { Positions, type PositionsData } from '../../views/read-models/positions.js';
import { definePage } from '../page.js';
import { presentList } from './list-page.js';

/** Who stood where. */
export const positionsPage = definePage<PositionsData>({
  name: 'positions',
  path: /^\/positions$/,
  load: async (address, ask) => {
    const list = await readList<PositionRow>(ask, address, {
      path: '/positions',
      filters: ['policy', 'actor'],
      always: { all: 'true', without: withoutIn(address) },
    });
    if (!list.ok) return list;
    const events = await readEvents(
      ask,
      list.body.coordinate,
      list.body.items.map(({ event }) => event),
    );
    return { ok: true, body: presentList('Positions', list.body, { list: list.body, events }) };
  },
  view: (data, frame) => <Positions {...data} frame={frame} />,
});
