/** The stages that types of events give, from the first word to the end; a step of negotiations may name any other. */
const COURSE: readonly string[] = [
  'sought',
  'exploratory',
  'open',
  'stalled',
  'agreed-in-principle',
  'signed',
  'ratified',
  'in-force',
];

/** The stages at which negotiations are over. */
const OVER: ReadonlySet<string> = new Set(['collapsed', 'terminated']);

/** A column of the page: a stage, and what is at it. */
export interface StageColumn<Row> {
  readonly stage: string;
  readonly rows: readonly Row[];
}

/** Sorts negotiations into columns: the known stages in their course, then others by name; those that are over apart. */
export function arrangeStages<Row extends { readonly stage: string }>(
  rows: readonly Row[],
): { readonly running: readonly StageColumn<Row>[]; readonly over: readonly StageColumn<Row>[] } {
  const stages = [...new Set(rows.map(({ stage }) => stage))].sort(
    (one, other) => placeOf(one) - placeOf(other) || (one < other ? -1 : 1),
  );
  const columns = stages.map((stage) => ({ stage, rows: rows.filter((row) => row.stage === stage) }));
  return {
    running: columns.filter(({ stage }) => !OVER.has(stage)),
    over: columns.filter(({ stage }) => OVER.has(stage)),
  };
}

function placeOf(stage: string): number {
  const place = COURSE.indexOf(stage);
  return place === -1 ? COURSE.length : place;
}
