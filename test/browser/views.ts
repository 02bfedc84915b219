import type { Page } from 'playwright-core';
import type { TestApplication } from '../e2e/running-application.js';
import { parseLines } from '../e2e/running-application.js';
import { eventually } from '../support/eventually.js';

/** The views that every test of this folder goes through, by their addresses over the worked example. */
export const VIEWS: readonly { readonly name: string; readonly path: string }[] = [
  { name: 'board', path: '/policies' },
  { name: 'policy', path: '/policies/harbour-toll' },
  { name: 'policy on a past day', path: '/policies/harbour-toll?knownAt=2024-07-15' },
  { name: 'timeline', path: '/policies/harbour-toll/timeline' },
  { name: 'events', path: '/events' },
  { name: 'search', path: '/events?q=toll' },
  { name: 'event', path: '/events/toll-announced' },
  { name: 'compare, empty', path: '/diff' },
  { name: 'compare', path: '/policies/harbour-toll/diff?from=2024-01-15&to=2024-10-10' },
  { name: 'history', path: '/policies/harbour-toll/history?field=status' },
  { name: 'positions', path: '/positions' },
  { name: 'negotiations', path: '/negotiations' },
  { name: 'figures', path: '/figures' },
  { name: 'claims', path: '/claims' },
  { name: 'sources', path: '/sources' },
  { name: 'actors', path: '/actors' },
  { name: 'anomalies', path: '/anomalies' },
  { name: 'promises', path: '/promises' },
  { name: 'turns, as they would be', path: '/turns?without=event:lights-lit' },
  { name: 'impact', path: '/impact?event=toll-announced' },
  { name: 'audit', path: '/audit' },
  { name: 'live', path: '/live' },
  { name: 'types to record', path: '/record' },
  { name: 'form', path: '/record?type=figure.reported' },
  { name: 'form of a correction', path: '/record?corrects=toll-announced' },
  { name: 'help on the times', path: '/help/times' },
  { name: 'help on the keys', path: '/help/keys' },
  { name: 'embedded policy', path: '/embed/policies/harbour-toll' },
];

const light = (key: string, type: string, rest: object): object => ({
  ...{ key, type, policy: 'harbour-lights', occurred: '2024-02-01', publishedAt: '2024-02-01', epistemic: 'confirmed' },
  ...{ summary: `What ${key} tells.`, actors: [{ name: 'Port Board', kind: 'organisation' }] },
  sources: [{ publisher: 'Harbour Gazette', title: `On ${key}`, publishedAt: '2024-02-01', genre: 'news' }],
  ...rest,
});

/** A policy with a promise that was kept late, and a change of position. */
const PROMISED: readonly object[] = [
  { policy: { slug: 'harbour-lights', title: 'Harbour lights', kind: 'scheme', jurisdiction: 'GB' } },
  light('lights-planned', 'policy.announced', { plannedFor: '2024-06' }),
  light('board-for', 'position.stated', { stance: 'support' }),
  light('board-against', 'position.stated', { stance: 'oppose', occurred: '2024-03-01', publishedAt: '2024-03-01' }),
  light('lights-lit', 'implementation.advanced', {
    ...{ occurred: '2024-09-01', publishedAt: '2024-09-01' },
    links: [{ rel: 'fulfils', to: 'lights-planned' }],
  }),
];

/** Records what every view has something to show of. */
export async function recordForViews(application: TestApplication): Promise<void> {
  const answers = await application.importLines(PROMISED);
  if (answers.some(({ result }) => result === 'rejected')) throw new Error(JSON.stringify(answers));
  await recordWorkedExample(application);
}

/** Records the worked example, and waits until it is signed: a page asks for the proof of what it shows. */
export async function recordWorkedExample(application: TestApplication): Promise<void> {
  await application.importLines(parseLines('../worked-example/events.ndjson'));
  await eventually('a checkpoint', async () => (await fetch(`${application.url}/v1/audit/checkpoint`)).ok);
}

/**
 * What a page says that the server can know. Pictures are drawn for the room there is, and what a browser has checked by
 * itself comes when it is done; both are left out.
 */
export const readServedText = (page: Page): Promise<string> =>
  // At once: a picture may be drawn, and a check end, at any moment.
  page.evaluate<string>(`(() => {
    for (const own of document.querySelectorAll('main .plot text, main .level-result')) own.style.display = 'none';
    return document.querySelector('main').innerText;
  })()`);
