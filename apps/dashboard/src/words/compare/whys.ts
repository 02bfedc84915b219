/** Why a value differs, as readers see it. */
export interface WhyWords {
  readonly why: string;
  readonly word: string;
  /** Stands before the word; it says nothing that the word does not. */
  readonly icon: string;
  readonly sentence: string;
}

/** The reasons in the order in which they are shown. */
export const WHY_WORDS: readonly WhyWords[] = [
  { why: 'happened', word: 'happened', icon: '●', sentence: 'Something happened in between.' },
  { why: 'published', word: 'published', icon: '◎', sentence: 'It was so before, and became public in between.' },
  { why: 'corrected', word: 'corrected', icon: '✎', sentence: 'What was recorded was wrong, and was corrected.' },
  { why: 'retracted', word: 'retracted', icon: '✕', sentence: 'What was recorded was taken back.' },
  { why: 'redated', word: 'redated', icon: '↔', sentence: 'It is the same, but the date became known otherwise.' },
  { why: 'recorded-late', word: 'recorded late', icon: '⧗', sentence: 'It was public before, and was recorded later.' },
];

/** The words for a reason; one that is not known here is shown as it is. */
export const whyInWords = (why: string): WhyWords =>
  WHY_WORDS.find((each) => each.why === why) ?? { why, word: why, icon: '', sentence: '' };
