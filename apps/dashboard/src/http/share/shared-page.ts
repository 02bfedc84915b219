import type { Frame, OpenPage } from '../../pages/page.js';
import { comparedSentence, pinnedSentence } from '../../words/share/sentences.js';
import { COORDINATE_PARAMETERS, writeQuery } from '../address.js';
import { sharedLinks } from './shared-links.js';

/** What others need to see what a page shows, and to cite it. Addresses have scheme and host. */
export interface SharedPage {
  readonly title: string;
  readonly publisher: string;
  readonly sentence: string;
  /** The day of what was known, and today, as ISO dates of the log's zone. */
  readonly knownOn: string;
  readonly readOn: string;
  readonly pinned: string;
  readonly newest: string | undefined;
  readonly embed: string;
  /** The address of the data that is shown. */
  readonly data: string | undefined;
  /** The address of the same data as a table (CSV); absent where they are no rows. */
  readonly table: string | undefined;
  /** The address of its graphic, pinned; absent where it has none. */
  readonly picture: string | undefined;
}

/** What of a page is shared. */
export type SharedParts = Pick<OpenPage, 'name' | 'title' | 'coordinate' | 'compared' | 'permalink' | 'isHypothetical'>;

/** The names of the pages that have a graphic; the drawing of pictures knows them, and is too heavy to be asked here. */
export const PICTURED: readonly string[] = ['board', 'policy', 'timeline', 'events', 'history', 'figures'];

/** What of a page can be shared; nothing of pages that are about no coordinate, or show what would be. */
export function sharedPage({ address, about, dates, origin }: Frame, page: SharedParts): SharedPage | undefined {
  const { title, coordinate, compared, isHypothetical } = page;
  const links = sharedLinks(address, page);
  const known = compared?.to ?? coordinate;
  if (links === undefined || known === undefined || isHypothetical) return undefined;
  return {
    title,
    publisher: about.publisher ?? 'Policy Timeline',
    sentence: compared === undefined ? pinnedSentence(known, dates) : comparedSentence(compared, dates),
    knownOn: dates.isoDay(known.knownAt),
    readOn: dates.isoDay(new Date().toISOString()),
    pinned: `${origin}${links.pinned}`,
    newest: links.newest === undefined ? undefined : `${origin}${links.newest}`,
    embed: `${origin}${links.embed}`,
    data: page.permalink,
    table: tableOf(page),
    picture: PICTURED.includes(page.name)
      ? links.pinned.replace(/^\/?(?=\?|$)/, '/policies').replace('?', '.svg?')
      : undefined,
  };
}

/** The names of the pages whose data are rows. */
const TABLED: readonly string[] = [
  'board',
  'timeline',
  'events',
  'diff',
  'history',
  'positions',
  'negotiations',
  'figures',
  'claims',
  'sources',
  'actors',
  'anomalies',
  'promises',
  'turns',
];

/** A policy's state is one document; as a table it is its facts. A table has all rows, so no cursor is left in it. */
export function tableOf({ name, permalink }: Pick<SharedParts, 'name' | 'permalink'>): string | undefined {
  const [path = '', query = ''] = permalink?.split(/\?(.*)/s) ?? [];
  const parameters = [...new URLSearchParams(query)];
  if (name === 'policy') {
    const coordinate = parameters.filter(([parameter]) => isOfCoordinate(parameter));
    return `/v1/facts.csv${writeQuery(new Map(coordinate), { policy: path.split('/').at(-1) })}`;
  }
  if (!TABLED.includes(name)) return undefined;
  return `${path}.csv${writeQuery(new Map(parameters.filter(([parameter]) => parameter !== 'cursor')))}`;
}

const isOfCoordinate = (parameter: string): boolean => COORDINATE_PARAMETERS.some((name) => name === parameter);
