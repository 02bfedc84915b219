import { expect, it } from '@jest/globals';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { describeInBrowser } from '../support/browser/browsing.js';
import { VIEWS, recordWorkedExample } from './views.js';

/** What axe finds wrong on a page: the rules with the elements that break them. */
async function violationsOn(page: Page): Promise<readonly string[]> {
  // Evaluated, not added as a script: the page's own policy lets no other script run.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** The texts of a page's complaints: errors of scripts, refusals of the content security policy, missing files. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
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
      plain.innerText('main'),
      taken.innerText('main'),
      plain.locator('noscript').allInnerTexts(),
    ]);
    expect(advice.reduce((text, each) => text.replace(`${each}\n\n`, ''), before)).toBe(after);
    expect(before.length).toBeGreaterThan(40);
    await Promise.all([plain.context().close(), taken.context().close()]);
  });

  it.each(VIEWS)('has nothing that axe objects to, in both schemes and at three widths: $name', async ({ path }) => {
    const page = await open(path);
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [320, 768, 1440]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        expect({ colorScheme, width, violations: await violationsOn(page) }).toEqual({
          colorScheme,
          width,
          violations: [],
        });
        expect(await hasSidewaysScroll(page)).toBe(false);
      }
    }
    await page.context().close();
  });
});
