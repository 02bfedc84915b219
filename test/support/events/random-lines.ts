import fc from 'fast-check';

/** Random lines to import about the policies of the worked example: figures, claims, stances, and what is said of them later. */

const POLICIES = ['harbour-toll', 'ferry-pact'];
const NAMES = ['Ana Vela', 'Port Board', 'Müller, "Söhne" & Co', "O'Neill"];

const day = fc
  .integer({ min: 0, max: 500 })
  .map((days) => new Date(Date.UTC(2024, 0, 1 + days)).toISOString().slice(0, 10));
const occurred = fc.oneof(
  day,
  day.map((text) => text.slice(0, 7)),
  day.map((text) => text.slice(0, 4)),
  day.map((text) => `[..${text}]`),
  day.map((text) => `${text}~`),
);
const words = fc.constantFrom('=SUM(A1)', 'a, "b"', 'Zürich – 9 % more', '@here', 'plain words', '-1', "it's");
const source = fc.record(
  {
    publisher: fc.constantFrom('Gazette', 'Courier, The', '"Quoted"'),
    title: words,
    publishedAt: day,
    genre: fc.constantFrom('news', 'official'),
    url: fc.constant('https://gazette.example/1'),
  },
  { requiredKeys: ['publisher', 'title', 'publishedAt', 'genre'] },
);
const figure = fc.record(
  {
    measure: fc.constantFrom('boats', 'lorries'),
    value: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: -5, max: 20 }) }, fc.constantFrom(0.1, null)),
    comparator: fc.constantFrom('exact', 'at-least', 'at-most', 'approx', 'nearly'),
    unit: fc.constantFrom('boats', 'per-cent'),
    period: fc.constantFrom('2024', '2024-02', '2024-02-29', '2024/..', '2024-01/2024-03', 'P1M'),
    comparedTo: fc.constantFrom('2023', 'preceding P1Y'),
    purpose: words,
  },
  { requiredKeys: ['measure', 'value', 'comparator', 'unit'] },
);

const kinds = fc.oneof(
  fc.record({ type: fc.constant('figure.reported'), figures: fc.array(figure, { minLength: 1, maxLength: 3 }) }),
  fc.record({
    type: fc.constant('figure.revised'),
    figures: fc.array(figure, { minLength: 1, maxLength: 2 }),
    rel: fc.constant('supersedes'),
  }),
  fc.record({ type: fc.constant('claim.made') }),
  fc.record({
    type: fc.constantFrom('claim.denied', 'claim.disputed', 'claim.corroborated', 'claim.withdrawn'),
    rel: fc.constant('about'),
  }),
  fc.record({ type: fc.constant('claim.made'), rel: fc.constantFrom('contradicts', 'corroborates') }),
  fc.record({ type: fc.constant('position.stated'), stance: fc.constantFrom('support', 'oppose', 'undecided') }),
  fc.record({ type: fc.constant('source.attached'), source, isRecord: fc.constant(true) }),
  fc.record({ type: fc.constant('source.retracted'), withdraws: fc.nat(2), isRecord: fc.constant(true) }),
  fc.record({
    type: fc.constant('record.corrected'),
    changes: fc.record({ summary: words, occurred: day }),
    isRecord: fc.constant(true),
  }),
  fc.record({ type: fc.constant('record.retracted'), isRecord: fc.constant(true) }),
);

interface Told extends Readonly<Record<string, unknown>> {
  readonly key: string;
  readonly type: string;
  readonly policy: string;
  readonly sources?: readonly { readonly publisher: string; readonly title: string }[];
}

const lineOf = fc.record({
  kind: kinds,
  policy: fc.constantFrom(...POLICIES),
  occurred,
  publishedAt: fc.oneof(
    day,
    day.map((text) => `${text}T23:30:00+01:00`),
  ),
  summary: words.map((text) => `${text} was said.`),
  names: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 2 }),
  role: fc.constantFrom('speaker', undefined),
  sources: fc.array(source, { minLength: 1, maxLength: 3 }),
  other: fc.nat(),
});

/** So many lines by a seed; a few of them may be refused, since they link to events that cannot be meant. */
export function randomLines({ count, seed }: { readonly count: number; readonly seed: number }): readonly object[] {
  const told: Told[] = [];
  for (const [index, line] of fc.sample(lineOf, { numRuns: count, seed }).entries())
    told.push(bodyOf(line, index, told));
  return told;
}

type Line = typeof lineOf extends fc.Arbitrary<infer Value> ? Value : never;

function bodyOf(line: Line, index: number, before: readonly Told[]): Told {
  const { rel, isRecord, withdraws, ...kind } = { rel: undefined, isRecord: false, withdraws: undefined, ...line.kind };
  const candidates = before.filter(({ policy, type }) => policy === line.policy && !/^(record|source)/.test(type));
  const other = candidates[line.other % Math.max(candidates.length, 1)];
  const common = {
    key: `random-${index}`,
    policy: line.policy,
    occurred: isRecord ? line.publishedAt.slice(0, 10) : line.occurred,
    publishedAt: line.publishedAt,
    summary: line.summary,
  };
  if (isRecord)
    return {
      ...common,
      ...kind,
      target: other?.key ?? 'toll-proposed',
      reason: 'Misread.',
      ...(withdraws === undefined
        ? {}
        : { source: nameOf(other?.sources?.[withdraws] ?? { publisher: 'None', title: 'None' }) }),
    };
  return {
    ...common,
    ...kind,
    epistemic: 'reported',
    actors: line.names.map((name) => ({
      name,
      kind: 'organisation',
      ...(line.role === undefined ? {} : { role: line.role }),
    })),
    sources: line.sources,
    ...(rel === undefined || other === undefined ? {} : { links: [{ rel, to: other.key }] }),
  };
}

const nameOf = ({ publisher, title }: { readonly publisher: string; readonly title: string }) => ({ publisher, title });
