import { createHash } from 'node:crypto';
import { type Random, itemAt } from '../load/random.js';

/** A policy, and the position from which it is there. */
export interface RegisteredPolicy {
  readonly slug: string;
  readonly position: number;
}

/** An answer of a service without what names the service, and without `meta`. */
export interface KeptAnswer {
  readonly path: string;
  readonly status: number;
  readonly digest: string;
  /** The beginning of it, for whoever looks for a difference. */
  readonly text: string;
}

const SHOWN_CHARACTERS = 400;
const FIRST_YEAR = 2009;
const LAST_YEAR = 2027;

const OF_POLICY = ['', '/timeline', '/timeline?limit=7'];
const LISTS = [
  'policies',
  'events',
  'figures',
  'facts',
  'actors',
  'sources',
  'promises',
  'turns',
  'positions',
  'claims',
];
const TABLES = ['events', 'figures', 'facts', 'promises', 'turns', 'policies'];
const FORMATS = ['csv', 'ndjson', 'parquet'];

/** Addresses of answers at random coordinates, each pinned on all three times, up to a position. */
export const pinnedPaths = (
  policies: readonly RegisteredPolicy[],
  { head, count, random }: { readonly head: number; readonly count: number; readonly random: Random },
): readonly string[] =>
  Array.from({ length: count }, () => {
    const { slug, position } = itemAt(
      policies.filter((policy) => policy.position <= head),
      random.share(),
    ) ?? { slug: 'none', position: 1 };
    const at = random.between(position, head);
    const coordinate = `recordedAt=@${at}&knownAt=${randomDay(random)}&validAt=${randomDay(random)}`;
    const path = randomPath(slug, random);
    return `${path}${path.includes('?') ? '&' : '?'}${coordinate}`;
  });

function randomPath(slug: string, random: Random): string {
  const kind = random.weighted({ policy: 4, list: 3, table: 3 });
  switch (kind) {
    case 'policy':
      return `/v1/policies/${slug}${itemAt(OF_POLICY, random.share())}`;
    case 'list':
      return `/v1/${itemAt(LISTS, random.share())}?limit=${random.between(1, 100)}`;
    case 'table':
      return `/v1/${itemAt(TABLES, random.share())}.${itemAt(FORMATS, random.share())}`;
  }
}

const randomDay = (random: Random): string =>
  `${random.between(FIRST_YEAR, LAST_YEAR)}-${String(random.between(1, 12)).padStart(2, '0')}-${String(random.between(1, 28)).padStart(2, '0')}`;

/** Asks a service for answers, one after the other. */
export async function askAll(url: string, paths: readonly string[]): Promise<readonly KeptAnswer[]> {
  const answers: KeptAnswer[] = [];
  for (const path of paths) {
    const response = await fetch(`${url}${path}`);
    const { content } = await contentOf(response, url);
    answers.push({
      path,
      status: response.status,
      digest: createHash('sha256').update(content).digest('hex'),
      text: content.subarray(0, SHOWN_CHARACTERS).toString('latin1'),
    });
  }
  return answers;
}

/** An answer's bytes but for `meta` and the address of the service; its members, where it is JSON. */
export async function contentOf(
  response: Response,
  url: string,
): Promise<{ readonly content: Buffer; readonly body: Readonly<Record<string, unknown>> }> {
  const bytes = Buffer.from(await response.arrayBuffer());
  if (!/[/+]json/.test(response.headers.get('content-type') ?? ''))
    return { content: withoutPlace(bytes, url), body: {} };
  const body: Readonly<Record<string, unknown>> = JSON.parse(bytes.toString('utf8'));
  // Members stay in their order and as they were, so whatever differs in a byte that counts differs here.
  return { content: withoutPlace(Buffer.from(JSON.stringify({ ...body, meta: undefined })), url), body };
}

/** Addresses in an answer begin with where it was asked. */
const withoutPlace = (bytes: Buffer, url: string): Buffer =>
  Buffer.from(bytes.toString('latin1').replaceAll(url, ''), 'latin1');

/** What of the answers of one service is otherwise in those of another. */
export const differingAnswers = (before: readonly KeptAnswer[], after: readonly KeptAnswer[]): readonly string[] =>
  before.flatMap(({ path, status, digest, text }, index) => {
    const other = after[index];
    if (other?.status === status && other.digest === digest) return [];
    return [`${path}: ${status} ${text} and then ${other?.status} ${other?.text}`];
  });
