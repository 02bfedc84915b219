import type { List } from '../../http/answers.js';
import type { FigureRow } from '../../http/model-answers.js';
import { readList } from '../../http/model-questions.js';
import { Figures } from '../../views/read-models/figures.js';
import { definePage } from '../page.js';
import { presentList } from './list-page.js';

// As many as the interface gives: a measure whose claims stand on two pages cannot be seen whole.
const FIGURES = '1000';

/** Figures, one row a claim. */
export const figuresPage = definePage<List<FigureRow>>({
  name: 'figures',
  path: /^\/figures$/,
  load: async (address, ask) => {
    const list = await readList<FigureRow>(ask, address, {
      path: '/figures',
      filters: ['policy', 'measure'],
      always: { limit: FIGURES },
    });
    return list.ok ? { ok: true, body: presentList('Figures', list.body, list.body) } : list;
  },
  view: (list, frame) => <Figures list={list} frame={frame} />,
});
