import { dataAt } from '../../http/address.js';
import { withoutIn } from '../../http/analysis/left-out.js';
import type { PromiseRow, PromiseSummary } from '../../http/analysis/analysis-answers.js';
import { read } from '../../http/ask.js';
import { readList } from '../../http/model-questions.js';
import { PROMISE_FILTERS, Promises, type PromisesData } from '../../views/analysis/promises.js';
import { definePage } from '../page.js';
import { presentList } from '../read-models/list-page.js';

/** What was promised for when, and what became of it. */
export const promisesPage = definePage<PromisesData>({
  name: 'promises',
  path: /^\/promises$/,
  load: async (address, ask) => {
    const without = withoutIn(address);
    const chosen = Object.fromEntries(PROMISE_FILTERS.map((name) => [name, address.parameters.get(name)]));
    const [list, counted] = await Promise.all([
      readList<PromiseRow>(ask, address, { path: '/promises', filters: PROMISE_FILTERS, always: { without } }),
      read<PromiseSummary>(ask, dataAt(address, '/promises/summary', { ...chosen, without })),
    ]);
    if (!list.ok) return list;
    const summary = counted.ok ? { all: counted.body.all, owners: counted.body.owners } : undefined;
    return { ok: true, body: presentList('Promises', list.body, { list: list.body, summary }) };
  },
  view: (data, frame) => <Promises {...data} frame={frame} />,
});
