import { z } from 'zod';
import type { ListRow } from '../service/pages.js';
import { alignColumns, showValue, widthsOf } from './cells.js';
import type { DocumentView } from './document.js';
import { formOf, tableNamed } from './form.js';

const changeSchema = z.looseObject({
  policy: z.string(),
  field: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  why: z.string(),
  events: z.array(z.string()),
  causes: z.array(z.string()),
});

/** The answer to a comparison, as far as it is shown. */
export const comparisonSchema = z.looseObject({
  changes: z.array(changeSchema),
  added: z.array(z.string()),
  removed: z.array(z.string()),
  permalink: z.string(),
});

/** See the schema. */
export type ComparedStates = Readonly<z.output<typeof comparisonSchema>>;

/** True where nothing differs, no field and no event. */
export const isSame = ({ changes, added, removed }: ComparedStates): boolean =>
  changes.length + added.length + removed.length === 0;

const CHANGES = tableNamed('changes');

/** Shows a comparison field by field: before, after, and the events that made the difference. */
export const changesView = (difference: ComparedStates): DocumentView => ({
  document: withoutMeta(difference),
  frame: difference,
  // It has no column of days, which would need the zone of the service.
  form: { columns: CHANGES.columns, rowsOf: (row) => CHANGES.rowsOf(row, String) },
  rows: difference.changes,
  lines: (paint) => [
    ...difference.changes.flatMap(({ policy, field, before, after, why, causes }) => [
      `${policy} ${field}`,
      ...(before === null ? [] : [paint('red', `  - ${showValue(before)}`)]),
      ...(after === null ? [] : [paint('green', `  + ${showValue(after)}`)]),
      paint('dim', `    ${why}: ${causes.join(', ')}`),
    ]),
    ...difference.added.map((key) => paint('green', `+ event ${key}`)),
    ...difference.removed.map((key) => paint('red', `- event ${key}`)),
  ],
});

/** Counts the changes of each policy, by why. */
export function countsView(difference: ComparedStates): DocumentView {
  const counts = countByPolicy(difference.changes);
  const rows: readonly ListRow[] = [...counts].map(([policy, reasons]) => ({
    policy,
    changes: sum(reasons),
    why: Object.fromEntries(reasons),
  }));
  const total = rows.reduce((all, { changes }) => all + Number(changes), 0);
  const { added, removed } = difference;
  const cells = [...counts].map(([policy, reasons]) => [
    policy,
    String(sum(reasons)),
    [...reasons].map(([why, count]) => `${count} ${why}`).join(', '),
  ]);
  return {
    document: {
      changes: total,
      added: added.length,
      removed: removed.length,
      policies: rows,
      permalink: difference.permalink,
    },
    frame: difference,
    form: formOf(['policy', 'changes', 'why']),
    rows,
    lines: () => [
      ...alignColumns(cells, widthsOf(cells)),
      `${count(total, 'field')} changed in ${count(rows.length, 'policy', 'policies')}, ${count(added.length, 'event')} added, ${removed.length} removed`,
    ],
  };
}

/** Names the fields that differ. */
export const namesView = (difference: ComparedStates): DocumentView => {
  const rows = difference.changes.map(({ policy, field }) => ({ policy, field }));
  return {
    document: { items: rows, permalink: difference.permalink },
    frame: difference,
    form: formOf(['policy', 'field']),
    rows,
    lines: () => rows.map(({ policy, field }) => `${policy} ${field}`),
  };
};

/** An operation of a JSON Patch (RFC 6902). */
export const patchSchema = z.array(z.looseObject({ op: z.string(), path: z.string(), value: z.unknown().optional() }));

/** Shows the patch that turns the first state into the second. */
export const patchView = (operations: z.output<typeof patchSchema>, frame: ListRow): DocumentView => ({
  document: operations,
  frame,
  form: formOf(['op', 'path', 'value']),
  rows: operations,
  lines: (paint) =>
    operations.map(({ op, path, value }) =>
      paint(
        op === 'remove' ? 'red' : 'green',
        `${op} ${path === '' ? '/' : path}${value === undefined ? '' : ` ${JSON.stringify(value)}`}`,
      ),
    ),
});

function countByPolicy(changes: ComparedStates['changes']): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const counts = new Map<string, Map<string, number>>();
  for (const { policy, why } of changes) {
    const reasons = counts.get(policy) ?? new Map<string, number>();
    reasons.set(why, (reasons.get(why) ?? 0) + 1);
    counts.set(policy, reasons);
  }
  return counts;
}

const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((all, each) => all + each, 0);

const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`;

const withoutMeta = ({ meta: _meta, ...rest }: ComparedStates): ListRow => rest;
