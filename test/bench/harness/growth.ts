/** What recording a shape at one size came to. */
export interface Cost {
  readonly size: number;
  /** Lines and links that were sent, and those that were accepted. */
  readonly sent: number;
  readonly accepted: number;
  /** How many lines were refused, by code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Of the application and the database. */
  readonly cpuSeconds: number;
  readonly rows: number;
  /** Why the cost is not known: it never came to an end. */
  readonly fault?: string;
}

/** How costs grew from one size to the next, divided by how the input did: 1 is linear. */
export interface MeasuredGrowth {
  readonly cpu: number;
  readonly rows: number;
}

/**
 * Whether a shape is harmless: `linear`, each growth within the limit; `limited`, a named limit refuses the larger
 * sizes, and what was accepted is within it; `fails` otherwise.
 */
export interface Verdict {
  readonly verdict: 'linear' | 'limited' | 'fails';
  readonly because: string;
}

/** Beyond this, a growth is not linear. */
export const MOST_GROWTH = 1.2;

/** What is done in less cannot be told from chance. */
const LEAST_CPU_SECONDS = 0.5;
const LEAST_ROWS = 100;

/** What a line that hangs on a refused one is refused with. */
const CONSEQUENCE = 'target-rejected';

/** Input costs time even where it is refused; rows come of what was accepted. */
export function growthOf(before: Cost, after: Cost): MeasuredGrowth {
  const ratio = (least: number, [from, to]: readonly [number, number]): number =>
    Math.max(least, to) / Math.max(least, from);
  return {
    cpu: ratio(LEAST_CPU_SECONDS, [before.cpuSeconds, after.cpuSeconds]) / (after.sent / before.sent),
    rows: ratio(LEAST_ROWS, [before.rows, after.rows]) / (Math.max(1, after.accepted) / Math.max(1, before.accepted)),
  };
}

/** Judges the costs of a shape at growing sizes; the codes are those of limits, by which a refusal is no mistake. */
export function verdictOf(costs: readonly Cost[], limitCodes: ReadonlySet<string>): Verdict {
  const fault = costs.find((cost) => cost.fault !== undefined);
  if (fault) return { verdict: 'fails', because: `${fault.size}: ${fault.fault}` };
  const codes = new Set(costs.flatMap(({ refused }) => Object.keys(refused)).filter((code) => code !== CONSEQUENCE));
  const mistaken = [...codes].find((code) => !limitCodes.has(code));
  if (mistaken !== undefined) return { verdict: 'fails', because: `refused as ${mistaken}, which is no limit` };
  const steps = costs.slice(1).flatMap((after, index) => {
    const before = costs[index];
    return before ? [{ after, ...growthOf(before, after) }] : [];
  });
  const steep = steps.filter(({ cpu, rows }) => Math.max(cpu, rows) > MOST_GROWTH);
  const [first] = steep;
  const limits = [...codes].join(', ');
  if (!first) return { verdict: codes.size > 0 ? 'limited' : 'linear', because: limits };
  const grows = steep.map((step) => `at ${step.after.size} ${saying(step)}`).join('; ');
  // Where a limit refuses more, steep growth below it has an end.
  const hasEnd = isLimited(costs.at(-1)) && !steep.some(({ after }) => isLimited(after));
  return hasEnd
    ? { verdict: 'limited', because: `${limits}; below it, ${grows}` }
    : { verdict: 'fails', because: grows };
}

const isLimited = (cost: Cost | undefined): boolean => cost !== undefined && Object.keys(cost.refused).length > 0;

const saying = ({ cpu, rows }: MeasuredGrowth): string =>
  [
    ...(cpu > MOST_GROWTH ? [`CPU grows ${cpu.toFixed(2)} of linear`] : []),
    ...(rows > MOST_GROWTH ? [`rows grow ${rows.toFixed(2)} of linear`] : []),
  ].join(', ');
