import type { Coordinate } from '../../http/answers.js';
import type { DateWords } from '../dates.js';

/** Two coordinates that a page compares. */
export interface ComparedCoordinates {
  readonly from: Coordinate;
  readonly to: Coordinate;
}

/** Says in full when something was known, about when, and as recorded when; without a stop. */
export function pinnedSentence(coordinate: Coordinate, dates: Pick<DateWords, 'moment'>): string {
  return `What was known ${timesInWords(coordinate, dates)}, as recorded at position ${coordinate.recordedAt.position}`;
}

/** Says in full between which two points something changed; without a stop. */
export function comparedSentence({ from, to }: ComparedCoordinates, dates: Pick<DateWords, 'moment'>): string {
  const [one, other] = [from, to].map((side) => side.recordedAt.position);
  const recorded = one === other ? `position ${one}` : `positions ${one} and ${other}`;
  return `What differs between what was known ${timesInWords(from, dates)} and ${timesInWords(to, dates)}, as recorded at ${recorded}`;
}

function timesInWords({ knownAt, validAt }: Coordinate, { moment }: Pick<DateWords, 'moment'>): string {
  return `on ${moment(knownAt)} about ${validAt === knownAt ? 'that day' : moment(validAt)}`;
}
