import type { Stance } from '../../http/model-answers.js';

/** One stance that an actor took, with what decides whether it can be set against another. */
export interface Step {
  readonly stance: Stance;
  /** Key of the event. */
  readonly event: string;
  /** When it was taken at the earliest and at the latest; null where there is no bound, undefined where nothing is known. */
  readonly earliest?: string | null | undefined;
  readonly latest?: string | null | undefined;
  /** Keys of the events that it is recorded to follow. */
  readonly follows: readonly string[];
  /** Who took it; undefined where the event does not tell. */
  readonly speaker: 'named' | 'anonymous' | 'group' | undefined;
}

/** Why two stances that differ are not called a reversal. */
export type Doubt = 'order' | 'anonymous' | 'group' | 'speaker';

/** What the stances of one actor about one policy come to. */
export type Course =
  | { readonly kind: 'steady' }
  | { readonly kind: 'reversed'; readonly from: Step; readonly to: Step }
  | { readonly kind: 'differ'; readonly from: Step; readonly to: Step; readonly doubt: Doubt };

const SIGNS: Readonly<Record<Stance, 1 | 0 | -1>> = {
  support: 1,
  conditional: 0,
  noncommittal: 0,
  oppose: -1,
  refuse: -1,
};

/** The rule by which a reversal is told, as the page prints it. */
export const REVERSAL_RULE =
  'An actor has reversed if the newest stance that is for or against is the opposite of the one before it (support counts as for; oppose and refuse as against; conditional and noncommittal as neither), if it is settled which of the two came first, and if the actor is neither anonymous nor a group. Where one of these is missing, the stances differ, and that is all that can be said.';

/**
 * Judges the stances of one actor about one policy, in order of occurrence.
 *
 * Of several changes between for and against the newest counts that is a reversal, else the newest of all.
 */
export function judgeCourse(steps: readonly Step[]): Course {
  const sided = steps.filter(({ stance }) => SIGNS[stance] !== 0);
  const changes = sided
    .flatMap((to, index) => {
      const from = sided[index - 1];
      return from !== undefined && SIGNS[from.stance] !== SIGNS[to.stance] ? [judgeChange(from, to)] : [];
    })
    .reverse();
  return changes.find(({ kind }) => kind === 'reversed') ?? changes[0] ?? { kind: 'steady' };
}

function judgeChange(from: Step, to: Step): Course {
  const doubt = doubtAbout(from, to);
  return doubt === undefined ? { kind: 'reversed', from, to } : { kind: 'differ', from, to, doubt };
}

function doubtAbout(from: Step, to: Step): Doubt | undefined {
  const speakers = [from.speaker, to.speaker];
  if (speakers.includes('anonymous')) return 'anonymous';
  if (speakers.includes('group')) return 'group';
  if (speakers.includes(undefined)) return 'speaker';
  return isOrderSettled(from, to) ? undefined : 'order';
}

/** True if one ended before the other began, as far as their dates are known, or is recorded to follow it. */
function isOrderSettled({ event, latest }: Step, { earliest, follows }: Step): boolean {
  if (follows.includes(event)) return true;
  return typeof latest === 'string' && typeof earliest === 'string' && Date.parse(latest) < Date.parse(earliest);
}
