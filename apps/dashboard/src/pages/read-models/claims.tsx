import type { ClaimRow } from '../../http/model-answers.js';
import { readEvents, readList } from '../../http/model-questions.js';
import { Claims, type ClaimsData } from '../../views/read-models/claims.js';
import { definePage } from '../page.js';
import { presentList } from './list-page.js';

/** Claims, and what bears on them. */
export const claimsPage = definePage<ClaimsData>({
  name: 'claims',
  path: /^\/claims$/,
  load: async (address, ask) => {
    const list = await readList<ClaimRow>(ask, address, { path: '/claims', filters: ['policy', 'by', 'standing'] });
    if (!list.ok) return list;
    const { items, coordinate } = list.body;
    const events = await readEvents(
      ask,
      coordinate,
      items.flatMap(({ because }) => because),
    );
    return { ok: true, body: presentList('Claims', list.body, { list: list.body, events }) };
  },
  view: (data, frame) => <Claims {...data} frame={frame} />,
});
