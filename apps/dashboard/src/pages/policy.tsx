import { dataAt } from '../http/address.js';
import type { List, PolicyEvent, PolicyState } from '../http/answers.js';
import { read } from '../http/ask.js';
import { PolicyView } from '../views/policy.js';
import { definePage } from './page.js';

interface PolicyData {
  readonly policy: PolicyState;
  readonly newest: readonly PolicyEvent[];
}

const NEWEST = '5';

/** The page of one policy. */
export const policyPage = definePage<PolicyData>({
  name: 'policy',
  path: /^\/policies\/(?<slug>[^/]+)$/,
  load: async (address, ask) => {
    const { path } = address;
    const [state, newest] = await Promise.all([
      read<PolicyState>(ask, dataAt(address, path, { explain: 'true' })),
      read<List<PolicyEvent>>(ask, dataAt(address, `${path}/timeline`, { order: 'published', limit: NEWEST })),
    ]);
    if (!state.ok) return state;
    if (!newest.ok) return newest;
    const { title, coordinate, permalink, meta } = state.body;
    const data = { policy: state.body, newest: newest.body.items };
    return { ok: true, body: { title, coordinate, permalink, lagMs: meta.lagMs, data } };
  },
  view: ({ policy, newest }, frame) => <PolicyView policy={policy} newest={newest} frame={frame} />,
});
