import { dataAt } from '../../http/address.js';
import type { Impact } from '../../http/analysis/analysis-answers.js';
import type { List } from '../../http/answers.js';
import { type Ask, read } from '../../http/ask.js';
import type { SourceRow } from '../../http/model-answers.js';
import { dataPinned } from '../../http/model-questions.js';
import { type Titles, readTitles } from '../../http/titles.js';
import { ImpactView, Question, type ImpactData } from '../../views/analysis/impact.js';
import { definePage } from '../page.js';

/** The things of which it can be asked what rests on them. */
const THINGS = ['event', 'source', 'actor', 'correction'] as const;

/** What rests on an event, a source or an actor. */
export const impactPage = definePage<ImpactData>({
  name: 'impact',
  path: /^\/impact$/,
  load: async (address, ask) => {
    const asked = Object.fromEntries([...THINGS, 'depth'].map((name) => [name, address.parameters.get(name)]));
    const given = THINGS.filter((name) => asked[name] !== undefined);
    if (given.length === 0)
      return { ok: true, body: { title: 'What rests on what', data: { impact: undefined, titles: {} } } };
    const impact = await read<Impact>(ask, dataAt(address, '/impact', asked));
    if (!impact.ok) return impact;
    const { of, coordinate, permalink, meta, changed } = impact.body;
    const [all, source] = await Promise.all([
      changed.length === 0 ? NO_TITLES : readTitles(ask, address),
      of.kind === 'source' ? readSource(ask, impact.body) : undefined,
    ]);
    const titles = Object.fromEntries(changed.map(({ policy }) => [policy, all[policy] ?? policy]));
    const title = `What rests on ${of.kind === 'source' ? (source?.title ?? 'a source') : of.id}`;
    const data = { impact: impact.body, titles, source };
    return { ok: true, body: { title, coordinate, permalink, lagMs: meta.lagMs, data } };
  },
  view: (data, frame) => <ImpactView {...data} frame={frame} />,
  mend: (frame) => <Question frame={frame} />,
});

const NO_TITLES: Titles = {};

const SOURCES = '1000';

/** The source with the id that was asked for, among those of a policy that cites it. */
async function readSource(ask: Ask, { of, rests, coordinate }: Impact): Promise<SourceRow | undefined> {
  const question = { policy: rests[0]?.policy, limit: SOURCES };
  const list = await read<List<SourceRow>>(ask, dataPinned(coordinate, '/sources', question));
  return list.ok ? list.body.items.find(({ id }) => id === of.id) : undefined;
}
