import type { List } from '../../http/answers.js';
import type { Loaded } from '../page.js';

/** What a page is loaded with that shows one list, or a list and more. */
export const presentList = <Data>(title: string, list: List<unknown>, data: Data): Loaded<Data> => ({
  title,
  coordinate: list.coordinate,
  permalink: list.permalink,
  lagMs: list.meta.lagMs,
  ...(list.hypothetical ? { isHypothetical: list.hypothetical } : {}),
  data,
});
