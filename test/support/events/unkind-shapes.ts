/**
 * Inputs that are valid and unkind: each would be the end of a method whose work grows with the square of something.
 *
 * Pure functions of a size. The bench `npm run unkind` and the short form among the tests build the same ones.
 */
export interface UnkindShape {
  readonly name: string;
  /** The smallest size that the bench builds; the others are twice and four times that. */
  readonly smallest: number;
  /** True where a limit of recording refuses what is beyond a size: then several policies have the shape at once. */
  readonly isLimited?: boolean;
  /** What is recorded first and not measured; its policies and keys begin with the prefix. */
  readonly before?: (size: number, prefix: string) => readonly ImportedLine[];
  /** What is measured, in the import format and in the order of recording. */
  readonly lines: (size: number, prefix: string) => readonly ImportedLine[];
  /** True where the lines are only checked and never recorded. */
  readonly isDryRun?: boolean;
}

/** A line of an import: a registration, or an event's body. */
export type ImportedLine = Readonly<Record<string, unknown>>;

/** How events are dated, and in which order they are recorded. */
type Telling = 'day' | 'vague' | 'late' | 'late-vague';

/** Each linked to the one before, to the first, to as many before as may be, or to all before. */
type Geometry = 'chain' | 'star' | 'band' | 'clique';

/** Some shapes are bounded by a limit: so many policies have them at once, or there would be little to measure. */
const POLICIES = 10;
const FEW_POLICIES = 2;

/** As many dating links as one event may have. */
const BAND = 20;

const DATING = ['follows', 'refines-date-of'] as const;
const DATING_GEOMETRIES = ['chain', 'star', 'band', 'clique'] as const;
const GEOMETRIES = ['chain', 'star', 'clique'] as const;
const TELLINGS = ['day', 'vague', 'late', 'late-vague'] as const;

/** Every shape, the ones of one kind together. */
export const unkindShapes: readonly UnkindShape[] = [
  ...DATING.flatMap((rel) =>
    DATING_GEOMETRIES.flatMap((geometry) =>
      TELLINGS.map((telling): UnkindShape => ({
        name: `${rel}-${geometry}-${telling}`,
        smallest: geometry === 'clique' ? 10 : 100,
        isLimited: true,
        lines: inPolicies(datedPolicies(geometry, telling), (size, policy) =>
          linked(policy, size, { rel, geometry, telling }),
        ),
      })),
    ),
  ),
  ...(['supersedes', 'corroborates', 'fulfils', 'undoes'] as const).flatMap((rel) =>
    GEOMETRIES.filter((geometry) => rel !== 'undoes' || geometry !== 'clique').flatMap((geometry) =>
      (['day', 'vague', 'late'] as const).map((telling): UnkindShape => ({
        name: `${rel}-${geometry}-${telling}`,
        smallest: geometry === 'clique' ? 25 : 500,
        lines: inPolicies(geometry === 'clique' ? POLICIES : 1, (size, policy) =>
          linked(policy, size, { rel, geometry, telling }),
        ),
      })),
    ),
  ),
  ...(['corrections', 'retractions'] as const).flatMap((kind) =>
    (['day', 'late'] as const).flatMap((telling): UnkindShape[] => [
      {
        name: `${kind}-chain-${telling}`,
        smallest: 16,
        isLimited: true,
        lines: inPolicies(3 * POLICIES, (size, policy) => records(policy, size, { kind, geometry: 'chain', telling })),
      },
      {
        name: `${kind}-star-${telling}`,
        smallest: 100,
        isLimited: true,
        lines: inPolicies(FEW_POLICIES, (size, policy) => records(policy, size, { kind, geometry: 'star', telling })),
      },
    ]),
  ),
  ...(['day', 'late'] as const).flatMap((telling): UnkindShape[] => [
    {
      name: `sources-one-event-${telling}`,
      smallest: 100,
      isLimited: true,
      lines: inPolicies(FEW_POLICIES, (size, policy) => [
        plain(policy, 0, 'day'),
        ...range(1, size).map((index) =>
          attached(policy, index, { target: 0, day: telling === 'day' ? index : -index }),
        ),
      ]),
    },
    {
      name: `sources-three-each-${telling}`,
      smallest: 250,
      lines: inPolicies(1, (size, policy) =>
        range(0, size).flatMap((index) => [
          plain(policy, index, 'day'),
          ...range(0, 3).map((nth) =>
            attached(policy, size + index * 3 + nth, {
              target: index,
              day: telling === 'day' ? index + nth : index - 1 - nth,
            }),
          ),
        ]),
      ),
    },
    {
      name: `one-policy-${telling}`,
      smallest: 2500,
      lines: inPolicies(1, (size, policy) =>
        told(
          range(0, size).map((index) => plain(policy, index, telling)),
          telling,
        ),
      ),
    },
  ]),
  { name: 'ties-day', smallest: 500, lines: inPolicies(1, (size, policy) => ties(policy, size, '2015-06-01')) },
  { name: 'ties-vague', smallest: 500, lines: inPolicies(1, (size, policy) => ties(policy, size, '2015')) },
  {
    name: 'rival-figures',
    smallest: 750,
    lines: inPolicies(1, (size, policy) => range(0, size).map((index) => figure(policy, index, 'day'))),
  },
  {
    name: 'many-policies',
    smallest: 1250,
    lines: (size, prefix) => inPolicies(size, (_, policy) => [plain(policy, 0, 'day')])(size, prefix),
  },
  {
    name: 'dry-run-chain',
    smallest: 2000,
    isDryRun: true,
    lines: inPolicies(1, (size, policy) =>
      records(policy, size, { kind: 'retractions', geometry: 'chain', telling: 'day' }),
    ),
  },
  ...DATING.flatMap((rel) =>
    (['chain', 'star'] as const).flatMap((geometry) =>
      (['day', 'vague'] as const).map((telling): UnkindShape => ({
        name: `one-late-${rel}-${geometry}-${telling}`,
        smallest: 50,
        isLimited: true,
        before: inPolicies(2 * POLICIES, (size, policy) => linked(policy, size - 1, { rel, geometry, telling })),
        lines: (size, prefix) =>
          range(0, 2 * POLICIES).map((index) =>
            lateNews(policyOf(prefix, index), size - 1, { rel, geometry, telling }),
          ),
      })),
    ),
  ),
];

/** Small sets are many, and few are those whose ranks all move. */
function datedPolicies(geometry: Geometry, telling: Telling): number {
  if (geometry === 'clique') return 3 * POLICIES;
  return telling === 'late-vague' || geometry === 'band' ? FEW_POLICIES : POLICIES / 2;
}

/** The links that a line has; a target and what it undoes count too. */
export const linkCountOf = (line: ImportedLine): number =>
  (Array.isArray(line['links']) ? line['links'].length : 0) + ('target' in line ? 1 : 0) + ('undoes' in line ? 1 : 0);

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);

const policyOf = (prefix: string, index: number): string => `${prefix}-${index}`;
const keyOf = (policy: string, index: number): string => `${policy}-e${index}`;

/** The shape in several policies at once, each registered first. */
function inPolicies(
  count: number,
  shape: (size: number, policy: string) => readonly ImportedLine[],
): UnkindShape['lines'] {
  return (size, prefix) =>
    range(0, count).flatMap((index) => {
      const slug = policyOf(prefix, index);
      return [{ policy: { slug, title: slug, kind: 'scheme', jurisdiction: 'GB' } }, ...shape(size, slug)];
    });
}

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(1990, 0, 1);
const YEAR = '2015';
const YEAR_AFTER = Date.UTC(2016, 0, 2);
const MINUTE_MS = 60_000;

const dayOf = (index: number): string => new Date(FIRST_DAY + index * DAY_MS).toISOString().slice(0, 10);

/** Vague events are told after the year in which they happened, one a minute: nothing about them is settled sooner. */
function datesOf(index: number, telling: Telling): { readonly occurred: string; readonly publishedAt: string } {
  if (telling === 'day' || telling === 'late') return { occurred: dayOf(index), publishedAt: dayOf(index) };
  return { occurred: YEAR, publishedAt: new Date(YEAR_AFTER + index * MINUTE_MS).toISOString() };
}

/** Late news comes first what happened last, as when an archive is read from its newest page. */
const told = (lines: readonly ImportedLine[], telling: Telling): readonly ImportedLine[] =>
  telling === 'late' || telling === 'late-vague' ? lines.toReversed() : lines;

const SOURCE = { publisher: 'Harbour Gazette', title: 'Report of the day', publishedAt: '1990-01-01', genre: 'news' };

interface Dated {
  readonly occurred: string;
  readonly publishedAt: string;
}

const event = (policy: string, index: number, dates: Dated): ImportedLine & { readonly key: string } => ({
  key: keyOf(policy, index),
  policy,
  ...dates,
  summary: `Step ${index} of the harbour toll.`,
  epistemic: 'confirmed',
  sources: [SOURCE],
});

const plain = (policy: string, index: number, telling: Telling): ImportedLine => ({
  ...event(policy, index, datesOf(index, telling)),
  type: 'terms.changed',
  terms: [{ key: 'price', value: index, unit: 'GBP' }],
});

const figure = (policy: string, index: number, telling: Telling): ImportedLine => ({
  ...event(policy, index, datesOf(index, telling)),
  type: index === 0 ? 'figure.reported' : 'figure.revised',
  figures: [{ measure: 'crossings', value: 1000 + index, comparator: 'exact', unit: 'people', period: '1989' }],
});

const ties = (policy: string, count: number, occurred: string): readonly ImportedLine[] =>
  range(0, count).map((index) => ({ ...plain(policy, index, 'day'), occurred, publishedAt: '2016-06-01' }));

interface Linking {
  readonly rel: 'follows' | 'refines-date-of' | 'supersedes' | 'corroborates' | 'fulfils' | 'undoes';
  readonly geometry: Geometry;
  readonly telling: Telling;
}

/** Events of one policy, each linked to earlier ones. */
const linked = (policy: string, count: number, { rel, geometry, telling }: Linking): readonly ImportedLine[] =>
  told(
    range(0, count).map((index) => {
      const earlier = index === 0 ? [] : earlierOf(index, geometry).map((each) => keyOf(policy, each));
      const [first] = earlier;
      if (rel !== 'undoes') return { ...linkable(policy, index, { rel, telling }), links: linksTo(rel, earlier) };
      return { ...linkable(policy, index, { rel, telling }), ...(first === undefined ? {} : { undoes: first }) };
    }),
    telling,
  );

function earlierOf(index: number, geometry: Geometry): readonly number[] {
  switch (geometry) {
    case 'chain':
      return [index - 1];
    case 'star':
      return [0];
    case 'band':
      return range(Math.max(0, index - BAND), index);
    case 'clique':
      return range(0, index);
  }
}

const linksTo = (rel: Linking['rel'], keys: readonly string[]): readonly object[] => keys.map((to) => ({ rel, to }));

/** An event of a type for which the link means most. */
function linkable(policy: string, index: number, { rel, telling }: Pick<Linking, 'rel' | 'telling'>): ImportedLine {
  const common = event(policy, index, datesOf(index, telling));
  switch (rel) {
    case 'supersedes':
      return figure(policy, index, telling);
    case 'corroborates':
      return { ...common, type: 'claim.made', actors: [{ name: `Witness ${index}`, kind: 'person' }] };
    case 'fulfils':
      return { ...common, type: 'policy.announced', status: null, plannedFor: dayOf(index + 1) };
    case 'undoes':
      return { ...common, type: index === 0 ? 'policy.announced' : 'policy.reversed' };
    case 'follows':
    case 'refines-date-of':
      return plain(policy, index, telling);
  }
}

/** One more event of a set, published before all others: it is linked to the last of a chain, to the first of a star. */
function lateNews(policy: string, index: number, { rel, geometry, telling }: Linking): ImportedLine {
  const to = geometry === 'star' ? 0 : index - 1;
  return {
    ...plain(policy, index, telling),
    occurred: datesOf(to, telling).occurred,
    publishedAt: telling === 'day' ? dayOf(-1) : new Date(YEAR_AFTER - MINUTE_MS).toISOString(),
    links: linksTo(rel, [keyOf(policy, to)]),
  };
}

interface Recording {
  readonly kind: 'corrections' | 'retractions';
  readonly geometry: 'chain' | 'star';
  readonly telling: Telling;
}

/** An event and what is recorded about it: each about the one before, or all about the event. */
const records = (policy: string, count: number, { kind, geometry, telling }: Recording): readonly ImportedLine[] => [
  plain(policy, 0, 'day'),
  ...range(1, count).map((index) => ({
    key: keyOf(policy, index),
    policy,
    type: kind === 'corrections' ? 'record.corrected' : 'record.retracted',
    target: keyOf(policy, geometry === 'chain' ? index - 1 : 0),
    // What is recorded about something comes after it: late news is what was published before.
    ...datesOf(telling === 'late' ? count - index : index, 'day'),
    ...(kind === 'corrections' ? { changes: changesOf(index, geometry) } : {}),
    summary: `Note ${index} on the record.`,
    reason: 'It was entered wrongly.',
  })),
];

/** What a correction of an event changes is its terms; what one of a correction does, its words. */
const changesOf = (index: number, geometry: 'chain' | 'star'): object =>
  geometry === 'star' || index === 1
    ? { terms: [{ key: 'price', value: -index, unit: 'GBP' }] }
    : { summary: `Note ${index}, corrected.` };

const attached = (policy: string, index: number, { target, day }: { target: number; day: number }): ImportedLine => ({
  key: keyOf(policy, index),
  policy,
  type: 'source.attached',
  target: keyOf(policy, target),
  occurred: dayOf(day),
  publishedAt: dayOf(day),
  summary: 'A further report was found.',
  source: { publisher: 'River Post', title: `Report ${index}`, publishedAt: dayOf(day), genre: 'news' },
});
