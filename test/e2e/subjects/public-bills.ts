/**
 * The legislative life of two public bills with invented names: introduced, committee, passed, vetoed, overridden,
 * enacted, amended, repealed, with vintages of an estimate of costs.
 */

const LEVY = 'river-levy-act';
const CENSUS = 'orchard-census-act';

interface Fields {
  readonly [field: string]: unknown;
}

const governor = { name: 'Odile Brandt', kind: 'person', role: 'Governor' };
const senator = (role: string) => ({ name: 'Petra Lindqvist', kind: 'person', role });
const sponsor = { name: 'Tomas Varga', kind: 'person', role: 'Representative' };
const budgetOffice = { name: 'Budget Office', kind: 'organisation' };
const environment = { name: 'Department of Waters', kind: 'organisation' };

/** An event that the official journal reports on its day, unless told otherwise. */
const told = (policy: string, key: string, type: string, occurred: string, more: Fields = {}): Fields => ({
  key: `${policy}-${key}`,
  type,
  policy,
  occurred,
  publishedAt: occurred,
  summary: `${key.replaceAll('-', ' ')}.`,
  epistemic: 'confirmed',
  sources: [
    { publisher: 'Journal of the House', title: `Entry of ${occurred}`, publishedAt: occurred, genre: 'parliamentary' },
  ],
  ...more,
});

const link = (rel: string, to: string) => ({ rel, to });
const costs = (value: number, purpose = 'estimate') => ({
  figures: [{ measure: 'yearly-cost', value, comparator: 'exact', unit: 'EUR-million', period: '2021', purpose }],
});
const newspaper = (title: string, publishedAt: string) => ({
  publisher: 'Delta Courier',
  title,
  publishedAt,
  genre: 'news',
});

/** The bills and what happened to them. */
export const publicBills = (): readonly Fields[] => [
  { policy: { slug: LEVY, title: 'River Levy Act', kind: 'law', jurisdiction: 'NL', aliases: ['bill-204'] } },
  { policy: { slug: CENSUS, title: 'Orchard Census Act', kind: 'law', jurisdiction: 'NL' } },
  ...levy(),
  ...census(),
];

function levy(): readonly Fields[] {
  const of = (key: string, type: string, occurred: string, more: Fields = {}) => told(LEVY, key, type, occurred, more);
  const key = (name: string): string => `${LEVY}-${name}`;
  return [
    of('promised', 'policy.announced', '2019-01-07', {
      actors: [sponsor],
      summary: 'A levy on river traffic is to be law by the end of the year.',
      plannedFor: '[..2019-12-31]',
      stance: 'support',
    }),
    of('introduced', 'legislation.introduced', '2019-02-12', {
      actors: [sponsor],
      instrument: 'bill-204',
      links: [link('follows', key('promised'))],
    }),
    of('first-estimate', 'figure.reported', '2019-03-01', { actors: [budgetOffice], ...costs(120) }),
    of('opposed-in-committee', 'position.stated', '2019-03-19', {
      actors: [senator('Chair of the committee')],
      stance: 'oppose',
    }),
    of('out-of-committee', 'legislation.stage-completed', '2019-04-02', { instrument: 'bill-204', stage: 'committee' }),
    of('passed', 'legislation.stage-completed', '2019-06', {
      publishedAt: '2019-07-01',
      instrument: 'bill-204',
      stage: 'passed by both houses',
      sources: [newspaper('Levy passes', '2019-07-01')],
    }),
    of('vetoed', 'legislation.defeated', '2019-07-15', {
      actors: [governor],
      instrument: 'bill-204',
      stance: 'refuse',
      summary: 'The governor vetoed the bill.',
      links: [link('follows', key('passed'))],
    }),
    of('second-estimate', 'figure.revised', '2019-09-01', {
      actors: [budgetOffice],
      ...costs(95),
      links: [link('supersedes', key('first-estimate'))],
    }),
    of('other-estimate', 'figure.reported', '2019-09-20', {
      actors: [{ name: 'Skippers’ Union', kind: 'organisation' }],
      epistemic: 'claimed',
      sources: [newspaper('Skippers count more', '2019-09-21')],
      publishedAt: '2019-09-21',
      ...costs(180),
    }),
    of('turned', 'position.stated', '2019-11-04', {
      actors: [senator('Senate leader')],
      stance: 'support',
      links: [link('contradicts', key('opposed-in-committee'))],
    }),
    of('overridden', 'policy.revived', '2019-11-20', {
      status: 'legislating',
      summary: 'Both houses overrode the veto.',
      links: [link('responds-to', key('vetoed'))],
    }),
    of('enacted', 'legislation.enacted', '2020-01-08', {
      instrument: 'bill-204',
      links: [link('fulfils', key('promised'))],
    }),
    of('report-promised', 'policy.announced', '2020-01-08', {
      actors: [environment],
      status: null,
      ordinal: 1,
      summary: 'A first report on the levy is due in summer 2021.',
      plannedFor: '2021-06/2021-08',
    }),
    of('target', 'target.set', '2020-01-08', {
      actors: [environment],
      ordinal: 2,
      plannedFor: '2021-12-31',
      summary: 'Traffic is to fall by a tenth by the end of 2021.',
    }),
    of('commenced', 'legislation.commenced', '2020-04-01', {
      instrument: 'bill-204',
      terms: [{ key: 'levy', value: 4, unit: 'EUR-per-tonne' }],
    }),
    of('report-moved', 'policy.announced', '2021-09-02', {
      actors: [environment],
      status: null,
      plannedFor: '2022-03',
      summary: 'The report will come in March 2022.',
      links: [link('supersedes', key('report-promised'))],
    }),
    of('target-missed', 'target.missed', '2022-01-10', {
      actors: [environment],
      links: [link('about', key('target'))],
    }),
    of('report', 'disclosure.reported', '2022-05-11', {
      actors: [environment],
      links: [link('fulfils', key('report-moved'))],
    }),
    of('amended', 'legislation.amended', '2022-06-30', {
      instrument: 'bill-204',
      terms: [{ key: 'levy', value: 2, unit: 'EUR-per-tonne' }],
    }),
    of('governor-relents', 'position.stated', '2022-07-01', { actors: [governor], stance: 'conditional' }),
    of('repealed', 'legislation.repealed', '2024-03-31', { instrument: 'bill-204' }),
    of('passed-on-27-june', 'record.corrected', '2019-08-01', {
      target: key('passed'),
      reason: 'The journal gives the day.',
      changes: { occurred: '2019-06-27' },
      sources: undefined,
      epistemic: undefined,
    }),
  ];
}

function census(): readonly Fields[] {
  const of = (key: string, type: string, occurred: string, more: Fields = {}) =>
    told(CENSUS, key, type, occurred, more);
  return [
    of('introduced', 'legislation.introduced', '2020-03-03', { actors: [sponsor], instrument: 'bill-311' }),
    of('count-planned', 'pilot.planned', '2020-03-03', {
      actors: [sponsor],
      ordinal: 1,
      plannedFor: '2021-05',
      summary: 'A first count is planned for May 2021.',
    }),
    of('paid-by-levy', 'funding.committed', '2020-05-02', {
      actors: [environment],
      summary: 'The levy is to pay for the census.',
      links: [link('about', `${LEVY}-commenced`)],
    }),
    of('withdrawn', 'legislation.withdrawn', '2021-02-01', {
      actors: [sponsor],
      instrument: 'bill-311',
      status: 'scrapped',
    }),
  ];
}
