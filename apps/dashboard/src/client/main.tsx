import { hydrate } from 'preact';
import { readAddress } from '../http/address.js';
import type { About } from '../http/answers.js';
import type { Page } from '../pages/page.js';
import { App } from './app.js';

/** The script of each page, fetched only where it is needed. */
const scripts: Readonly<Record<string, () => Promise<{ readonly page: Page }>>> = {
  board: () => import('./pages/board.js'),
  policy: () => import('./pages/policy.js'),
  timeline: () => import('./pages/events/timeline.js'),
  events: () => import('./pages/events/events.js'),
  event: () => import('./pages/events/event.js'),
  diff: () => import('./pages/compare/diff.js'),
  history: () => import('./pages/compare/history.js'),
  record: () => import('./pages/record.js'),
  positions: () => import('./pages/read-models/positions.js'),
  negotiations: () => import('./pages/read-models/negotiations.js'),
  figures: () => import('./pages/read-models/figures.js'),
  claims: () => import('./pages/read-models/claims.js'),
  sources: () => import('./pages/read-models/sources.js'),
  actors: () => import('./pages/read-models/actors.js'),
  anomalies: () => import('./pages/read-models/anomalies.js'),
  promises: () => import('./pages/analysis/promises.js'),
  turns: () => import('./pages/analysis/turns.js'),
  impact: () => import('./pages/analysis/impact.js'),
  audit: () => import('./pages/trust/audit.js'),
  live: () => import('./pages/trust/live.js'),
  'help-times': () => import('./pages/help/help-times.js'),
  'help-keys': () => import('./pages/help/help-keys.js'),
};

const textOf = (id: string): string | undefined => document.getElementById(id)?.textContent ?? undefined;

/** Takes over the page that the server has drawn. */
async function takeOver(): Promise<void> {
  const [aboutText, dataText, nameText] = ['about', 'data', 'name'].map(textOf);
  const root = document.getElementById('page');
  if (aboutText === undefined || dataText === undefined || nameText === undefined || root === null) return;
  const about: About = JSON.parse(aboutText);
  const name: string = JSON.parse(nameText);
  const script = await scripts[name]?.();
  if (script === undefined) return;
  const first = script.page.reopen(dataText);
  hydrate(<App page={script.page} about={about} first={first} />, root);
  document.documentElement.dataset['ready'] = 'true';
  if (readAddress(location.pathname).isEmbedded) void import('./tell-height.js').then(({ tellHeight }) => tellHeight());
}

void takeOver();
