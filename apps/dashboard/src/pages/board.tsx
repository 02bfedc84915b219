import { type Address, type Changes, dataAt } from '../http/address.js';
import type { HistoryRow } from '../graphics/lanes/history-segments.js';
import type { List, PolicyState } from '../http/answers.js';
import { type Ask, read } from '../http/ask.js';
import { PROMISED_COLUMNS, type PromisedRow } from '../http/analysis/promised.js';
import { readHidden } from '../http/events/hidden-events.js';
import { readFirstKnown } from '../http/events/first-known.js';
import { type BoardRow, boardRowOf } from '../http/board-rows.js';
import { type WholeList, readWholeList } from '../http/whole-list.js';
import { Board } from '../views/board.js';
import { definePage } from './page.js';

/** What the page carries. */
export interface BoardData {
  readonly rows: readonly BoardRow[];
  readonly next: string | null;
  readonly validAt: string;
  /** The policies have more statuses than are drawn. */
  readonly isCut?: true;
  /** The policies have more promises than are counted: then none are. */
  readonly hasUncounted?: true;
  /** Set where nothing is known of any policy: when that is, and when something was known first. */
  readonly nothingAt?: { readonly knownAt: string; readonly firstKnown: string | undefined } | undefined;
}

// As many as the interface gives at once.
const ROWS_AT_ONCE = '1000';

/** A list about the policies that are shown. */
interface AskedList {
  readonly address: Address;
  readonly path: string;
  readonly question: Changes;
}

const readAbout = <Row,>(
  ask: Ask,
  policies: readonly PolicyState[],
  { address, path, question }: AskedList,
): Promise<WholeList<Row>> =>
  policies.length === 0
    ? Promise.resolve({ items: [], isCut: false })
    : readWholeList(
        ask,
        dataAt(address, path, {
          ...question,
          limit: ROWS_AT_ONCE,
          policy: policies.map(({ policy }) => policy).join(','),
        }),
      );

/** The accounts of the statuses, at any valid time. */
const STATUSES: Changes = { validAt: undefined, field: 'status', slice: 'knownAt' };

/** What became of plans and targets; forecasts are no promises. */
const PROMISED: Changes = { kind: 'plan,target', columns: PROMISED_COLUMNS };

const cutsIn = (
  statuses: WholeList<HistoryRow>,
  promises: WholeList<PromisedRow>,
): Pick<BoardData, 'isCut' | 'hasUncounted'> => ({
  ...(statuses.isCut ? { isCut: true } : {}),
  ...(promises.isCut ? { hasUncounted: true } : {}),
});

/** The first page: all policies. */
export const boardPage = definePage<BoardData>({
  name: 'board',
  path: /^\/(?:policies)?$/,
  load: async (address, ask) => {
    const { parameters } = address;
    const list = await read<List<PolicyState>>(
      ask,
      dataAt(address, '/policies', {
        explain: 'true',
        cursor: parameters.get('cursor'),
        status: parameters.get('status'),
        jurisdiction: parameters.get('jurisdiction'),
        q: parameters.get('q'),
      }),
    );
    if (!list.ok) return list;
    const { coordinate, permalink, meta, items, next = null } = list.body;
    const [statuses, promises, hidden] = await Promise.all([
      readAbout<HistoryRow>(ask, items, { address, path: '/history', question: STATUSES }),
      readAbout<PromisedRow>(ask, items, { address, path: '/promises', question: PROMISED }),
      readHidden(ask, address),
    ]);
    const isEmpty = items.length > 0 && items.every(({ eventCount }) => eventCount === 0);
    const { knownAt } = coordinate;
    const nothingAt = isEmpty ? { knownAt, firstKnown: await readFirstKnown(ask, address) } : undefined;
    const shown = { history: statuses.items, promised: promises.isCut ? [] : promises.items };
    const rows = items.map((policy) => boardRowOf(policy, shown));
    const data = { rows, next, validAt: coordinate.validAt, nothingAt, ...cutsIn(statuses, promises) };
    return { ok: true, body: { title: 'Policies', coordinate, permalink, lagMs: meta.lagMs, hidden, data } };
  },
  view: (data, frame) => <Board {...data} frame={frame} />,
});
