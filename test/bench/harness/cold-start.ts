import { type BenchedApplication, runBenched } from './application.js';
import { type Comparison, type Rates, comparisonOf, spreadOf } from './measure.js';

/** A start is cold for so long, and warm after so long: what is filled behind the answers has had its time. */
const COLD_MS = 10_000;
const MINUTE_MS = 60_000;
const WARM_MS = 75_000;

const STARTS = 2;

/** A question, by its place in a row of them. */
interface Question {
  readonly of: string;
  readonly path: (policies: number, index: number) => string;
}

interface Answered {
  readonly of: string;
  /** When it was asked, in milliseconds from the start, and how long it took. */
  readonly atMs: number;
  readonly tookMs: number;
}

/**
 * Starts the application on a corpus and asks the questions in turn from its first moment on, one caller, until it is
 * warm: the rates are those of the median answer in the first seconds and the first minute, and of the slowest in that.
 */
export async function coldComparisons(
  database: string,
  questions: readonly Question[],
  { policies, rounds }: { readonly policies: number; readonly rounds: { readonly whole: number } },
): Promise<readonly Comparison[]> {
  const starts: (readonly Answered[])[] = [];
  for (let start = 0; start < Math.min(rounds.whole, STARTS); start += 1)
    starts.push(await askedFromTheStart(database, questions, policies));
  return questions.map(({ of }) =>
    comparisonOf({
      title: `As-of of ${of}, right after a start`,
      unit: 'answers',
      rates: starts.map((answered) => ratesOf(answered.filter((each) => each.of === of))),
    }),
  );
}

async function askedFromTheStart(
  database: string,
  questions: readonly Question[],
  policies: number,
): Promise<readonly Answered[]> {
  const application = await runBenched(database);
  try {
    return await askedInTurn(application, questions, policies);
  } finally {
    await application.stop();
  }
}

async function askedInTurn(
  { url }: BenchedApplication,
  questions: readonly Question[],
  policies: number,
): Promise<readonly Answered[]> {
  const start = performance.now();
  const answered: Answered[] = [];
  for (let index = 0; performance.now() - start < WARM_MS + COLD_MS; index += 1)
    for (const { of, path } of questions) {
      const asked = performance.now();
      const answer = await fetch(`${url}${path(policies, index)}`);
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`${path(policies, index)}: ${answer.status}`);
      answered.push({ of, atMs: asked - start, tookMs: performance.now() - asked });
    }
  return answered;
}

function ratesOf(answered: readonly Answered[]): Rates {
  const within = (fromMs: number, toMs: number): readonly number[] =>
    answered.filter(({ atMs }) => atMs >= fromMs && atMs < toMs).map(({ tookMs }) => tookMs);
  const rate = (tookMs: number): number => 1000 / tookMs;
  return new Map([
    ['warm, the median', rate(spreadOf(within(WARM_MS, Infinity)).median)],
    ['first ten seconds, the median', rate(spreadOf(within(0, COLD_MS)).median)],
    ['first minute, the median', rate(spreadOf(within(0, MINUTE_MS)).median)],
    ['first minute, the slowest', rate(spreadOf(within(0, MINUTE_MS)).max)],
  ]);
}
