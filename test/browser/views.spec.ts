import { expect, it } from '@jest/globals';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { complaintsOf, describeInBrowser } from '../support/browser/browsing.js';
import { VIEWS, recordWorkedExample, readBesidePictures } from './views.js';

/** How views are looked at. Contrast depends on the scheme alone and takes the longest, so each scheme has it once. */
const LOOKS = [
  { colorScheme: 'light', width: 320, rules: "rules: { 'color-contrast': { enabled: false } }" },
  { colorScheme: 'light', width: 768, rules: "rules: { 'color-contrast': { enabled: false } }" },
  { colorScheme: 'light', width: 1440, rules: "runOnly: ['color-contrast']" },
  { colorScheme: 'dark', width: 1440, rules: '' },
] as const;

/** Which rules of axe, of all or of those named, are broken on a page, with the elements that break them. */
async function violationsOn(page: Page, rules: string): Promise<readonly string[]> {
  // Evaluated, not added as a script: the page's own policy lets no other script run.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>(`axe.run({ resultTypes: ['violations'], ${rules} })`);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

const hasSidewaysScroll = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth');

describeInBrowser('every view', recordWorkedExample, ({ application, open }) => {
  it.each(VIEWS)('is taken over without a complaint, and reads the same without scripts: $name', async ({ path }) => {
    const [plain, taken] = await Promise.all([open(path, { javaScriptEnabled: false }), open('/livez')]);
    const complaints = complaintsOf(taken);
    await taken.goto(`${application().url}${path}`);
    await taken.waitForSelector('html[data-ready]');
    expect(complaints).toEqual([]);
    const [before, after, advice] = await Promise.all([
      readBesidePictures(plain),
      readBesidePictures(taken),
      plain.locator('noscript').allInnerTexts(),
    ]);
    expect(advice.reduce((text, each) => text.replace(`${each}\n\n`, ''), before)).toBe(after);
    expect(before.length).toBeGreaterThan(40);
    await Promise.all([plain.context().close(), taken.context().close()]);
  });

  it.each(VIEWS)('has nothing that axe objects to, in both schemes and at three widths: $name', async ({ path }) => {
    const page = await open(path);
    for (const { colorScheme, width, rules } of LOOKS) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      expect({ colorScheme, width, violations: await violationsOn(page, rules) }).toEqual({
        colorScheme,
        width,
        violations: [],
      });
      expect(await hasSidewaysScroll(page)).toBe(false);
    }
    await page.context().close();
  });
});
