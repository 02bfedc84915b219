import { type Address, linkWith } from './address.js';
import type { Problem } from './ask.js';
import { type TimeQuestion, placePosition } from './forms.js';

/** Tells the reader which typed time was not understood, and leads to what may be meant. */
export function describePoint({ parameter, point }: TimeQuestion, address: Address): Problem {
  const about = (message: string): Pick<Problem, 'status' | 'errors'> => ({
    status: 400,
    errors: [{ pointer: `/query/${parameter}`, message }],
  });
  switch (point.kind) {
    case 'ambiguous':
      return {
        ...about('The day and the month cannot be told apart.'),
        title: 'Which day do you mean?',
        detail: `"${address.parameters.get(parameter) ?? ''}" can be read in two ways. Choose one, or write the month as a word.`,
        links: point.readings.map(({ value, words }) => ({ href: linkWith(address, { [parameter]: value }), words })),
      };
    case 'misplaced':
      return {
        ...about('A position in the log is a time of recording.'),
        title: 'Which time do you mean?',
        detail: `${point.position} is a position in the log, which says as of when something was recorded.`,
        links: [{ href: placePosition(address, parameter, point.position), words: `As recorded at ${point.position}` }],
      };
    case 'unknown':
      return {
        ...about('This is not a date.'),
        title: 'This date cannot be read',
        detail: `"${point.text}" is not a date that can be read. Write it as 8 July 2025, 2025-07-08, July 2025, yesterday, or @157 for a position in the log.`,
      };
  }
}
