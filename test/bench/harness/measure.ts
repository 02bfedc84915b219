/** One way of doing a piece of work, timed against the others of its comparison. */
export interface Contender {
  readonly name: string;
  /** Does the work once; answers how many units it did (events, requests, rows). */
  readonly run: () => Promise<number>;
}

/** The least, middle and greatest of a series. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** What one contender reached, in units a second, and against the reference of the same round. */
export interface Measured {
  readonly name: string;
  readonly perSecond: Spread;
  readonly ratio: Spread;
}

/** Contenders measured in one go; the first is the reference that the others' ratios are against. */
export interface Comparison {
  readonly title: string;
  readonly unit: string;
  readonly rounds: number;
  readonly measured: readonly Measured[];
}

interface Plan {
  readonly title: string;
  readonly unit: string;
  readonly rounds: number;
  readonly contenders: readonly [Contender, ...Contender[]];
}

/**
 * Runs every contender once to warm up, then once in each round, in turn.
 *
 * A ratio is taken within a round, so a machine that slows down for a while slows both sides of it.
 */
export async function compare({ title, unit, rounds, contenders }: Plan): Promise<Comparison> {
  for (const contender of contenders) await contender.run();
  const rates: Rates[] = [];
  for (let round = 0; round < rounds; round += 1) rates.push(await oneRound(contenders));
  return comparisonOf({ title, unit, rates });
}

/** What each contender reached in one round, in units a second; the reference first. */
export type Rates = ReadonlyMap<string, number>;

/** Sums up rounds that were measured elsewhere, each with the same contenders. */
export function comparisonOf({
  title,
  unit,
  rates,
}: {
  readonly title: string;
  readonly unit: string;
  readonly rates: readonly Rates[];
}): Comparison {
  const names = [...(rates[0]?.keys() ?? [])];
  const [reference = ''] = names;
  return {
    title,
    unit,
    rounds: rates.length,
    measured: names.map((name) => ({
      name,
      perSecond: spreadOf(rates.map((rate) => rate.get(name) ?? 0)),
      ratio: spreadOf(rates.map((rate) => (rate.get(name) ?? 0) / (rate.get(reference) ?? 1))),
    })),
  };
}

async function oneRound(contenders: readonly Contender[]): Promise<Rates> {
  const rates = new Map<string, number>();
  for (const { name, run } of contenders) {
    const start = performance.now();
    const units = await run();
    rates.set(name, units / ((performance.now() - start) / 1000));
  }
  return rates;
}

/** The spread of a series that is not empty. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (index: number): number => sorted[index] ?? 0;
  return { min: at(0), median: at(Math.floor(sorted.length / 2)), max: at(sorted.length - 1) };
}

/** Runs work from several callers at once, each starting its next when its last is done, until `total` are done. */
export async function withCallers(
  callers: number,
  total: number,
  work: (index: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let index = next++; index < total; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return total;
}

/** Callers who each wait for an answer before they ask again. */
export interface Callers {
  readonly name: string;
  readonly callers: number;
  /** Answers of all callers in a round. */
  readonly answers: number;
  readonly ask: () => Promise<unknown>;
}

/** How long callers waited for an answer: in milliseconds, as the spread of the rounds' percentiles. */
export interface Latency {
  readonly name: string;
  readonly callers: number;
  readonly answers: number;
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
}

/** Lets each group of callers ask once to warm up, then once in each round, in turn. */
export async function latencies(rounds: number, groups: readonly Callers[]): Promise<readonly Latency[]> {
  const waits = new Map<Callers, (readonly number[])[]>(groups.map((group) => [group, []]));
  for (const group of groups) await waitsOf(group);
  for (let round = 0; round < rounds; round += 1) for (const [group, of] of waits) of.push(await waitsOf(group));
  return [...waits].map(([{ name, callers, answers }, of]) => ({
    name,
    callers,
    answers,
    p50Ms: spreadOf(of.map((waited) => percentileOf(waited, 50))),
    p99Ms: spreadOf(of.map((waited) => percentileOf(waited, 99))),
  }));
}

/** What each answer of a round took, in milliseconds, least first. */
async function waitsOf({ callers, answers, ask }: Callers): Promise<readonly number[]> {
  const waits: number[] = [];
  await withCallers(callers, answers, async () => {
    const start = performance.now();
    await ask();
    waits.push(performance.now() - start);
  });
  return waits.sort((one, other) => one - other);
}

/** The least value of an ascending series that so many percent of it do not exceed. */
export function percentileOf(ascending: readonly number[], percent: number): number {
  return ascending[Math.max(0, Math.ceil((ascending.length * percent) / 100) - 1)] ?? 0;
}
