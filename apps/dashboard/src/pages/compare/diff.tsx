import type { Address } from '../../http/address.js';
import { type Ask, type Read, read } from '../../http/ask.js';
import type { PolicyState } from '../../http/answers.js';
import { type DifferenceOf, SIDES, differenceAt, hasSide } from '../../http/compare/difference-answers.js';
import { readEvents } from '../../http/model-questions.js';
import { type Titles, readTitles } from '../../http/titles.js';
import { parametersAtFault } from '../../http/ways-out.js';
import { DifferenceForm } from '../../views/compare/difference-form.js';
import { DifferenceView } from '../../views/compare/difference.js';
import { textOrErased } from '../../views/parts/references.js';
import { type Loaded, definePage } from '../page.js';

interface DifferenceData {
  readonly difference: DifferenceOf | null;
  readonly titles: Titles;
  /** What the events behind the changes say, by their keys. */
  readonly summaries: Readonly<Record<string, string>>;
}

/** What changed between two coordinates, of one policy or of all. */
export const diffPage = definePage<DifferenceData>({
  name: 'diff',
  path: /^(?:\/policies\/[^/]+)?\/diff$/,
  load: async (address, ask) => {
    const named = await titlesFor(address, ask);
    if (!named.ok) return named;
    const titles = named.body;
    const [title = 'Compare'] = address.path === '/diff' ? [] : Object.values(titles).map((each) => `Compare: ${each}`);
    if (!SIDES.every((side) => hasSide(address, side)))
      return { ok: true, body: { title, data: { difference: null, titles, summaries: {} } } };
    const found = await read<DifferenceOf>(ask, differenceAt(address));
    if (!found.ok) return found;
    return { ok: true, body: shown(title, found.body, { titles, summaries: await summariesOf(found.body, ask) }) };
  },
  view: (data, frame) => <DifferenceView {...data} frame={frame} />,
  mend: (frame, problem) => <DifferenceForm frame={frame} atFault={parametersAtFault(problem)} />,
});

const shown = (
  title: string,
  difference: DifferenceOf,
  words: Pick<DifferenceData, 'titles' | 'summaries'>,
): Loaded<DifferenceData> => ({
  title,
  compared: { from: difference.from, to: difference.to },
  permalink: difference.permalink,
  lagMs: difference.meta.lagMs,
  data: { difference, ...words },
});

/** The titles of all policies; of one alone where the page is about that, which has to exist. */
async function titlesFor(address: Address, ask: Ask): Promise<Read<Titles>> {
  const [, , slug] = address.path.split('/');
  const latest = { ...address, parameters: new Map<string, string>() };
  if (slug === undefined) return { ok: true, body: await readTitles(ask, latest) };
  const state = await read<PolicyState>(ask, `/v1/policies/${slug}`);
  return state.ok ? { ok: true, body: { [slug]: state.body.title } } : state;
}

/** Reads what the causes of the changes say; of a cause that is not in force at the second side the key has to do. */
async function summariesOf({ changes, to }: DifferenceOf, ask: Ask): Promise<DifferenceData['summaries']> {
  const events = await readEvents(
    ask,
    to,
    changes.flatMap(({ causes }) => causes),
  );
  return Object.fromEntries(Object.entries(events).map(([key, { summary }]) => [key, textOrErased(summary)]));
}
