import { claimantsOf, periodDays, valueBounds } from '#domain';
import type { EventBody } from '#domain/facts';
import type { EntryObject } from '#event-log/canonical';
import { isInRecord } from '#temporal';
import type { PausingWork, VersionWithRecords } from '#temporal/fold';
import type { FiguresQuestion } from '../question.js';
import { describeEvent } from './described-event.js';
import { isWithin } from './event-rows.js';
import { asJson } from './recount.js';

/**
 * The figures that a list shows, in order of occurrence, but for that in which other policies play a part: what conflicts
 * with them, and what supersedes them.
 */
export function* figureRows(
  versions: readonly VersionWithRecords[],
  { policy, question }: { readonly policy: string; readonly question: FiguresQuestion },
): PausingWork<readonly EntryObject[]> {
  const rows: EntryObject[] = [];
  for (const version of versions) {
    if (!isInRecord(version) || !isWithin(version, question.times)) continue;
    const { figures = [], ...body } = version.body;
    for (const figure of figures)
      if (isAsked(figure, body, question))
        rows.push(asJson({ ...describeEvent(version, policy), ...figureOf(figure), ...saidBy(body) }));
    yield;
  }
  return rows;
}

type Figure = NonNullable<EventBody['figures']>[number];

type Claim = Pick<EventBody, 'attributedTo' | 'actors' | 'epistemic'>;

function figureOf({ measure, value, comparator, unit, period, comparedTo, purpose }: Figure) {
  const { first, last } = periodDays(period ?? null);
  return {
    measure,
    value,
    comparator,
    ...valueBounds({ value, comparator }),
    unit,
    period: period ?? null,
    periodFrom: first,
    periodTo: last,
    comparedTo: comparedTo ?? null,
    purpose: purpose ?? null,
  };
}

/** Who says so, and how surely. */
const saidBy = ({ epistemic = 'reported', ...body }: Claim) => ({ claimedBy: claimantsOf(body), epistemic });

function isAsked(figure: Figure, claim: Claim, asked: FiguresQuestion): boolean {
  const { claimedBy, epistemic } = saidBy(claim);
  return (
    (asked.measures?.includes(figure.measure) ?? true) &&
    (asked.unit ?? figure.unit) === figure.unit &&
    (asked.claimedBy === undefined || claimedBy.includes(asked.claimedBy)) &&
    (asked.epistemic ?? epistemic) === epistemic
  );
}
