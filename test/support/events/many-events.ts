/** The policies of the generated corpus. */
export const MANY_POLICIES: readonly string[] = Array.from({ length: 40 }, (_, index) => `made-policy-${index}`);

const FIRST_DAY = Date.UTC(2022, 0, 1);
const DAY_MS = 86_400_000;
const STATUSES = ['announced', 'consulting', 'in-preparation', 'in-operation', 'paused', 'scrapped'];
const STANCES = ['support', 'conditional', 'noncommittal', 'oppose', 'refuse'];
const COMPARATORS = ['exact', 'at-least', 'at-most', 'approx', 'nearly'];

/**
 * Makes lines for an import: 40 policies and so many events about them, the same at every call.
 *
 * Of ten events in a row four change status and terms, three give a figure, two say where somebody stands, and one
 * corrects an earlier one. Days of occurrence are spread over four years, some are known by the month alone or within
 * some days, and publication follows within a month, so that what is known lags behind what was so.
 */
export function manyEvents(count: number): readonly object[] {
  const policies = MANY_POLICIES.map((slug) => ({
    policy: { slug, title: `Made: ${slug}`, kind: 'scheme', jurisdiction: 'GB' },
  }));
  return [...policies, ...Array.from({ length: count }, (_, index) => eventAt(index))];
}

/** A number below a limit that follows from the index, spread as if it were random. */
const pick = (index: number, limit: number, salt = 1): number =>
  (((index + 1) * 2_654_435_761 * salt) % 4_294_967_296) % limit;

const isoDay = (day: number): string => new Date(FIRST_DAY + day * DAY_MS).toISOString().slice(0, 10);

function eventAt(index: number): object {
  const day = pick(index, 1_300);
  const publishedAt = isoDay(day + 40 + pick(index, 30, 3));
  const common = {
    key: `made-${index}`,
    policy: policyAt(index),
    occurred: dateAt(index, day),
    publishedAt,
    actors: [{ name: `Actor ${pick(index, 12, 5)}`, kind: 'organisation' }],
    summary: `Made event number ${index}.`,
    status: null,
    epistemic: 'reported',
    ordinal: index,
    sources: [{ publisher: 'Gazette', title: `Report ${index}`, publishedAt, genre: 'news' }],
  };
  switch (index % 10) {
    case 0:
    case 1:
      return { ...common, type: 'policy.announced', status: STATUSES[pick(index, STATUSES.length, 7)] };
    case 2:
    case 3:
      return {
        ...common,
        type: 'terms.changed',
        terms: [{ key: 'price', value: pick(index, 10_000, 7), unit: 'GBP' }],
      };
    case 7:
    case 8:
      return { ...common, type: 'position.stated', stance: STANCES[pick(index, STANCES.length, 7)] };
    case 9: {
      const { actors: _actors, status: _status, epistemic: _epistemic, ...about } = common;
      const target = `made-${index - 400 < 0 ? index - 7 : index - 407}`;
      const changes = { terms: [{ key: 'price', value: index, unit: 'GBP' }] };
      return {
        ...about,
        type: 'record.corrected',
        policy: policyAt(targetOf(index)),
        target,
        changes,
        reason: 'Misread.',
      };
    }
    default:
      return { ...common, type: 'figure.reported', figures: [figureAt(index)] };
  }
}

const targetOf = (index: number): number => (index - 400 < 0 ? index - 7 : index - 407);

const policyAt = (index: number): string => MANY_POLICIES[pick(index, MANY_POLICIES.length, 11)] ?? '';

function dateAt(index: number, day: number): string {
  if (index % 11 === 0) return isoDay(day).slice(0, 7);
  return index % 13 === 0 ? `[${isoDay(day)}..${isoDay(day + 9)}]` : isoDay(day);
}

const figureAt = (index: number): object => ({
  measure: `measure-${pick(index, 5, 13)}`,
  value: pick(index, 2_000_000, 7) / (index % 3 === 0 ? 4 : 1),
  comparator: COMPARATORS[pick(index, COMPARATORS.length, 17)],
  unit: 'people',
  period: isoDay(pick(index, 1_300)).slice(0, 7),
});
