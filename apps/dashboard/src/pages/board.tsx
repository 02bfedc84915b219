import { dataAt } from '../http/address.js';
import type { List, PolicyState } from '../http/answers.js';
import { read } from '../http/ask.js';
import { Board } from '../views/board.js';
import { definePage } from './page.js';

/** The first page: all policies. */
export const boardPage = definePage<List<PolicyState>>({
  name: 'board',
  path: /^\/(?:policies)?$/,
  load: async (address, ask) => {
    const { parameters } = address;
    const list = await read<List<PolicyState>>(
      ask,
      dataAt(address, '/policies', {
        cursor: parameters.get('cursor'),
        status: parameters.get('status'),
        jurisdiction: parameters.get('jurisdiction'),
        q: parameters.get('q'),
      }),
    );
    if (!list.ok) return list;
    const { coordinate, permalink, meta } = list.body;
    return { ok: true, body: { title: 'Policies', coordinate, permalink, lagMs: meta.lagMs, data: list.body } };
  },
  view: (list, frame) => <Board list={list} frame={frame} />,
});
