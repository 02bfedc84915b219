import type { DifferenceOf } from '../../http/compare/difference-answers.js';
import { WHY_WORDS } from '../../words/compare/whys.js';
import { countOf } from '../../words/words.js';

/** What differs, in a sentence: "5 changes: 4 happened, 1 corrected; 12 events added." */
export function differenceInWords({
  changes,
  added,
  removed,
}: Pick<DifferenceOf, 'changes' | 'added' | 'removed'>): string {
  const events = [
    ...(added.length === 0
      ? []
      : [`${countOf(added.length, 'event')} ${changes.length === 0 ? wereOf(added) : ''}added`]),
    ...(removed.length === 0 ? [] : [`${countOf(removed.length, 'event')} no longer in force`]),
  ].join(', ');
  if (changes.length === 0) return `Nothing that holds differs.${events === '' ? '' : ` ${events}.`}`;
  const whys = WHY_WORDS.map(({ why, word }) => ({
    word,
    count: changes.filter((change) => change.why === why).length,
  }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count} ${word}`);
  return `${countOf(changes.length, 'change')}: ${whys.join(', ')}${events === '' ? '' : `; ${events}`}.`;
}

const wereOf = ({ length }: readonly string[]): string => (length === 1 ? 'was ' : 'were ');
