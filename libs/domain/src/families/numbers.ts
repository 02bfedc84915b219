import type { Assertion, EventBody } from '../schema/event.js';
import { eventType, fact } from '../schema/event-type.js';
import { isMoney } from '../schema/words.js';

/** Numbers: figures, forecasts, targets, funding. */
export const figureFamily = [
  eventType('figure.reported', {
    says: 'A source reported a figure.',
    example: {
      key: 'toll-crossings-april',
      occurred: '2024-05-20',
      summary: '41,200 lorries paid the toll in April.',
      forthcoming: true,
      figures: [
        {
          measure: 'crossings',
          value: 41_200,
          comparator: 'exact',
          unit: 'lorries',
          period: '2024-04',
          purpose: 'traffic',
        },
        {
          measure: 'crossings-change',
          value: -31,
          comparator: 'approx',
          unit: 'percent',
          period: '2024-04',
          comparedTo: 'preceding P1M',
        },
      ],
      sources: [{ publisher: 'Port Board', title: 'Traffic in April', publishedAt: '2024-05-20', genre: 'statistics' }],
    },
  }),
  eventType('figure.revised', {
    says: 'The publisher of a figure revised it. Use record.corrected if only our record was wrong.',
    example: {
      key: 'toll-crossings-april-revised',
      occurred: '2024-06-20',
      summary: 'The port board revised the number for April to 40,900.',
      figures: [{ measure: 'crossings', value: 40_900, comparator: 'exact', unit: 'lorries', period: '2024-04' }],
      links: [{ rel: 'supersedes', to: 'toll-crossings-april' }],
    },
  }),
  eventType('figure.withdrawn', {
    says: 'The publisher of a figure withdrew it.',
    example: {
      key: 'toll-crossings-withdrawn',
      occurred: '2024-09-02',
      summary: 'The port board withdrew its figures for April.',
      links: [{ rel: 'supersedes', to: 'toll-crossings-april-revised' }],
    },
  }),
];

export const forecastFamily = [
  eventType('forecast.made', {
    says: 'Someone made a forecast. A forecast is not a plan: it says what its author expects, not what anyone intends.',
    example: {
      key: 'toll-revenue-forecast',
      occurred: '2023-11-02',
      summary: 'The audit office expects revenue of at least 3 million pounds in 2025.',
      actors: [{ name: 'Audit Office', kind: 'organisation' }],
      modality: 'conditional',
      figures: [{ measure: 'revenue', value: 3_000_000, comparator: 'at-least', unit: 'GBP', period: '2025' }],
      plannedFor: '2025',
    },
  }),
];

export const targetFamily = [
  eventType('target.set', {
    says: 'A target was set.',
    example: {
      key: 'traffic-target-set',
      occurred: '2023-09-04',
      summary: 'Lorry traffic is to fall by a quarter within a year.',
      ordinal: 1,
      modality: 'planned',
      figures: [
        {
          measure: 'crossings-change',
          value: -25,
          comparator: 'at-most',
          unit: 'percent',
          period: 'P1Y',
          purpose: 'target',
        },
      ],
      plannedFor: '2025-04',
    },
  }),
  eventType('target.met', {
    says: 'A target was met.',
    example: {
      key: 'traffic-target-met',
      occurred: '2025-04-30',
      summary: 'Lorry traffic had fallen by 27 percent.',
      links: [{ rel: 'fulfils', to: 'traffic-target-set' }],
    },
  }),
  eventType('target.missed', {
    says: 'A target was missed.',
    example: {
      key: 'revenue-target-missed',
      occurred: '2025-12-31',
      publishedAt: '2026-01-20',
      summary: 'Revenue stayed below the 3 million pounds that were expected.',
      links: [{ rel: 'falsifies', to: 'toll-revenue-forecast' }],
    },
  }),
];

export const fundingFamily = [
  eventType('funding.committed', {
    says: 'Funding was committed.',
    asserts: (body) => fundingFact(body, 'committed'),
    example: {
      key: 'gates-funded',
      occurred: '2023-09-28',
      summary: 'The ministry committed 1.2 million pounds to the gates.',
      figures: [{ measure: 'gates-cost', value: 1_200_000, comparator: 'exact', unit: 'GBP' }],
    },
  }),
  eventType('funding.paid', {
    says: 'Funding was paid.',
    asserts: (body) => fundingFact(body, 'paid'),
    example: {
      key: 'gates-paid',
      occurred: '2024-03-28',
      summary: 'The ministry paid nearly 1.2 million pounds for the gates.',
      figures: [{ measure: 'gates-cost', value: 1_200_000, comparator: 'nearly', unit: 'GBP' }],
    },
  }),
  eventType('funding.withdrawn', {
    says: 'Funding was withdrawn.',
    asserts: (body) => fundingFact(body, 'withdrawn'),
    example: {
      key: 'second-gates-unfunded',
      occurred: '2025-02-03',
      summary: 'The ministry withdrew 400,000 pounds meant for a second row of gates.',
      figures: [{ measure: 'second-gates-cost', value: 400_000, comparator: 'exact', unit: 'GBP' }],
    },
  }),
];

// Members in the order of canonical JSON, as values have when they are read back.
function fundingFact({ key, figures = [] }: EventBody, standing: string): readonly Assertion[] {
  const money = figures.find(({ unit }) => isMoney(unit));
  return money ? [fact(`funding.${key}`, { standing, unit: money.unit, value: money.value })] : [];
}
