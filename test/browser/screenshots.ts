// `npm run screenshots [-- FOLDER]`: pictures of every view over the seeds, in the light and the dark scheme. They are
// written to a folder outside the repository, which is printed; without one, to a new folder for temporary files.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { startWith } from '../e2e/running-application.js';
import { launchChromium } from '../support/browser/chromium.js';
import { eventually } from '../support/eventually.js';

const VIEWPORT = { width: 1280, height: 800 };

const POLICY = '/policies/uk-france-one-in-one-out';

/** The views by the names of their pictures, at addresses where the seeds have something to show. */
const SEED_VIEWS: Readonly<Record<string, string>> = {
  board: '/policies',
  policy: POLICY,
  'policy-on-a-past-day': `${POLICY}?knownAt=2025-07-08`,
  timeline: `${POLICY}/timeline`,
  events: '/events',
  search: '/events?q=Rwanda',
  event: '/events/one-in-one-out-agreed',
  'compare-empty': '/diff',
  compare: `${POLICY}/diff?from=2025-07-08&to=2025-07-10`,
  history: `${POLICY}/history?field=status`,
  positions: '/positions',
  negotiations: '/negotiations',
  figures: '/figures?measure=illegal-working-arrests-change',
  claims: '/claims',
  sources: '/sources',
  actors: '/actors',
  anomalies: '/anomalies',
  audit: '/audit',
  live: '/live',
  'types-to-record': '/record',
  form: '/record?type=figure.reported',
  'form-of-a-correction': '/record?corrects=one-in-one-out-agreed',
  'help-on-times': '/help/times',
  'help-on-keys': '/help/keys',
  'embedded-policy': `/embed${POLICY}`,
};

const folder = folderAskedFor();
const dataFolder = mkdtempSync(join(tmpdir(), 'policy-timeline-screenshots-data-'));
let browser: Browser | undefined;
let application: Awaited<ReturnType<typeof startWith>> | undefined;
try {
  browser = await launchChromium();
  application = await startWith({ DATA_DIR: dataFolder, SEEDS: 'seeds' });
  await waitForCheckpoint(application.url);
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ viewport: VIEWPORT, colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    for (const [name, path] of Object.entries(SEED_VIEWS)) {
      await openWhole(page, `${application.url}${path}`);
      await page.screenshot({ path: join(folder, `${name}.${colorScheme}.png`) });
    }
    await context.close();
  }
  process.stdout.write(`written to ${folder}\n`);
} finally {
  await browser?.close();
  await application?.stop();
  rmSync(dataFolder, { recursive: true, force: true });
}

/** The folder that the command names, made if it is not there; one within the repository is refused. */
function folderAskedFor(): string {
  const [asked] = process.argv.slice(2);
  if (asked === undefined) return mkdtempSync(join(tmpdir(), 'policy-timeline-screenshots-'));
  const outer = resolve(asked);
  if (!relative(fileURLToPath(new URL('../..', import.meta.url)), outer).startsWith('..')) {
    process.stderr.write('Pictures are written outside the repository: name another folder.\n');
    process.exit(2);
  }
  mkdirSync(outer, { recursive: true });
  return outer;
}

/** Waits until all that was loaded is signed, so that the badge has something to check. */
async function waitForCheckpoint(url: string): Promise<void> {
  const about = await fetch(`${url}/v1/about`);
  const { head }: { readonly head: number } = JSON.parse(await about.text());
  await eventually('a checkpoint covers the seeds', async () => {
    const checkpoint = await fetch(`${url}/v1/audit/checkpoint`);
    return (await checkpoint.text()).split('\n')[1] === String(head);
  });
}

/** Opens a page and waits for what its scripts add: the slider of the time bar and the badge. */
async function openWhole(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForSelector('html[data-ready]');
  for (const placeholder of ['.badge-not-checked', '.scrubber:empty'])
    await page.waitForSelector(placeholder, { state: 'detached' });
}
