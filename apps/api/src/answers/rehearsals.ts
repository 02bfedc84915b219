import { type Instant, formatInstant } from '#domain';
import type { Rehearsal, RehearsalOutcome, RehearsedDifference } from '#recording';
import type { RehearsalAnswer } from './write-answers.js';

type Rehearsed = Extract<RehearsalOutcome, { outcome: 'rehearsed' }>;

/** Shows a rehearsal about a policy. */
export function showRehearsal(policy: string, { rehearsal, warnings, repeats }: Rehearsed): RehearsalAnswer {
  return {
    rejections: [],
    warnings,
    ...(repeats === undefined ? {} : { repeats }),
    would: {
      now: showDifference(policy, rehearsal.now),
      onItsDay: showDifference(policy, rehearsal.onItsDay),
      affects: rehearsal.affects.map(showEffect),
    },
  };
}

const showDifference = (
  policy: string,
  { knownAt, validAt, changes, added, removed }: RehearsedDifference,
): RehearsalAnswer['would']['now'] => ({
  knownAt: formatInstant(knownAt),
  validAt: formatInstant(validAt),
  changes: changes.map((change) => ({ policy, ...change })),
  added,
  removed,
  addedEvents: added.map((key) => ({ policy, key })),
  removedEvents: removed.map((key) => ({ policy, key })),
});

const showEffect = ({
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
