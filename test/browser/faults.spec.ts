import { expect, it } from '@jest/globals';
import type { Page, Route } from 'playwright-core';
import { describeInBrowser } from '../support/browser/browsing.js';
import { recordForViews } from './views.js';

const POLICY = '/policies/harbour-toll?knownAt=2024-07-15';
const STATE = /\/v1\/policies\/harbour-toll\?/;

/** Answers as a server does that has too much to do, or a proxy before it. */
const refuse =
  (status: number, detail: string, headers: Readonly<Record<string, string>> = {}) =>
  (route: Route): Promise<void> =>
    route.fulfill({
      status,
      headers,
      contentType: 'application/problem+json',
      body: JSON.stringify({ title: 'Refused', status, detail }),
    });

const waitFor = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor({ state: 'attached' });

const gone = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor({ state: 'detached' });

describeInBrowser('where something fails', recordForViews, ({ application, openEmpty }) => {
  /** Opens a page whose clock is moved by hand, with its slider there. */
  async function openByClock(path: string): Promise<Page> {
    const page = await openEmpty();
    await page.clock.install();
    await page.goto(`${application().url}${path}`);
    await page.locator('.scrubber input').waitFor();
    return page;
  }

  it.each([
    [429, 'Too many requests from here.'],
    [503, 'The read models are not level yet.'],
  ])(
    'an answer of %i says why and when it is asked again, keeps what is shown, and is asked again',
    async (status, detail) => {
      const page = await openByClock(POLICY);
      const before = await page.innerText('table.state');
      await page.route(STATE, refuse(status, detail, { 'retry-after': '7' }));
      await page.keyboard.press('[');
      await waitFor(page, detail);
      await waitFor(page, 'It is asked again in 7 s.');
      expect(await page.innerText('table.state')).toBe(before);
      await page.unroute(STATE);
      await page.clock.runFor(7_500);
      await gone(page, detail);
      await page.context().close();
    },
  );
});
