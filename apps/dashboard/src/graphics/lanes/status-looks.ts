import { type StatusFamily, familyOf } from '../../words/words.js';
import type { BarLook, Pattern } from './lane-input.js';

type FamilyLook = Readonly<Pick<BarLook, 'letter'> & { pattern: Pattern }>;

const LOOKS: Readonly<Record<StatusFamily, FamilyLook>> = {
  talk: { pattern: 'plain', letter: 'T' },
  bargaining: { pattern: 'lines', letter: 'B' },
  making: { pattern: 'dots', letter: 'M' },
  running: { pattern: 'solid', letter: 'R' },
  trouble: { pattern: 'diagonal', letter: 'X' },
  over: { pattern: 'cross-hatch', letter: 'O' },
};

/** How a status is drawn: by its family, in colour, pattern and letter. What is stalled is striped. */
export function lookOfStatus(status: string): BarLook {
  const tone = familyOf(status);
  const look = LOOKS[tone];
  return { tone, letter: look.letter, pattern: status === 'stalled' ? 'stripes' : look.pattern };
}

/** How values that are no statuses are drawn. */
export const NEUTRAL_LOOK: BarLook = { tone: 'neutral', pattern: 'plain', letter: '' };
