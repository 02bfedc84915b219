import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../support/browser/chromium.js';
import { runBenched } from '../harness/application.js';
import { corpusLines } from '../harness/corpus.js';
import { percentileOf } from '../harness/measure.js';
import { type FrameTimes, frameTimesOf } from './trace.js';

const EVENTS = 10_000;
const POLICIES = 100;
const LOADS = 3;
const LEVEL_LIMIT_MS = 120_000;
const LANES_LIMIT_MS = 120_000;

/** What one kind of gesture over lanes of many events cost the page. */
export interface GestureCost extends FrameTimes {
  readonly gesture: string;
}

/** Lanes of many events in a browser: what is fetched, how long it takes, and what gestures cost. */
export interface LanesReport {
  readonly events: number;
  readonly indexBytesCompressed: number;
  /** Medians of several loads, each by a browser that has kept nothing. */
  readonly load: Load;
  readonly gestures: readonly GestureCost[];
  /** Figures that exceed what the page may take. */
  readonly exceeded: readonly string[];
}

/** What the page may take, in milliseconds, but for the index: bytes. Script a frame and tasks are times on the processor. */
const BUDGETS = {
  indexBytes: 300_000,
  firstPaintMs: 300,
  interactiveMs: 600,
  firstLanesMs: 600,
  scriptP95Ms: 8,
  inputP95Ms: 16,
  longestTaskMs: 50,
};

/** Measures lanes of all policies and those within one, in Chromium, by its own trace. */
export async function lanesMeasured(server: string): Promise<readonly LanesReport[]> {
  const browser = await launchChromium();
  try {
    return [
      await measureOn(server, { browser, name: 'lanes_all', policies: POLICIES, path: '/events' }),
      await measureOn(server, { browser, name: 'lanes_one', policies: 1, path: '/policies/policy-0/timeline' }),
    ];
  } finally {
    await browser.close();
  }
}

interface Measuring {
  readonly browser: Browser;
  readonly name: string;
  readonly policies: number;
  readonly path: string;
}

async function measureOn(server: string, { browser, name, policies, path }: Measuring): Promise<LanesReport> {
  const application = await runBenched(await createDatabase(server, name));
  try {
    await importCorpus(application.url, policies);
    await application.isLevel(EVENTS + policies, LEVEL_LIMIT_MS);
    const index = await fetch(`${application.url}/v1/events?shape=index`, { headers: { 'accept-encoding': 'gzip' } });
    await index.arrayBuffer();
    const loads = [];
    for (let load = 0; load < LOADS; load += 1) loads.push(await measureLoad(browser, `${application.url}${path}`));
    const page = await openLanes(browser, `${application.url}${path}`);
    const gestures = [
      await measureGesture(page, { browser, gesture: 'zoom', make: zoom }),
      await measureGesture(page, { browser, gesture: 'pan', make: pan }),
      await measureGesture(page, { browser, gesture: 'scrub', make: scrub }),
    ];
    await page.context().close();
    const measured = {
      events: EVENTS,
      indexBytesCompressed: Number(index.headers.get('content-length')),
      load: mediansOf(loads),
      gestures,
    };
    return { ...measured, exceeded: exceededBy(measured) };
  } finally {
    await application.stop();
  }
}

const mediansOf = (loads: readonly Load[]): Load => ({
  firstPaintMs: median(loads.map(({ firstPaintMs }) => firstPaintMs)),
  interactiveMs: median(loads.map(({ interactiveMs }) => interactiveMs)),
  indexReadMs: median(loads.map(({ indexReadMs }) => indexReadMs)),
  firstLanesMs: median(loads.map(({ firstLanesMs }) => firstLanesMs)),
});

const median = (values: readonly number[]): number =>
  percentileOf(
    [...values].sort((one, other) => one - other),
    50,
  );

function exceededBy({ indexBytesCompressed, load, gestures }: Omit<LanesReport, 'exceeded'>): readonly string[] {
  const figures = [
    { what: 'index', value: indexBytesCompressed, most: BUDGETS.indexBytes },
    { what: 'first paint', value: load.firstPaintMs, most: BUDGETS.firstPaintMs },
    { what: 'interactive', value: load.interactiveMs, most: BUDGETS.interactiveMs },
    { what: 'first lanes', value: load.firstLanesMs, most: BUDGETS.firstLanesMs },
    ...gestures.flatMap(({ gesture, scriptP95Ms, inputP95Ms, longestTaskMs }) => [
      // What scrubbing costs is the script of the slider's steps; zoom and pan have a frame for each.
      gesture === 'scrub'
        ? { what: 'scrub, script a step', value: inputP95Ms, most: BUDGETS.inputP95Ms }
        : { what: `${gesture}, script a frame`, value: scriptP95Ms, most: BUDGETS.scriptP95Ms },
      { what: `${gesture}, longest task`, value: longestTaskMs, most: BUDGETS.longestTaskMs },
    ]),
  ];
  return figures
    .filter(({ value, most }) => value > most)
    .map(({ what, value, most }) => `${what}: ${value} > ${most}`);
}

async function createDatabase(server: string, name: string): Promise<string> {
  const administrator = new pg.Client({ connectionString: server });
  await administrator.connect();
  await administrator.query(`CREATE DATABASE ${name}`);
  await administrator.end();
  return server.replace(/[^/]*$/, name);
}

async function importCorpus(url: string, policies: number): Promise<void> {
  const answer = await fetch(`${url}/v1/imports`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: [...corpusLines({ events: EVENTS, policies, seed: 7 })].join('\n'),
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(text);
}

async function openLanes(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(LANES_LIMIT_MS);
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForSelector('.lanes-window canvas');
  return page;
}

/** Since the start of the navigation, in milliseconds by the page's own clock. */
interface Load {
  readonly firstPaintMs: number;
  /** When the script had taken over the page. */
  readonly interactiveMs: number;
  readonly indexReadMs: number;
  readonly firstLanesMs: number;
}

const WATCH_LOAD = `
  new MutationObserver((_, watching) => {
    if (document.documentElement?.dataset.ready && !window.interactive) window.interactive = performance.now();
    if (!document.querySelector('.lanes-window canvas')) return;
    watching.disconnect();
    requestAnimationFrame(() => { window.firstLanes = performance.now(); });
  }).observe(document, { childList: true, subtree: true, attributes: true });`;

const READ_LOAD = `({
  firstPaintMs: performance.getEntriesByName('first-contentful-paint')[0].startTime,
  interactiveMs: window.interactive,
  indexReadMs: Math.max(...performance.getEntriesByType('resource').filter(({ name }) => name.includes('shape=index')).map(({ responseEnd }) => responseEnd)),
  firstLanesMs: window.firstLanes,
})`;

async function measureLoad(browser: Browser, url: string): Promise<Load> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(LANES_LIMIT_MS);
  const page = await context.newPage();
  await page.addInitScript(WATCH_LOAD);
  await page.goto(url);
  await page.waitForSelector('.lanes-window canvas');
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  const load = await page.evaluate<Load>(READ_LOAD);
  await context.close();
  return load;
}

interface Gesture {
  readonly browser: Browser;
  readonly gesture: string;
  readonly make: (page: Page) => Promise<void>;
}

async function measureGesture(page: Page, { browser, gesture, make }: Gesture): Promise<GestureCost> {
  await browser.startTracing(page, {
    categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel'],
  });
  await make(page);
  return { gesture, ...frameTimesOf(await browser.stopTracing()) };
}

const STEPS = 60;

async function zoom(page: Page): Promise<void> {
  await page.locator('.lanes-window').hover({ position: { x: 700, y: 100 } });
  await page.keyboard.down('Control');
  for (let step = 0; step < STEPS; step += 1) await page.mouse.wheel(0, step < STEPS / 2 ? -60 : 60);
  await page.keyboard.up('Control');
}

async function pan(page: Page): Promise<void> {
  const lanes = page.locator('.lanes-window');
  await lanes.hover({ position: { x: 900, y: 100 } });
  const { x = 0, y = 0 } = (await lanes.boundingBox()) ?? {};
  await page.mouse.down();
  for (let step = 0; step < STEPS; step += 1) await page.mouse.move(x + 900 - 10 * step, y + 100);
  await page.mouse.up();
}

async function scrub(page: Page): Promise<void> {
  await page.locator('.scrubber input').focus();
  for (let step = 0; step < STEPS; step += 1) await page.keyboard.press('ArrowLeft');
}
