import type { List } from '../../http/answers.js';
import type { AnomalyRow } from '../../http/model-answers.js';
import { readList } from '../../http/model-questions.js';
import { Anomalies } from '../../views/read-models/anomalies.js';
import { definePage } from '../page.js';
import { presentList } from './list-page.js';

/** What was accepted and is worth a look. */
export const anomaliesPage = definePage<List<AnomalyRow>>({
  name: 'anomalies',
  path: /^\/anomalies$/,
  load: async (address, ask) => {
    const list = await readList<AnomalyRow>(ask, address, { path: '/anomalies', filters: ['policy', 'kind'] });
    return list.ok ? { ok: true, body: presentList('Anomalies', list.body, list.body) } : list;
  },
  view: (list, frame) => <Anomalies list={list} frame={frame} />,
});
