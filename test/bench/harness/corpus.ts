/** How large a corpus to make, and from which seed. */
export interface CorpusSize {
  readonly events: number;
  readonly policies: number;
  readonly seed: number;
  /** After so many events, news is of the first so many policies only. */
  readonly discussed?: { readonly after: number; readonly policies: number };
  /** Only so many first events of a policy bring figures: each is a field for ever, so documents grow no further then. */
  readonly figuresOfFirst?: number;
}

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2010, 0, 1);
const LAST_DAY = Date.UTC(2026, 0, 1);
const STATUSES = [
  'proposed',
  'announced',
  'consulting',
  'in-operation',
  'paused',
  'disrupted',
  'under-negotiation',
  'stalled',
];
const ACTORS = ['Transport Ministry', 'Port Board', 'Harbour Union', 'Coast Watch', 'Norland', 'Treasury'];
const SUMMARY =
  'The ministry and the board settled another part of the scheme after talks that had gone on for some weeks, and published what they had agreed in the usual place.';

/** The slug of a policy of the corpus. */
export const policySlug = (index: number): string => `policy-${index}`;

/**
 * A corpus in the import format, line by line: the policies, then events of about 600 bytes in order of publication.
 *
 * Of a hundred events five are late news, two correct and one retracts an earlier event of their policy, and some bring
 * a figure, a forward-dated term or a vague date. The same size and seed give the same lines.
 */
export function* corpusLines({
  events,
  policies,
  seed,
  discussed,
  figuresOfFirst = Infinity,
}: CorpusSize): Generator<string> {
  const random = randomFrom(seed);
  for (let index = 0; index < policies; index += 1) yield registration(index);
  const recorded = new Map<number, string[]>();
  for (let index = 0; index < events; index += 1) {
    const among = discussed && index >= discussed.after ? discussed.policies : policies;
    const policy = Math.floor(random() * among);
    const keys = recorded.get(policy) ?? [];
    recorded.set(policy, keys);
    yield JSON.stringify(
      eventLine({
        index,
        policy,
        share: index / events,
        target: keys[Math.floor(random() * keys.length)],
        withFigures: keys.length < figuresOfFirst,
        random,
      }),
    );
    // Only plain events are corrected or retracted, so that a later one never hangs on a retracted target.
    if (index % 100 >= 3) keys.push(`event-${index}`);
  }
}

const registration = (index: number): string =>
  JSON.stringify({
    policy: { slug: policySlug(index), title: `Policy number ${index}`, kind: 'scheme', jurisdiction: 'GB' },
  });

interface Line {
  readonly index: number;
  readonly policy: number;
  /** How far along the corpus it is, from 0 to 1. */
  readonly share: number;
  readonly target: string | undefined;
  readonly withFigures: boolean;
  readonly random: () => number;
}

function eventLine(line: Line): object {
  const { index, policy, share, target, random } = line;
  const published = FIRST_DAY + share * (LAST_DAY - FIRST_DAY);
  const lateBy = index % 100 < 8 && index % 100 >= 3 ? random() * 0.2 * (published - FIRST_DAY) : DAY_MS;
  const common = { key: `event-${index}`, policy: policySlug(policy), publishedAt: dayOf(published), summary: SUMMARY };
  if (target !== undefined && index % 100 < 2)
    return {
      ...common,
      type: 'record.corrected',
      target,
      changes: { terms: [term(random)] },
      reason: 'Entered wrongly.',
      occurred: dayOf(published),
    };
  if (target !== undefined && index % 100 === 2)
    return {
      ...common,
      type: 'record.retracted',
      target,
      reason: 'It was about another policy.',
      occurred: dayOf(published),
    };
  return { ...common, ...plainEvent(line, published - lateBy) };
}

function plainEvent({ index, withFigures, random }: Line, happened: number): object {
  const publisher = ACTORS[index % ACTORS.length];
  return {
    type: 'terms.changed',
    occurred: index % 10 === 0 ? dayOf(happened).slice(0, 7) : dayOf(happened),
    ...(index % 20 === 1 ? { effective: { from: dayOf(happened + 90 * DAY_MS) } } : {}),
    actors: [{ name: publisher, kind: 'organisation' }],
    status: index % 4 === 0 ? STATUSES[Math.floor(random() * STATUSES.length)] : null,
    terms: [term(random)],
    ...(withFigures && index % 25 === 2
      ? { figures: [{ measure: 'crossings', value: index, comparator: 'exact', unit: 'people', period: '2024' }] }
      : {}),
    epistemic: 'reported',
    ordinal: index % 7,
    sources: [
      {
        publisher: 'Harbour Gazette',
        title: `Report ${index} of the talks`,
        publishedAt: dayOf(happened),
        genre: 'news',
        url: `https://gazette.example/${index}`,
      },
    ],
  };
}

const term = (random: () => number): object => ({
  key: `term-${Math.floor(random() * 18)}`,
  value: Math.floor(random() * 1000),
  unit: 'GBP',
});

const dayOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10);

/** Numbers from 0 to 1 that look random and repeat for a seed (a linear congruential generator). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
