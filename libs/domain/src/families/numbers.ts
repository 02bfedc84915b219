import type { Assertion, EventBody } from '../event.js';
import { eventType, fact } from '../event-type.js';
import { isMoney } from '../fields.js';

/** What is counted: figures, forecasts, targets, money. */
export const figureFamily = [
  eventType('figure.reported', { says: 'A figure was reported.' }),
  eventType('figure.revised', { says: 'A figure was revised.' }),
  eventType('figure.withdrawn', { says: 'A figure was withdrawn.' }),
];

export const forecastFamily = [eventType('forecast.made', { says: 'Someone forecast something.' })];

export const targetFamily = [
  eventType('target.set', { says: 'A target was set.' }),
  eventType('target.met', { says: 'A target was met.' }),
  eventType('target.missed', { says: 'A target was missed.' }),
];

export const fundingFamily = [
  eventType('funding.committed', { says: 'Money was committed.', asserts: (body) => fundingFact(body, 'committed') }),
  eventType('funding.paid', { says: 'Money was paid.', asserts: (body) => fundingFact(body, 'paid') }),
  eventType('funding.withdrawn', { says: 'Money was withdrawn.', asserts: (body) => fundingFact(body, 'withdrawn') }),
];

function fundingFact({ key, figures = [] }: EventBody, standing: string): readonly Assertion[] {
  const money = figures.find(({ unit }) => isMoney(unit));
  return money ? [fact(`funding.${key}`, { value: money.value, unit: money.unit, standing })] : [];
}
