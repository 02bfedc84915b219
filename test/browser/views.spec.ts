import { expect, it } from '@jest/globals';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { complaintsOf, describeInBrowser } from '../support/browser/browsing.js';
import { enlargeText } from '../support/browser/text-size.js';
import { VIEWS, readServedText, recordForViews } from './views.js';
import { WALKS } from './walks.js';

/** How views are looked at; `npm run accessibility` has more looks. */
const LOOKS = [
  { colorScheme: 'light', width: 320 },
  { colorScheme: 'dark', width: 1440 },
] as const;

/** Which rules of axe are broken on a page that has axe, with the elements that break them. */
async function violationsOn(page: Page): Promise<readonly string[]> {
  const { violations } = await page.evaluate<AxeResults>("axe.run({ resultTypes: ['violations'] })");
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

const hasSidewaysScroll = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth');

/** The spacing that readers may choose (WCAG 2.2, 1.4.12). */
const SPACE_TEXT =
  "Object.assign(document.documentElement.style, { lineHeight: '1.5', letterSpacing: '0.12em', wordSpacing: '0.16em' })";

/** Where a page scrolls sideways: the elements that reach beyond it, unless what they are in scrolls by itself. */
const TOO_WIDE = `document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
  [...document.querySelectorAll('body *')]
    .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map((each) => each.outerHTML.slice(0, 120))`;

/** Minutes pass, and the service's checks of itself go on, between two requests for the same view. */
const MOST_READINGS = 5;

/** What a view says without scripts, less its advice to those who have none, and what it says once it is taken over. */
async function readBothWays(address: string, plain: Page, taken: Page): Promise<{ plainly: string; taken: string }> {
  await Promise.all([plain.goto(address), taken.goto(address)]);
  await taken.waitForSelector('html[data-ready]');
  const [before, after, advice] = await Promise.all([
    readServedText(plain),
    readServedText(taken),
    plain.locator('noscript').allInnerTexts(),
  ]);
  return { plainly: advice.reduce((text, each) => text.replace(`${each}\n\n`, ''), before), taken: after };
}

describeInBrowser('every view', recordForViews, ({ application, open, openEmpty }) => {
  it.each(VIEWS)('is taken over without a complaint, and reads the same without scripts: $name', async ({ path }) => {
    const [plain, taken] = await Promise.all([openEmpty({ javaScriptEnabled: false }), openEmpty()]);
    const complaints = complaintsOf(taken);
    const address = `${application().url}${path}`;
    let said = await readBothWays(address, plain, taken);
    for (let reading = 1; reading < MOST_READINGS && said.plainly !== said.taken; reading += 1) {
      said = await readBothWays(address, plain, taken);
    }
    expect(complaints).toEqual([]);
    expect(said.plainly).toBe(said.taken);
    expect(said.plainly.length).toBeGreaterThan(40);
    await Promise.all([plain.context().close(), taken.context().close()]);
  });

  it.each(VIEWS)(
    'has nothing that axe objects to, in both schemes, on a small screen and on a large one: $name',
    async ({ path }) => {
      const page = await open(path);
      // Evaluated, not added as a script: the page's own policy lets no other script run.
      await page.evaluate(axe.source);
      for (const { colorScheme, width } of LOOKS) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        expect({ colorScheme, width, violations: await violationsOn(page) }).toEqual({
          colorScheme,
          width,
          violations: [],
        });
        expect(await hasSidewaysScroll(page)).toBe(false);
      }
      // Zoom to 400 % is a window of 320 pixels; the looks above have it. Text is enlarged, and spaced, on its own.
      await enlargeText(page, 200);
      expect(await page.evaluate<string[]>(TOO_WIDE)).toEqual([]);
      await page.setViewportSize({ width: 320, height: 256 });
      await enlargeText(page, 100);
      await page.evaluate(SPACE_TEXT);
      expect(await page.evaluate<string[]>(TOO_WIDE)).toEqual([]);
      await page.context().close();
    },
  );

  it('is printed light, with everything unfolded, its pinned address and the checkpoint at the foot of each page', async () => {
    const page = await open('/policies/harbour-toll?knownAt=2024-10-10', { colorScheme: 'dark' });
    const foot = page.locator('.printed');
    await foot.getByText(/Checkpoint: \d+ entries, root [0-9a-f]{12}/).waitFor({ state: 'attached' });
    expect(await foot.isVisible()).toBe(false);
    const folded = page.locator('table.state details ul').first();
    expect(await folded.isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect([await foot.isVisible(), await folded.isVisible()]).toEqual([true, true]);
    expect(await foot.innerText()).toMatch(
      /^What was known on 10 October 2024 about that day, as recorded at position \d+\. http.*recordedAt=@\d+/,
    );
    expect(await page.locator('nav, .time-form, .share').filter({ visible: true }).count()).toBe(0);
    expect(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')).toBe(
      'rgb(255, 254, 251)',
    );
    const pdf = (await page.pdf({ format: 'A5' })).toString('latin1');
    const pages = pdf.match(/\/Type \/Page$/gm)?.length ?? 0;
    expect(pages).toBeGreaterThan(1);
    // Each page ends with the link to the pinned address.
    expect(pdf.match(/\/URI \(http[^)]*recordedAt=@\d+[^)]*/g)?.length).toBeGreaterThanOrEqual(pages);
    await page.context().close();
  });

  it.each(WALKS)('can be walked through by ear: $name', async ({ path, hears }) => {
    const page = await open(path);
    await page.waitForSelector('html[data-ready]');
    const spoken = await page.locator('body').ariaSnapshot();
    const places = hears.map((words) => spoken.search(words));
    expect({ hears, places: places.every((place) => place >= 0) || spoken }).toEqual({ hears, places: true });
    expect([...places].sort((one, other) => one - other)).toEqual(places);
    await page.context().close();
  });
});
