import { flatValue } from '#tables';
import { z } from 'zod';
import { alignColumns, showValue, widthsOf } from '../../render/cells.js';
import { jsonOf } from '../../render/form.js';
import type { AnswerOutput } from '../../render/formats.js';
import { type ListRow, rowSchema } from '../../service/pages.js';

const coordinateSchema = z.object({
  recordedAt: z.object({ position: z.int(), at: z.string().nullable() }),
  knownAt: z.string(),
  validAt: z.string(),
});

const blameSchema = z.looseObject({
  event: z.string(),
  position: z.int(),
  publishedAt: z.string(),
  occurred: z.string(),
  sources: z.array(rowSchema),
  replaced: z.string().nullable(),
  correctedBy: z.array(z.unknown()),
});

const uncertainSchema = z.looseObject({
  field: z.string(),
  value: z.unknown(),
  event: z.string(),
  from: z.string().nullable(),
  settled: z.string().nullable(),
});

/** The state of one policy, as far as it is shown. */
export const policyStateSchema = z.looseObject({
  policy: z.string(),
  title: z.string(),
  kind: z.string(),
  jurisdiction: z.string(),
  sameAs: z.array(z.string()).optional(),
  coordinate: coordinateSchema,
  state: rowSchema,
  uncertain: z.array(uncertainSchema),
  eventCount: z.int(),
  blame: z.record(z.string(), blameSchema).optional(),
  permalink: z.string(),
  meta: z.unknown().optional(),
});

/** See the schema. */
export type ShownPolicy = Readonly<z.output<typeof policyStateSchema>>;

/** Fields by their paths: a state nests at the first dot. */
export function* fieldsOf(state: ListRow): Generator<readonly [string, unknown]> {
  for (const [name, value] of Object.entries(state)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) yield [name, value];
    else for (const [rest, inner] of Object.entries(value)) yield [`${name}.${rest}`, inner];
  }
}

/** A value in the columns that tables have for it. */
export const valueColumns = (value: unknown): ListRow => ({ ...flatValue(jsonOf(value)), value });

/** A state as rows: a row for each field, and one for each value that it may have already. */
export function stateRows({ policy, state, uncertain, blame }: ShownPolicy): readonly ListRow[] {
  const settled = [...fieldsOf(state)].map(([field, value]) => {
    const row = { policy, field, ...valueColumns(value), isUncertain: false };
    const reason = blame?.[field];
    if (!reason) return row;
    const { event, occurred, publishedAt, replaced, correctedBy } = reason;
    return { ...row, event, occurred, publishedAt, replaced, correctedBy };
  });
  return [
    ...settled,
    ...uncertain.map(({ field, value, event, from, settled: until }) => ({
      policy,
      field,
      ...valueColumns(value),
      isUncertain: true,
      event,
      from,
      settled: until,
    })),
  ];
}

/** A state for people. */
export function stateLines(answer: ShownPolicy, paint: AnswerOutput['paint']): readonly string[] {
  const { policy, title, kind, jurisdiction, sameAs = [], coordinate, state, uncertain, eventCount, blame } = answer;
  const cells = [...fieldsOf(state)].map(([field, value]) => {
    const reason = blame?.[field];
    return [field, showValue(value), ...(reason ? [`${reason.event} (published ${reason.publishedAt})`] : [])];
  });
  const doubts = uncertain.map(({ field, value, event, from, settled }) => [
    `${field}?`,
    `${showValue(value) || 'nothing'}, from ${from ?? 'an unknown time'} on, surely by ${settled ?? 'an unknown time'} (${event})`,
  ]);
  return [
    title,
    paint('dim', `${policy}, ${kind}, ${jurisdiction}; ${eventCount} ${eventCount === 1 ? 'event' : 'events'}`),
    ...sameAs.map((address) => paint('dim', `same as ${address}`)),
    paint('dim', coordinateLine(coordinate)),
    ...(cells.length + doubts.length === 0 ? ['Nothing is known of it at this point.'] : ['']),
    ...alignColumns(cells, widthsOf(cells)),
    ...alignColumns(doubts, widthsOf(doubts)),
  ];
}

/** A coordinate for people. */
const coordinateLine = ({ recordedAt, knownAt, validAt }: z.output<typeof coordinateSchema>): string =>
  `known ${knownAt}, valid ${validAt}, recorded @${recordedAt.position}`;
