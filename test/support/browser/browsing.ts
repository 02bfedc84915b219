import { afterAll, beforeAll, describe } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type TestApplication, runApplication } from '../../e2e/running-application.js';
import { canBrowse, launchChromium } from './chromium.js';

/** What a browser test works with: the application, and pages of a browser that are closed when the file has run. */
export interface Browsing {
  readonly application: () => TestApplication;
  /** Opens an address of the application in a window of its own. */
  readonly open: (path: string, options?: BrowserContextOptions) => Promise<Page>;
  /** A window of its own that has asked the application for nothing yet, to be prepared before it does. */
  readonly openEmpty: (options?: BrowserContextOptions) => Promise<Page>;
}

/** Describes tests of one application in one browser; `prepare` fills its log. */
export function describeInBrowser(
  name: string,
  prepare: (application: TestApplication) => Promise<unknown>,
  tests: (browsing: Browsing) => void,
): void {
  (canBrowse() ? describe : describe.skip)(name, () => {
    let application: TestApplication;
    let browser: Browser;
    beforeAll(async () => {
      [application, browser] = await Promise.all([runApplication(), launchChromium()]);
      await prepare(application);
    });
    afterAll(async () => {
      await browser?.close();
      await application?.stop();
    });
    const openEmpty = async (options: BrowserContextOptions = {}) => {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      return page;
    };
    tests({
      application: () => application,
      open: async (path, options) => {
        const page = await openEmpty(options);
        await page.goto(`${application.url}${path}`);
        return page;
      },
      openEmpty,
    });
  });
}

/** The texts of a page's complaints: errors of scripts, refusals of the content security policy, missing files. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
}
