import { type CorpusSize, corpusLines, policySlug } from '../harness/corpus.js';

/** Key of the event that every fiftieth event of the corpus speaks of, whatever its policy. */
export const MOST_LINKED = 'most-linked';

const DAY_MS = 86_400_000;
const PLAN_MS = 180 * DAY_MS;
const STANCES = ['support', 'conditional', 'noncommittal', 'oppose', 'refuse'];

/** What is read here of a line of an event. */
interface EventLine {
  readonly key: string;
  readonly policy: string;
  readonly type: string;
  readonly publishedAt: string;
}

/**
 * The corpus with something for analysts: of a hundred events of a policy four plan something, of which most is done
 * later, and eight state a position; every fiftieth speaks of one event.
 */
export function* analystLines(size: CorpusSize): Generator<string> {
  const open = new Map<string, string[]>();
  let index = 0;
  for (const text of corpusLines(size)) {
    const line: EventLine & { readonly policy: string | object } = JSON.parse(text);
    const isPlain = typeof line.policy === 'string' && !line.type.startsWith('record.');
    yield isPlain ? JSON.stringify(analystLine(line, index, open)) : text;
    index += 1;
    if (index === size.policies) yield JSON.stringify(mostLinked);
  }
}

function analystLine(line: EventLine, index: number, open: Map<string, string[]>): object {
  const planned = open.get(line.policy) ?? [];
  open.set(line.policy, planned);
  switch (index % 25) {
    case 3:
      planned.push(line.key);
      return { ...line, plannedFor: dayOf(Date.parse(line.publishedAt) + PLAN_MS) };
    case 8: {
      const done = planned.shift();
      return done === undefined ? line : { ...line, links: [{ rel: 'fulfils', to: done }] };
    }
    case 9:
    case 17:
      return stanceLine(line, index);
    default:
      return index % 50 === 12 ? { ...line, links: [{ rel: 'about', to: MOST_LINKED }] } : line;
  }
}

/** The same event as a statement of a position. */
function stanceLine(line: EventLine, index: number): object {
  const { terms: _terms, figures: _figures, effective: _effective, ...kept }: Record<string, unknown> = { ...line };
  return { ...kept, type: 'position.stated', status: null, stance: STANCES[index % STANCES.length] };
}

const mostLinked = {
  key: MOST_LINKED,
  policy: policySlug(0),
  type: 'policy.announced',
  occurred: '2010-01-01',
  publishedAt: '2010-01-01',
  summary: 'What much of the rest speaks of.',
  actors: [{ name: 'Transport Ministry', kind: 'organisation' }],
  epistemic: 'confirmed',
  sources: [{ publisher: 'Transport Ministry', title: 'Statement', publishedAt: '2010-01-01', genre: 'official' }],
};

const dayOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10);
