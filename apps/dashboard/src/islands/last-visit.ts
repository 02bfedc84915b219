/** What a browser keeps by name, as its storages do. */
export interface Keeping {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
}

const LAST_HEAD = 'last-head';
const VISIT = 'visit-since';

/**
 * Notes that the log was seen up to its head, and says up to where it was seen at the visit before; nothing at the first
 * visit, and where the log is no longer than then. A visit is a tab: opening the page in it again says the same.
 */
export function noteVisit(head: number, browser: Keeping, tab: Keeping): number | undefined {
  const since = Number(tab.getItem(VISIT) ?? browser.getItem(LAST_HEAD) ?? head);
  tab.setItem(VISIT, String(since));
  browser.setItem(LAST_HEAD, String(head));
  return since > 0 && since < head ? since : undefined;
}
