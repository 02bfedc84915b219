import type { Problem } from './ask.js';
import type { TypedTimes } from './forms.js';

/** Tells the reader which typed time was not understood, and what would be. */
export function describePoint({ parameter, point }: Extract<TypedTimes, { readonly kind: 'question' }>): Problem {
  if (point.kind === 'ambiguous')
    return {
      status: 400,
      title: 'Which day do you mean?',
      detail: 'The day and the month cannot be told apart. Write the month as a word, or choose one of these.',
      errors: point.readings.map(({ value, words }) => ({ pointer: `${parameter}=${value}`, message: words })),
    };
  return {
    status: 400,
    title: 'This date cannot be read',
    detail: `"${point.text}" is not a date that can be read. Write it as 8 July 2025, 2025-07-08, July 2025, yesterday, or @157 for a position in the log.`,
    errors: [],
  };
}
