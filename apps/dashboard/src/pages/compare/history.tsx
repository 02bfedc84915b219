import { dataAt } from '../../http/address.js';
import type { List, PolicyState } from '../../http/answers.js';
import { read } from '../../http/ask.js';
import type { HistoryRow } from '../../graphics/lanes/history-segments.js';
import type { HistoryBox } from '../../http/history-answers.js';
import { HistoryView } from '../../views/compare/history.js';
import { flatten } from '../../views/state-fields.js';
import { definePage } from '../page.js';
import { presentList } from '../read-models/list-page.js';

/** What the page carries. */
export interface HistoryData {
  readonly list: List<HistoryBox>;
  /** All accounts of the field, with what was only thought possible; the list may show a part of them. */
  readonly whole: readonly HistoryRow[];
  readonly fields: readonly string[];
  readonly slug: string;
}

/** So many boxes of a field are read for one page, so that what was thought of a day is whole. */
const BOXES_LIMIT = '500';

const WHOLE = { uncertain: 'true', slice: 'none', limit: '1000' };

/** What we thought of one policy, and when. */
export const historyPage = definePage<HistoryData>({
  name: 'history',
  path: /^\/policies\/[^/]+\/history$/,
  load: async (address, ask) => {
    const { path, parameters } = address;
    const field = parameters.get('field');
    const policyPath = path.replace(/\/history$/, '');
    const [state, list, whole] = await Promise.all([
      read<PolicyState>(ask, dataAt(address, policyPath)),
      read<List<HistoryBox>>(
        ask,
        dataAt(address, path, { field, cursor: parameters.get('cursor'), limit: field && BOXES_LIMIT }),
      ),
      field === undefined
        ? undefined
        : read<List<HistoryRow>>(
            ask,
            dataAt(address, path, { ...WHOLE, knownAt: undefined, validAt: undefined, field }),
          ),
    ]);
    if (!state.ok) return state;
    if (!list.ok) return list;
    const fields = flatten(state.body.state).map((each) => each.field);
    const data = {
      list: list.body,
      whole: whole?.ok ? whole.body.items : list.body.items,
      fields,
      slug: state.body.policy,
    };
    return { ok: true, body: presentList(`What we thought: ${state.body.title}`, list.body, data) };
  },
  view: (data, frame) => <HistoryView {...data} frame={frame} />,
});
