import { type Instant, type Warning, formatInstant } from '#domain';
import type { Rehearsal, RehearsalOutcome, RehearsedDifference } from '#recording';

type Rehearsed = Extract<RehearsalOutcome, { outcome: 'rehearsed' }>;

/** What recording an event would change, as answers show it. */
export interface RehearsalAnswer {
  /** Always empty here: what is rejected is answered as the write would be. */
  readonly rejections: readonly never[];
  readonly warnings: readonly Warning[];
  /** Where the same event is on record already. */
  readonly repeats?: number;
  readonly would: {
    readonly now: object;
    readonly onItsDay: object;
    readonly affects: readonly object[];
  };
}

/** Shows a rehearsal about a policy. */
export function rehearsalAnswer(policy: string, { rehearsal, warnings, repeats }: Rehearsed): RehearsalAnswer {
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
): object => ({
  knownAt: formatInstant(knownAt),
  validAt: formatInstant(validAt),
  changes: changes.map((change) => ({ policy, ...change })),
  added,
  removed,
});

const shownEffect = ({ field, known, valid }: Rehearsal['affects'][number]): object => ({
  field,
  known: { from: boundOf(known.from) },
  valid: { from: boundOf(valid.from), to: boundOf(valid.to) },
});

/** An open end is `null`. */
const boundOf = (at: Instant): string | null => (Number.isFinite(at) ? formatInstant(at) : null);
