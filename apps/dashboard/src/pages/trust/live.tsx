import { dataAt } from '../../http/address.js';
import type { Coordinate, List } from '../../http/answers.js';
import { type Ask, type Read, read } from '../../http/ask.js';
import { readEvents } from '../../http/model-questions.js';
import { Live, type LiveData } from '../../views/live/live.js';
import { definePage } from '../page.js';
import { presentList } from '../read-models/list-page.js';

/** So many positions back from the end of the log are looked at. */
const POSITIONS = 30;

/** The end of the log. */
export const livePage = definePage<LiveData>({
  name: 'live',
  path: /^\/live$/,
  load: async (address, ask) => {
    const policy = address.parameters.get('policy');
    const list = await read<List<unknown>>(ask, dataAt(address, '/events', { policy, limit: '1' }));
    if (!list.ok) return list;
    const { coordinate } = list.body;
    const before = Math.max(0, coordinate.recordedAt.position - POSITIONS);
    const added = await readAdded(ask, { coordinate, before, policy });
    if (!added.ok) return added;
    const events = Object.values(await readEvents(ask, coordinate, added.body))
      .filter(({ position }) => position > before)
      .sort((one, other) => other.position - one.position);
    const at = { coordinate, permalink: list.body.permalink, meta: list.body.meta };
    const loaded = presentList('Live', list.body, { at, from: before + 1, events });
    return { ok: true, body: loaded };
  },
  view: (data, frame) => <Live data={data} frame={frame} />,
});

interface Span {
  readonly coordinate: Coordinate;
  readonly before: number;
  readonly policy: string | undefined;
}

/** The keys of the events that came into force after a position: the difference that recording made, at one known time. */
async function readAdded(ask: Ask, { coordinate, before, policy }: Span): Promise<Read<readonly string[]>> {
  const { recordedAt, knownAt, validAt } = coordinate;
  const sides = [
    ['from', before],
    ['to', recordedAt.position],
  ] as const;
  const query = sides.map(
    ([side, position]) => `${side}.recordedAt=@${position}&${side}.knownAt=${knownAt}&${side}.validAt=${validAt}`,
  );
  const path = policy === undefined ? '/v1/diff' : `/v1/policies/${policy}/diff`;
  const difference = await read<{ readonly added: readonly string[] }>(ask, `${path}?${query.join('&')}`);
  return difference.ok ? { ok: true, body: difference.body.added } : difference;
}
