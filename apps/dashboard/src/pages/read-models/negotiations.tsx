import type { Coordinate, List, PolicyEvent } from '../../http/answers.js';
import { type Ask, read } from '../../http/ask.js';
import type { NegotiationRow } from '../../http/model-answers.js';
import { dataPinned, readList } from '../../http/model-questions.js';
import { Negotiations, type NegotiationsData, type StageBefore } from '../../views/read-models/negotiations.js';
import { definePage } from '../page.js';
import { presentList } from './list-page.js';

/** Which talks are at which stage. */
export const negotiationsPage = definePage<NegotiationsData>({
  name: 'negotiations',
  path: /^\/negotiations$/,
  load: async (address, ask) => {
    const list = await readList<NegotiationRow>(ask, address, {
      path: '/negotiations',
      filters: ['policy', 'counterparty'],
    });
    if (!list.ok) return list;
    const { items, coordinate } = list.body;
    const objections =
      items.length === 0 ? [] : await readObjections(ask, coordinate, address.parameters.get('policy'));
    const before = await Promise.all(items.map((row) => readStageBefore(ask, coordinate, row)));
    const cards = items.map((row, index) => ({
      row,
      before: before[index] ?? null,
      objections: objections.filter((event) => concerns(event, row)),
    }));
    return { ok: true, body: presentList('Negotiations', list.body, { list: { ...list.body, items: [] }, cards }) };
  },
  view: (data, frame) => <Negotiations {...data} frame={frame} />,
});

const OBJECTIONS_LIMIT = '1000';

async function readObjections(
  ask: Ask,
  coordinate: Coordinate,
  policy: string | undefined,
): Promise<readonly PolicyEvent[]> {
  const question = dataPinned(coordinate, '/events', { type: 'objection.raised', limit: OBJECTIONS_LIMIT, policy });
  const events = await read<List<PolicyEvent>>(ask, question);
  return events.ok ? events.body.items : [];
}

/** True of an objection about the policy by the counterparty, or to it. */
function concerns({ policy, actors = [], counterparties = [] }: PolicyEvent, row: NegotiationRow): boolean {
  return policy === row.policy && [...actors, ...counterparties].some(({ name }) => name === row.counterparty);
}

/** A value of a field with the box in which it held. */
interface Box {
  readonly value: unknown;
  readonly event: string;
  readonly recorded: { readonly from: number; readonly to: number | null };
  readonly known: { readonly from: string | null; readonly to: string | null };
  readonly valid: { readonly from: string | null; readonly to: string | null };
}

/** The stage that ended when the stage of today began, as far as was known at the coordinate. */
async function readStageBefore(ask: Ask, coordinate: Coordinate, row: NegotiationRow): Promise<StageBefore | null> {
  if (row.since === null) return null;
  const field = `negotiations.${row.counterparty}.stage`;
  const path = `/policies/${row.policy}/history`;
  const history = await read<List<Box>>(ask, dataPinned(coordinate, path, { field }));
  if (!history.ok) return null;
  const before = history.body.items.find((box) => isSeenFrom(box, coordinate) && box.valid.to === row.since);
  return before === undefined ? null : { stage: String(before.value), event: before.event };
}

const isSeenFrom = ({ recorded, known }: Box, { recordedAt: { position }, knownAt }: Coordinate): boolean =>
  recorded.from <= position &&
  (recorded.to === null || position < recorded.to) &&
  (known.from === null || Date.parse(known.from) <= Date.parse(knownAt)) &&
  (known.to === null || Date.parse(knownAt) < Date.parse(known.to));
