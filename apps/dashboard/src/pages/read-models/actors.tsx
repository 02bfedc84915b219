import type { List } from '../../http/answers.js';
import type { ActorRow } from '../../http/model-answers.js';
import { readList } from '../../http/model-questions.js';
import { Actors } from '../../views/read-models/actors.js';
import { definePage } from '../page.js';
import { presentList } from './list-page.js';

/** Actors and their roles. */
export const actorsPage = definePage<List<ActorRow>>({
  name: 'actors',
  path: /^\/actors$/,
  load: async (address, ask) => {
    const list = await readList<ActorRow>(ask, address, { path: '/actors', filters: ['policy', 'actor'] });
    return list.ok ? { ok: true, body: presentList('Actors', list.body, list.body) } : list;
  },
  view: (list, frame) => <Actors list={list} frame={frame} />,
});
