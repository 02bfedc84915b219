import { dataAt } from '../http/address.js';
import type { HistoryRow } from '../graphics/lanes/history-segments.js';
import type { List, PolicyState } from '../http/answers.js';
import { read } from '../http/ask.js';
import { readFirstKnown } from '../http/events/first-known.js';
import { type BoardRow, boardRowOf } from '../http/board-rows.js';
import { Board } from '../views/board.js';
import { definePage } from './page.js';

/** What the page carries. */
export interface BoardData {
  readonly rows: readonly BoardRow[];
  readonly next: string | null;
  readonly validAt: string;
  /** Set where nothing is known of any policy: when that is, and when something was known first. */
  readonly nothingAt?: { readonly knownAt: string; readonly firstKnown: string | undefined } | undefined;
}

// As many as the interface gives at once: the lanes of policies beyond are empty.
const ALL = '1000';

/** The first page: all policies. */
export const boardPage = definePage<BoardData>({
  name: 'board',
  path: /^\/(?:policies)?$/,
  load: async (address, ask) => {
    const { parameters } = address;
    const [list, history] = await Promise.all([
      read<List<PolicyState>>(
        ask,
        dataAt(address, '/policies', {
          explain: 'true',
          cursor: parameters.get('cursor'),
          status: parameters.get('status'),
          jurisdiction: parameters.get('jurisdiction'),
          q: parameters.get('q'),
        }),
      ),
      read<List<HistoryRow>>(
        ask,
        dataAt(address, '/history', { validAt: undefined, field: 'status', slice: 'knownAt', limit: ALL }),
      ),
    ]);
    if (!list.ok) return list;
    const { coordinate, permalink, meta, items, next = null } = list.body;
    const statuses = history.ok ? history.body.items : [];
    const isEmpty = items.length > 0 && items.every(({ eventCount }) => eventCount === 0);
    const { knownAt } = coordinate;
    const nothingAt = isEmpty ? { knownAt, firstKnown: await readFirstKnown(ask, address) } : undefined;
    const rows = items.map((policy) => boardRowOf(policy, statuses));
    const data = { rows, next, validAt: coordinate.validAt, nothingAt };
    return { ok: true, body: { title: 'Policies', coordinate, permalink, lagMs: meta.lagMs, data } };
  },
  view: (data, frame) => <Board {...data} frame={frame} />,
});
