import type { Rejection } from '../values/rejection.js';
import { readWorldDate } from '../values/world-date.js';

type Fields = Readonly<Record<string, unknown>>;

/** A rejection of a body because its fields do not fit together. */
export interface BodyFault extends Rejection {
  /** The fields that do not fit; the pointer is below the first of them, or the whole body. */
  readonly fields: readonly string[];
}

const DESCRIBED = ['title', 'kind', 'jurisdiction', 'aliases', 'sameAs'] as const;

/** Checks a body as a whole, in its input form, though each of its fields may be valid. */
export const bodyFaults = (body: Fields): readonly BodyFault[] => [
  ...endBeforeBeginning(body),
  ...describesNothing(body),
  ...supersededByItself(body),
];

// Only the order of two dates is checked here, which does not depend on the zone.
const ANY_ZONE = 'UTC';

function endBeforeBeginning({ occurred, effective }: Fields): readonly BodyFault[] {
  if (typeof occurred !== 'string' || !isFields(effective)) return [];
  const { from, to } = effective;
  if (typeof to !== 'string' || (from !== undefined && from !== null)) return [];
  const [begun, ended] = [readWorldDate(occurred, ANY_ZONE), readWorldDate(to, ANY_ZONE)];
  if (typeof begun === 'string' || typeof ended === 'string' || begun.earliest <= ended.latest) return [];
  return [
    {
      code: 'inverted-interval',
      pointer: '/effective/to',
      message: `An event that occurred ${occurred} cannot have an effect that ended ${to}. Correct one of the two, or give "effective" its own "from".`,
      fields: ['effective', 'occurred'],
    },
  ];
}

const describesNothing = (body: Fields): readonly BodyFault[] =>
  body['type'] === 'policy.redescribed' && DESCRIBED.every((field) => body[field] === undefined || body[field] === null)
    ? [
        {
          code: 'empty-changes',
          pointer: '',
          message: `Give at least one of ${DESCRIBED.join(', ')}: a policy.redescribed can change nothing else.`,
          fields: DESCRIBED,
        },
      ]
    : [];

const supersededByItself = ({ by, policy }: Fields): readonly BodyFault[] =>
  by !== undefined && by === policy
    ? [
        {
          code: 'repeated-policy',
          pointer: '/by',
          message: 'A policy cannot be superseded by itself. Name the policy that replaced it, or leave "by" out.',
          fields: ['by'],
        },
      ]
    : [];

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
