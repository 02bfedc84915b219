// `npm run accessibility`: every view over the seeds in three themes (light, dark, forced colours) at three widths by axe, and by Tab
// from its first to its last element. Prints what is wrong, and in the end how much was looked at.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { startWith } from '../e2e/running-application.js';
import { launchChromium } from '../support/browser/chromium.js';
import { SEED_VIEWS, waitForCheckpoint } from './seed-views.js';

const THEMES = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  forced: { colorScheme: 'light', forcedColors: 'active' },
} as const;

const WIDTHS = [320, 768, 1440] as const;

/** More steps than any view has elements. */
const MOST_STEPS = 500;

const ACTING =
  "a[href], button:not([disabled]), input:not([disabled], [type='hidden']), select:not([disabled]), textarea, summary, [tabindex='0']";

/** Numbers what can be reached, and answers how many there are that are seen. Radio buttons of a group are one stop. */
const NUMBER = `(() => {
  const seen = [...document.querySelectorAll(${JSON.stringify(ACTING)})].filter((each) => each.checkVisibility() && each.tabIndex >= 0);
  seen.forEach((each, index) => { each.dataset.stop = String(index); });
  return seen.length;
})()`;

const FOCUSED = "document.activeElement?.dataset.stop ?? ''";

const NAME = (stop: number): string => `document.querySelector('[data-stop="${stop}"]').outerHTML.slice(0, 160)`;

const dataFolder = mkdtempSync(join(tmpdir(), 'policy-timeline-accessibility-'));
let browser: Browser | undefined;
let application: Awaited<ReturnType<typeof startWith>> | undefined;
const counts = { looks: 0, violations: 0, elements: 0, unreached: 0 };
try {
  browser = await launchChromium();
  application = await startWith({ DATA_DIR: dataFolder, SEEDS: 'seeds' });
  await waitForCheckpoint(application.url);
  const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
  for (const [name, path] of Object.entries(SEED_VIEWS)) {
    await page.goto(`${application.url}${path}`);
    await page.waitForSelector('html[data-ready]');
    await page.evaluate(axe.source);
    for (const [theme, media] of Object.entries(THEMES))
      for (const width of WIDTHS) {
        await page.emulateMedia(media);
        await page.setViewportSize({ width, height: 900 });
        await look(page, `${name}, ${theme}, ${width} px`);
      }
    await walk(page, name);
  }
} finally {
  await browser?.close();
  await application?.stop();
  rmSync(dataFolder, { recursive: true, force: true });
}
process.stdout.write(
  `${Object.keys(SEED_VIEWS).length} views, ${counts.looks} looks: ${counts.violations} violations. ${counts.elements} elements that act: ${counts.unreached} not reached by Tab.\n`,
);
process.exitCode = counts.violations + counts.unreached === 0 ? 0 : 1;

async function look(page: Page, where: string): Promise<void> {
  const { violations } = await page.evaluate<AxeResults>("axe.run({ resultTypes: ['violations'] })");
  counts.looks += 1;
  counts.violations += violations.length;
  for (const { id, nodes } of violations)
    process.stdout.write(`${where}: ${id}: ${nodes.map(({ html }) => html).join(' ')}\n`);
}

/** Goes through a view by Tab until the focus comes back to where it began. */
async function walk(page: Page, where: string): Promise<void> {
  const total = await page.evaluate<number>(NUMBER);
  const reached = new Set<string>();
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate<string>(FOCUSED);
    if (stop !== '' && reached.has(stop)) break;
    if (stop !== '') reached.add(stop);
    if (reached.size === total) break;
  }
  counts.elements += total;
  for (let stop = 0; stop < total; stop += 1)
    if (!reached.has(String(stop))) {
      counts.unreached += 1;
      process.stdout.write(`${where}: not reached: ${await page.evaluate<string>(NAME(stop))}\n`);
    }
}
