import { dataAt } from '../http/address.js';
import type { List, PolicyEvent, PolicyState } from '../http/answers.js';
import { read } from '../http/ask.js';
import type { HistoryRow } from '../graphics/lanes/history-segments.js';
import { PolicyView } from '../views/policy.js';
import { definePage } from './page.js';

interface PolicyData {
  readonly policy: PolicyState;
  readonly newest: readonly PolicyEvent[];
  readonly history: readonly HistoryRow[];
}

const NEWEST = '5';

// As many as the interface gives at once; the lane of a status that changed more often lacks its oldest accounts.
const ALL = '1000';

/** The page of one policy. */
export const policyPage = definePage<PolicyData>({
  name: 'policy',
  path: /^\/policies\/(?<slug>[^/]+)$/,
  load: async (address, ask) => {
    const { path } = address;
    const [state, newest, history] = await Promise.all([
      read<PolicyState>(ask, dataAt(address, path, { explain: 'true' })),
      read<List<PolicyEvent>>(ask, dataAt(address, `${path}/timeline`, { order: 'published', limit: NEWEST })),
      read<List<HistoryRow>>(ask, dataAt(address, `${path}/history`, { field: 'status', limit: ALL })),
    ]);
    if (!state.ok) return state;
    if (!newest.ok) return newest;
    const { title, coordinate, permalink, meta } = state.body;
    const data = { policy: state.body, newest: newest.body.items, history: history.ok ? history.body.items : [] };
    return { ok: true, body: { title, coordinate, permalink, lagMs: meta.lagMs, data } };
  },
  view: ({ policy, newest, history }, frame) => (
    <PolicyView policy={policy} newest={newest} history={history} frame={frame} />
  ),
});
