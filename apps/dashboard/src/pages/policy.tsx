import { type Address, dataAt } from '../http/address.js';
import type { PromiseRow } from '../http/analysis/analysis-answers.js';
import { withoutIn } from '../http/analysis/left-out.js';
import type { List, PolicyEvent, PolicyState } from '../http/answers.js';
import { type Ask, read } from '../http/ask.js';
import { checkableAnswer } from '../http/audit/checkable.js';
import { readFirstKnown } from '../http/events/first-known.js';
import { readHidden } from '../http/events/hidden-events.js';
import { readNewest } from '../http/events/newest-events.js';
import type { HistoryRow } from '../graphics/lanes/history-segments.js';
import { PolicyView } from '../views/policy.js';
import { definePage } from './page.js';

/** What the page carries. */
export interface PolicyData {
  readonly policy: PolicyState;
  readonly newest: readonly PolicyEvent[];
  readonly history: readonly HistoryRow[];
  /** Its first promises, and whether there are more. */
  readonly promises: readonly PromiseRow[];
  readonly hasMorePromises: boolean;
  /** When something was known first; looked up only where nothing is known. */
  readonly firstKnown?: string | undefined;
}

// As many as the interface gives at once; the lane of a status that changed more often lacks its oldest accounts.
const ALL = '1000';
const PROMISES = '20';

type Recorded = Pick<PolicyData, 'newest' | 'history'>;

/** What the interface tells of the record alone: a page that leaves events out goes without. */
const NOTHING_RECORDED: Recorded = { newest: [], history: [] };

async function readRecorded(ask: Ask, address: Address, slug: string): Promise<Recorded> {
  const question = { field: 'status', limit: ALL, uncertain: 'true' };
  const [newest, history] = await Promise.all([
    readNewest(ask, address, slug),
    read<List<HistoryRow>>(ask, dataAt(address, `/policies/${slug}/history`, question)),
  ]);
  return { newest, history: history.ok ? history.body.items : [] };
}

/** The page of one policy. */
export const policyPage = definePage<PolicyData>({
  name: 'policy',
  path: /^\/policies\/(?<slug>[^/]+)$/,
  load: async (address, ask) => {
    const { path } = address;
    const slug = path.split('/')[2] ?? '';
    const without = withoutIn(address);
    const [state, promises, recorded, hidden] = await Promise.all([
      read<PolicyState>(ask, dataAt(address, path, { explain: 'true', without })),
      read<List<PromiseRow>>(ask, dataAt(address, '/promises', { policy: slug, limit: PROMISES, without })),
      without === undefined ? readRecorded(ask, address, slug) : NOTHING_RECORDED,
      without === undefined ? readHidden(ask, address, slug) : undefined,
    ]);
    if (!state.ok) return state;
    const { title, coordinate, permalink, meta, hypothetical } = state.body;
    const firstKnown = state.body.eventCount === 0 ? await readFirstKnown(ask, address, state.body.policy) : undefined;
    const promised = promises.ok
      ? { promises: promises.body.items, hasMorePromises: Boolean(promises.body.next) }
      : { promises: [], hasMorePromises: false };
    const data = { policy: state.body, ...recorded, ...promised, firstKnown };
    const marked = hypothetical ? { isHypothetical: hypothetical } : {};
    return { ok: true, body: { title, coordinate, permalink, lagMs: meta.lagMs, hidden, ...marked, data } };
  },
  view: (data, frame) => <PolicyView {...data} frame={frame} />,
  check: ({ policy }) => ({ answer: checkableAnswer(policy) }),
});
