import { APPLICATION_ROLE, createPostgresEventLog } from '#event-log';
import { migrateLog } from '#kurrentdb-log';
import { openPool } from '#postgres';
import { runBenched } from '../harness/application.js';
import { policySlug } from '../harness/corpus.js';
import { makeDatabase } from '../harness/databases.js';
import { importCorpusLines } from '../harness/import-corpus.js';
import { type Comparison, type Contender, compare, withCallers } from '../harness/measure.js';
import type { Settings } from '../harness/settings.js';
import { MOST_LINKED, analystLines } from './analyst-corpus.js';

const SIZES = [100_000];
const POLICIES = 500;
const ROUNDS = 5;
const CALLERS = 2;
const ANSWERS = 4;
const MOST_PAGES = 100;
const LEVEL_LIMIT_MS = 1_800_000;

/** What analysts ask of all policies, against the list of all states in the same run; and what impacts cost. */
export async function analysisComparisons(
  server: string,
  { sizes = SIZES, policies = POLICIES, rounds = ROUNDS }: Settings,
): Promise<{ comparisons: readonly Comparison[]; notes: readonly unknown[] }> {
  const comparisons: Comparison[] = [];
  const notes: unknown[] = [];
  for (const events of sizes) {
    const url = await serveCorpus(server, { events, policies });
    const application = await runBenched(url);
    try {
      await application.isLevel(policies + events + 1, LEVEL_LIMIT_MS);
      const asked = questions(application.url);
      for (const { title, contenders } of asked)
        comparisons.push(
          await compare({
            title: `${title}, ${events} events of ${policies} policies`,
            unit: 'answers',
            rounds,
            contenders,
          }),
        );
      notes.push({ events, policies, ...(await sizesOf(application.url)) });
    } finally {
      await application.stop();
    }
  }
  return { comparisons, notes };
}

async function serveCorpus(
  server: string,
  { events, policies }: { events: number; policies: number },
): Promise<string> {
  const name = `analysis_${events}`;
  const url = await makeDatabase(server, name);
  await migrateLog(url);
  const pool = openPool({ url, name: 'bench', role: APPLICATION_ROLE, onIdleError: () => undefined });
  const log = createPostgresEventLog({ pool });
  await importCorpusLines(log, analystLines({ events, policies, seed: 7 }));
  await log.close();
  await pool.end();
  return url;
}

const STATES = '/v1/policies?limit=1000';
const EACH = {
  promises: '/v1/promises?limit=1000',
  summary: '/v1/promises/summary',
  turns: '/v1/turns?limit=1000',
  impact: `/v1/impact?event=${MOST_LINKED}`,
  resting: `/v1/impact?event=${MOST_LINKED}&parts=rests`,
  rarelyLinked: '/v1/impact?event=event-3',
};

interface Question {
  readonly title: string;
  readonly contenders: readonly [Contender, ...Contender[]];
}

const questions = (url: string): readonly Question[] => [
  {
    title: 'Promises and turns of all policies',
    contenders: [
      answers('list of all states', url, STATES),
      answers('promises, the first 1,000', url, EACH.promises),
      answers('promises, all pages', url, EACH.promises, MOST_PAGES),
      answers('promises, counted', url, EACH.summary),
      answers('turns, the first 1,000', url, EACH.turns),
      answers('turns, all pages', url, EACH.turns, MOST_PAGES),
    ],
  },
  {
    title: 'Impact',
    contenders: [
      answers('list of all states', url, STATES),
      answers('state without one event', url, `/v1/policies/${policySlug(0)}?without=event:${MOST_LINKED}`),
      answers('of an event to which little links', url, EACH.rarelyLinked),
      answers('of the most-linked event', url, EACH.impact),
      answers('of the most-linked event, what rests on it', url, EACH.resting),
    ],
  },
];

/** Asks for a list to its end, or for so many pages of it. */
const answers = (name: string, url: string, path: string, mostPages = 1): Contender => ({
  name,
  run: () => withCallers(CALLERS, ANSWERS, () => pagesOf(url, path, mostPages)),
});

/** What is told of an answer. */
interface Told {
  readonly pages: number;
  readonly bytes: number;
}

/** Reads the pages of a list; the bytes and the number of them. Anything but a success ends the bench. */
async function pagesOf(url: string, path: string, mostPages: number): Promise<Told> {
  let [pages, bytes] = [0, 0];
  for (let next: string | null = ''; next !== null && pages < mostPages;) {
    const answer = await fetch(`${url}${path}${next === '' ? '' : `&cursor=${next}`}`);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    const body: { readonly next?: string | null } = JSON.parse(text);
    next = body.next ?? null;
    pages += 1;
    bytes += text.length;
  }
  return { pages, bytes };
}

/** How long the answers are, by which their times are to be judged. */
async function sizesOf(url: string): Promise<Readonly<Record<string, Told>>> {
  const told: Record<string, Told> = { states: await pagesOf(url, STATES, MOST_PAGES) };
  for (const [name, path] of Object.entries(EACH)) told[name] = await pagesOf(url, path, MOST_PAGES);
  return told;
}
