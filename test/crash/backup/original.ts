import type { Random } from '../load/random.js';
import { itemAt } from '../load/random.js';
import type { Proof } from '../proofs/proofs.js';
import { type KeptAnswer, type RegisteredPolicy, askAll, differingAnswers, pinnedPaths } from './pinned-answers.js';
import { type LogPlace, CampaignService } from './running-service.js';
import { type GivenAnswer, type Written, settlePost } from './steady-writers.js';
import { type StoredRows, differingTables, logRows, readModelRows, withClient } from './stored-rows.js';

/** Every row of a log, and of the read models over it. */
interface RowsOfOriginal {
  readonly log: readonly StoredRows[];
  readonly readModels: readonly StoredRows[];
}

/** What a log and its service were like when they were backed up: what a copy must be like. */
export interface OriginalLog {
  readonly position: number;
  readonly root: string;
  readonly key: string;
  readonly answers: readonly KeptAnswer[];
  /** Absent where the log went on meanwhile. */
  readonly rows: RowsOfOriginal | undefined;
  /** Requests to be sent again. */
  readonly repeats: readonly GivenAnswer[];
  /** Asks for so many answers up to a position. */
  readonly ask: (url: string, count: number, head: number) => Promise<readonly KeptAnswer[]>;
}

const REPEATS = 200;

/** Notes what a service that stands still has and answers. */
export async function readOriginal(
  { url, databaseUrl }: CampaignService,
  {
    written,
    key,
    taken,
    count,
    random,
  }: {
    readonly written: Written;
    readonly key: string;
    readonly taken: { readonly position: number; readonly root: string };
    readonly count: number;
    readonly random: Random;
  },
): Promise<OriginalLog> {
  const policies = await registeredIn(databaseUrl);
  const ask = (from: string, many: number, head: number): Promise<readonly KeptAnswer[]> =>
    askAll(from, pinnedPaths(policies, { head, count: many, random }));
  return {
    ...taken,
    key,
    ask,
    answers: await ask(url, count, taken.position),
    rows: { log: await logRows(databaseUrl), readModels: await readModelRows(databaseUrl) },
    repeats: Array.from({ length: REPEATS }, () => itemAt(written.answered, random.share())).flatMap(
      (one) => one ?? [],
    ),
  };
}

const registeredIn = (url: string): Promise<readonly RegisteredPolicy[]> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<RegisteredPolicy>(
      'SELECT DISTINCT slug, policy AS position FROM read.policies ORDER BY position',
    );
    return rows;
  });

/** What is to come out of a copy. */
export interface CopyOfOriginal {
  readonly original: OriginalLog;
  readonly restored: { readonly position: number; readonly root: string };
  readonly expected: { readonly position: number; readonly root: string };
}

const ANSWERED = 200;
const MOSTLY = 0.9;

/** Starts a service on a copy, and holds it against the original: root, rows, answers, repeats. */
export async function proveCopy(
  place: LogPlace,
  { original, restored, expected }: CopyOfOriginal,
): Promise<readonly Proof[]> {
  const service = await CampaignService.start(place);
  try {
    const head = await service.level();
    const { name } = place;
    const paths = original.answers.map(({ path }) => path);
    const answers = await askAll(service.url, paths);
    const isMostlyThere = answers.filter(({ status }) => status === ANSWERED).length >= MOSTLY * answers.length;
    return [
      {
        claim: `${name}: ${expected.position} entries and root ${expected.root}`,
        against: restored.root === expected.root && head === expected.position ? [] : [`${head} and ${restored.root}`],
      },
      ...(original.rows ? await rowsAreEqual(name, service.databaseUrl, original.rows) : []),
      {
        claim: `${name}: ${answers.length} answers at pinned coordinates equal, byte for byte but for meta`,
        against: [
          ...differingAnswers(original.answers, answers),
          ...(isMostlyThere ? [] : ['most of them are refusals']),
        ],
      },
      await repeatsAreAnswered(service, original, expected.position),
    ];
  } finally {
    await service.stop();
  }
}

async function rowsAreEqual(name: string, url: string, { log, readModels }: RowsOfOriginal): Promise<readonly Proof[]> {
  return [
    {
      claim: `${name}: ${countOf(log)} rows of ${log.length} tables of the log equal`,
      against: differingTables(log, await logRows(url)),
    },
    {
      claim: `${name}: ${countOf(readModels)} rows of ${readModels.length} tables of read models equal`,
      against: differingTables(readModels, await readModelRows(url)),
    },
  ];
}

const countOf = (tables: readonly StoredRows[]): number => tables.reduce((sum, { rows }) => sum + rows, 0);

/** Requests that were recorded before the backup are answered as they were then, and record nothing. */
async function repeatsAreAnswered(
  service: CampaignService,
  { repeats, key }: OriginalLog,
  position: number,
): Promise<Proof> {
  const against: string[] = [];
  const before = repeats.filter((each) => each.position <= position);
  for (const { post, content } of before) {
    const again = await settlePost({ url: service.url, key }, post);
    if (!again.isReplayed || told(again.content) !== told(content))
      against.push(`${post.key}: ${content} and then ${again.status} ${again.content}`);
  }
  const head = await service.level();
  if (head !== position) against.push(`${head - position} entries more`);
  if (before.length === 0) against.push('there were none');
  return { claim: `${before.length} repeated requests are answered as at first, and record nothing`, against };
}

/** An answer to a write says what it changed only where the read models had come so far in time. */
function told(content: string): string {
  const answer: object = JSON.parse(content);
  return JSON.stringify({ ...answer, changed: undefined });
}
