import { changesFaults, correctedFaults, deepestChanges } from './change-rules.js';
import type { Changes, EventBody } from '../schema/event.js';
import { limitFaults } from '../graph/recorded-limits.js';
import { datingPartsOf, followsRecordedBy } from '../graph/dating-parts.js';
import { linksIn, policiesIn } from '../graph/references.js';
import { graphEventOf } from '../graph/record-graph.js';
import { type Rejection, rankRejections } from '../values/rejection.js';
import type { Seen } from './seen.js';
import type { Instant } from '../values/time.js';

/** The result of a decision: accepted, or all rejections. */
export type Decision =
  { readonly accepted: true } | { readonly accepted: false; readonly rejections: readonly Rejection[] };

/** Decides whether an event may be recorded, given what is on record and the time. Pure; reports every reason at once. */
export const decide = (body: EventBody, seen: Seen, now: Instant): Decision =>
  decisionOf([...operatorsOnly(body), ...faults(body, seen, now)]);

/** Decides the same of an operator's act, which the service records itself. */
export const decideOperation = (body: EventBody, seen: Seen, now: Instant): Decision =>
  decisionOf(faults(body, seen, now));

function decisionOf(found: readonly Rejection[]): Decision {
  const rejections = rankRejections(found);
  return rejections.length > 0 ? { accepted: false, rejections } : { accepted: true };
}

const faults = (body: EventBody, seen: Seen, now: Instant): readonly Rejection[] => [
  ...unknownPolicies(body, seen),
  ...unknownLinks(body, seen),
  ...targetFaults(body, seen),
  ...changesFaults(body.changes, body.target, { seen, pointer: '/changes' }),
  ...publishedLater(body, seen, now),
  ...correctedFaults(body, seen),
  ...cycles(body, seen),
  ...(seen.recorded ? limitFaults(graphEventOf(body), seen.recorded) : []),
];

const operatorsOnly = ({ type }: EventBody): readonly Rejection[] =>
  type.startsWith('operation.')
    ? [
        {
          code: 'operators-only',
          pointer: '/type',
          message:
            'Only the service records this type, when an operator acts. Use the operator routes described at /docs.',
        },
      ]
    : [];

const unknownPolicies = (body: EventBody, seen: Seen): readonly Rejection[] =>
  policiesIn(body)
    .filter(({ slug }) => !seen.policyExists(slug))
    .map(({ slug, pointer }) => ({
      code: 'unknown-policy',
      pointer,
      message: `No policy "${slug}" is registered. Register it first, or check its slug.`,
    }));

const unknownLinks = (body: EventBody, seen: Seen): readonly Rejection[] =>
  linksIn(body)
    .filter(({ to }) => !seen.eventOf(to))
    .map(({ to, pointer }) => ({
      code: 'unknown-link-target',
      pointer,
      message: `No event "${to}" is on record. Record it first, or check its key.`,
    }));

function targetFaults({ target, policy }: EventBody, seen: Seen): readonly Rejection[] {
  if (target === undefined) return [];
  const found = seen.eventOf(target);
  const pointer = '/target';
  if (!found)
    return [
      {
        code: 'unknown-target',
        pointer,
        message: `No event "${target}" is on record. Record it first, or check its key.`,
      },
    ];
  if (found.policy !== policy)
    return [
      {
        code: 'foreign-target',
        pointer,
        message: `"${target}" belongs to the policy "${found.policy}". Record this event under that policy.`,
      },
    ];
  if (found.type === 'source.retracted' || found.type.startsWith('operation.'))
    return [
      {
        code: 'forbidden-target',
        pointer,
        message: `"${target}" is a ${found.type}, which cannot be corrected, retracted or given sources. Name another event.`,
      },
    ];
  return [];
}

function publishedLater(body: EventBody, { corrected }: Seen, now: Instant): readonly Rejection[] {
  const { changes, pointer } = deepestChanges(body);
  const own = laterThanNow(body, { isForthcoming: body.forthcoming === true, pointer: '', now });
  if (!changes) return own;
  const isForthcoming = (corrected ?? changes).forthcoming === true;
  return [
    ...own,
    ...laterThanNow(changes, { isForthcoming, pointer, now }),
    ...('forthcoming' in changes && !changes.publishedAt && corrected
      ? laterThanNow(corrected, { isForthcoming, pointer, now }).map((found) => ({
          ...found,
          pointer: `${pointer}/forthcoming`,
        }))
      : []),
  ];
}

function laterThanNow(
  { publishedAt }: Pick<Changes, 'publishedAt'>,
  { isForthcoming, pointer, now }: { readonly isForthcoming: boolean; readonly pointer: string; readonly now: Instant },
): readonly Rejection[] {
  if (isForthcoming || !publishedAt || publishedAt.from <= now) return [];
  return [
    {
      code: 'published-in-future',
      pointer: `${pointer}/publishedAt`,
      message: `${publishedAt.text} is later than now. Correct the date, or set "forthcoming" to true.`,
    },
  ];
}

/** Rejects `follows` links that would lead back to their event; a correction adds links to what it corrects. */
function cycles(body: EventBody, seen: Seen): readonly Rejection[] {
  const dated = { ...body, parts: datingPartsOf(body) };
  return followsRecordedBy(dated, (key) => seen.eventOf(key)?.target).flatMap(({ from, to, pointer }) =>
    from === to || leadsTo(to, from, seen)
      ? [
          {
            code: 'cycle' as const,
            pointer,
            message: `"${to}" already follows "${from}", directly or through others. Remove one of the two links.`,
          },
        ]
      : [],
  );
}

function leadsTo(start: string, end: string, seen: Seen): boolean {
  const reached = new Set([start]);
  for (const key of reached) {
    if (key === end) return true;
    for (const next of seen.followsEver(key)) reached.add(next);
  }
  return false;
}
