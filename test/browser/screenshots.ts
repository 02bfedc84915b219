// `npm run screenshots [-- FOLDER [LOOK…]]`: pictures of every view over the seeds, in the light and the dark scheme, or
// in the looks that are named: `320.light` to `2560.dark`, `printed`, `large-text`. They are written to a folder outside
// the repository, which is printed; without one, to a new folder for temporary files.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startWith } from '../e2e/running-application.js';
import { launchChromium } from '../support/browser/chromium.js';
import { SEED_VIEWS, waitForCheckpoint } from './seed-views.js';
import { enlargeText } from '../support/browser/text-size.js';

const HEIGHT = 800;

/** How views are looked at. Pictures of the first two have the height of a window, the others that of the page. */
const LOOKS: Readonly<
  Record<string, BrowserContextOptions & { readonly isPrinted?: true; readonly textPercent?: number }>
> = {
  light: { viewport: { width: 1280, height: HEIGHT }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: HEIGHT }, colorScheme: 'dark' },
  ...Object.fromEntries(
    [320, 768, 1440, 2560].flatMap((width) =>
      (['light', 'dark'] as const).map((colorScheme) => [
        `${width}.${colorScheme}`,
        { viewport: { width, height: HEIGHT }, colorScheme },
      ]),
    ),
  ),
  printed: { viewport: { width: 794, height: 1123 }, colorScheme: 'dark', isPrinted: true },
  'large-text': { viewport: { width: 1280, height: HEIGHT }, colorScheme: 'light', textPercent: 200 },
};

const WINDOWS: readonly string[] = ['light', 'dark'];

const [, , askedFolder, ...askedLooks] = process.argv;
const looks = looksAskedFor();
const folder = folderAskedFor();
const dataFolder = mkdtempSync(join(tmpdir(), 'policy-timeline-screenshots-data-'));
let browser: Browser | undefined;
let application: Awaited<ReturnType<typeof startWith>> | undefined;
try {
  browser = await launchChromium();
  application = await startWith({ DATA_DIR: dataFolder, SEEDS: 'seeds' });
  await waitForCheckpoint(application.url);
  for (const look of looks) {
    const { isPrinted, textPercent, ...options } = LOOKS[look] ?? {};
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
    const page = await context.newPage();
    for (const [name, path] of Object.entries(SEED_VIEWS)) {
      await openWhole(page, `${application.url}${path}`);
      if (textPercent !== undefined) await enlargeText(page, textPercent);
      if (isPrinted) await page.emulateMedia({ media: 'print' });
      await page.screenshot({ path: join(folder, `${name}.${look}.png`), fullPage: !WINDOWS.includes(look) });
      if (isPrinted) await page.pdf({ path: join(folder, `${name}.pdf`), format: 'A4' });
      await page.emulateMedia({ media: null });
    }
    await context.close();
  }
  process.stdout.write(`written to ${folder}\n`);
} finally {
  await browser?.close();
  await application?.stop();
  rmSync(dataFolder, { recursive: true, force: true });
}

/** The looks that the command names; the two schemes where it names none. */
function looksAskedFor(): readonly string[] {
  const unknown = askedLooks.find((look) => !(look in LOOKS));
  if (unknown === undefined) return askedLooks.length === 0 ? WINDOWS : askedLooks;
  process.stderr.write(`There is no look "${unknown}": name some of ${Object.keys(LOOKS).join(', ')}.\n`);
  process.exit(2);
}

/** The folder that the command names, made if it is not there; one within the repository is refused. */
function folderAskedFor(): string {
  if (askedFolder === undefined) return mkdtempSync(join(tmpdir(), 'policy-timeline-screenshots-'));
  const outer = resolve(askedFolder);
  if (!relative(fileURLToPath(new URL('../..', import.meta.url)), outer).startsWith('..')) {
    process.stderr.write('Pictures are written outside the repository: name another folder.\n');
    process.exit(2);
  }
  mkdirSync(outer, { recursive: true });
  return outer;
}

/** Opens a page and waits for what its scripts add: the slider of the time bar and the badge. */
async function openWhole(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForSelector('html[data-ready]');
  for (const placeholder of ['.badge-not-checked', '.scrubber:empty'])
    await page.waitForSelector(placeholder, { state: 'detached' });
}
