import type { Frame, OpenPage } from '../../pages/page.js';
import { comparedSentence, pinnedSentence } from '../../words/share/sentences.js';
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
  /** The address of its graphic, pinned; absent where it has none. */
  readonly picture: string | undefined;
}

/** What of a page is shared. */
export type SharedParts = Pick<OpenPage, 'name' | 'title' | 'coordinate' | 'compared' | 'permalink'>;

/** The names of the pages that have a graphic; the drawing of pictures knows them, and is too heavy to be asked here. */
export const PICTURED: readonly string[] = ['board', 'policy', 'timeline', 'events', 'history', 'figures'];

/** What of a page can be shared; nothing of pages that are about no coordinate. */
export function sharedPage({ address, about, dates, origin }: Frame, page: SharedParts): SharedPage | undefined {
  const { title, coordinate, compared } = page;
  const links = sharedLinks(address, page);
  const known = compared?.to ?? coordinate;
  if (links === undefined || known === undefined) return undefined;
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
    picture: PICTURED.includes(page.name)
      ? links.pinned.replace(/^\/?(?=\?|$)/, '/policies').replace('?', '.svg?')
      : undefined,
  };
}
