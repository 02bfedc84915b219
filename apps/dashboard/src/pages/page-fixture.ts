import { createDashboard } from '../server.js';

/** The coordinate that the made answers of specs resolve to. */
export const coordinate = {
  recordedAt: { position: 41, at: '2026-11-22T10:00:00.000Z' },
  knownAt: '2024-10-10T22:59:59.999Z',
  validAt: '2024-10-10T22:59:59.999Z',
};

/** What the made service says of itself. */
export const about = {
  name: 'x',
  version: '1',
  timeZone: 'Europe/London',
  head: 41,
  fold: 2,
  writes: 'closed',
  role: 'reader',
  signIn: 'none',
  publisher: null,
  licence: null,
};

/** A list as the interface answers it. */
export const listOf = (items: readonly object[], next: string | null = null): object => ({
  items,
  next,
  coordinate,
  permalink: '/v1/list?recordedAt=@41',
  meta: { engine: 'facts', fold: 2, position: 41, lagMs: 0 },
});

/** What every row of a read model tells. */
export const rowOf = (event: string): object => ({
  policy: 'harbour-toll',
  event,
  knownFrom: '2024-07-15T23:00:00.000Z',
  position: 7,
});

/** An event as the interface answers it. */
export const eventOf = (key: string, rest: object): object => ({
  ...rowOf(key),
  id: key,
  key,
  type: 'position.stated',
  revision: 1,
  recordedAt: '2026-11-22T10:00:00.000Z',
  occurred: '2024-07-16',
  publishedAt: '2024-07-16',
  summary: `What ${key} tells.`,
  actors: [],
  sources: [{ publisher: 'Harbour Gazette', title: `On ${key}`, publishedAt: '2024-07-16', genre: 'news' }],
  links: [],
  dating: null,
  ...rest,
});

const dashboard = createDashboard({ script: '/assets/main.js', theme: '/assets/theme.js', style: '/assets/page.css' });

/** An answer with a status that says why there is none. */
export const refuseWith = (status: number, problem: object = {}): object => ({ refusedWith: status, ...problem });

const statusOf = (found: unknown): number =>
  typeof found === 'object' && found !== null && 'refusedWith' in found ? Number(found.refusedWith) : 200;

/** The text of a page without its data and tags, and the whole of it. */
interface Opened {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly text: string;
}

/** Opens a page over made answers, by path; a path alone answers whatever its query, a text is answered as it is. */
export async function openPage(url: string, answers: Readonly<Record<string, unknown>>): Promise<Opened> {
  const known: Readonly<Record<string, unknown>> = { '/v1/about': about, ...answers };
  const { status, headers, body } = await dashboard.answer({
    url,
    origin: 'https://policy.example',
    ask: async (address) => {
      const found = known[address] ?? eventsByKey(known, address) ?? known[pathOf(address)];
      if (found === undefined) return { status: 404, text: JSON.stringify({ title: `Nothing at ${address}` }) };
      const retryAfterSeconds = statusOf(found) === 503 ? 7 : undefined;
      return {
        status: statusOf(found),
        retryAfterSeconds,
        text: typeof found === 'string' ? found : JSON.stringify(found),
      };
    },
  });
  const content = body.replace(/.*<main/s, '<main').replace(/<\/main>.*/s, '');
  return { status, headers, body, text: content.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ') };
}

/** The path of a question; that of an index of events has another answer than the list at the same path. */
const pathOf = (address: string): string => (address.includes('shape=index') ? address : address.replace(/\?.*/, ''));

/** The answer to a question for events by their keys, from the answers for each of them. */
function eventsByKey(known: Readonly<Record<string, unknown>>, address: string): object | undefined {
  const keys = new URLSearchParams(address.replace(/^\/v1\/events\?/, '')).get('key')?.split(',');
  return keys && listOf(keys.flatMap((key) => known[`/v1/events/${key}`] ?? []));
}
