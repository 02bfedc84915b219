import { withoutIn } from '../../http/analysis/left-out.js';
import type { TurnRow } from '../../http/analysis/analysis-answers.js';
import type { List } from '../../http/answers.js';
import { readList } from '../../http/model-questions.js';
import { Turns } from '../../views/analysis/turns.js';
import { definePage } from '../page.js';
import { presentList } from '../read-models/list-page.js';

/** Who changed position, and which policies were reversed. */
export const turnsPage = definePage<List<TurnRow>>({
  name: 'turns',
  path: /^\/turns$/,
  load: async (address, ask) => {
    const list = await readList<TurnRow>(ask, address, {
      path: '/turns',
      filters: ['policy', 'actor', 'kind'],
      always: { without: withoutIn(address) },
    });
    return list.ok ? { ok: true, body: presentList('Turns', list.body, list.body) } : list;
  },
  view: (list, frame) => <Turns list={list} frame={frame} />,
});
