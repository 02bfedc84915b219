import { dataAt } from '../http/address.js';
import type { List, PolicyEvent, PolicyState } from '../http/answers.js';
import { read } from '../http/ask.js';
import { checkableAnswer } from '../http/audit/checkable.js';
import { readFirstKnown } from '../http/events/first-known.js';
import { readNewest } from '../http/events/newest-events.js';
import type { HistoryRow } from '../graphics/lanes/history-segments.js';
import { PolicyView } from '../views/policy.js';
import { definePage } from './page.js';

/** What the page carries. */
export interface PolicyData {
  readonly policy: PolicyState;
  readonly newest: readonly PolicyEvent[];
  readonly history: readonly HistoryRow[];
  /** When something was known first; looked up only where nothing is known. */
  readonly firstKnown?: string | undefined;
}

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
      readNewest(ask, address, path.split('/')[2] ?? ''),
      read<List<HistoryRow>>(
        ask,
        dataAt(address, `${path}/history`, { field: 'status', limit: ALL, uncertain: 'true' }),
      ),
    ]);
    if (!state.ok) return state;
    const { title, coordinate, permalink, meta } = state.body;
    const firstKnown = state.body.eventCount === 0 ? await readFirstKnown(ask, address, state.body.policy) : undefined;
    const data = { policy: state.body, newest, history: history.ok ? history.body.items : [], firstKnown };
    return { ok: true, body: { title, coordinate, permalink, lagMs: meta.lagMs, data } };
  },
  view: (data, frame) => <PolicyView {...data} frame={frame} />,
  check: ({ policy }) => ({ answer: checkableAnswer(policy) }),
});
