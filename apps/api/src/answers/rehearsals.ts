import { type Instant, formatInstant } from '#domain';
import type { Rehearsal, RehearsalOutcome, RehearsedDifference } from '#recording';
import type { RehearsalAnswer } from './write-answers.js';

type Rehearsed = Extract<RehearsalOutcome, { outcome: 'rehearsed' }>;

/** Shows a rehearsal about a policy. */
export function shownRehearsal(policy: string, { rehearsal, warnings, repeats }: Rehearsed): RehearsalAnswer {
  return {
    rejections: [],
    warnings,
    ...(repeats === undefined ? {} : { repeats }),
    would: {
      now: shownDifference(policy, rehearsal.now),
      onItsDay: shownDifference(policy, rehearsal.onItsDay),
      affects: rehearsal.affects.map(shownEffect),
    },
  };
}

const shownDifference = (
  policy: string,
  { knownAt, validAt, changes, added, removed }: RehearsedDifference,
): RehearsalAnswer['would']['now'] => ({
  knownAt: formatInstant(knownAt),
  validAt: formatInstant(validAt),
  changes: changes.map((change) => ({ policy, ...change })),
  added,
  removed,
});

const shownEffect = ({
  field,
  known,
  valid,
}: Rehearsal['affects'][number]): RehearsalAnswer['would']['affects'][number] => ({
  field,
  known: { from: boundOf(known.from) },
  valid: { from: boundOf(valid.from), to: boundOf(valid.to) },
});

/** An open end is `null`. */
const boundOf = (at: Instant): string | null => (Number.isFinite(at) ? formatInstant(at) : null);
