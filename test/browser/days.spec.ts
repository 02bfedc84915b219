import { expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { describeInBrowser } from '../support/browser/browsing.js';
import { recordForViews } from './views.js';

/** A browser whose reader chooses a day as soon as the calendar is shown. */
const CHOOSE_A_DAY = `HTMLInputElement.prototype.showPicker = function () {
  this.value = '2024-07-15';
  this.dispatchEvent(new Event('change', { bubbles: true }));
};`;

/** Days before, between and after both changes of the clock in the log's zone. */
const DAYS = ['2024-10-27', '2025-03-30'];

describeInBrowser('the day that a page is about', recordForViews, ({ application, openEmpty }) => {
  it('is shown of the days of the log in any zone of the reader: promises, turns and impact', async () => {
    const server = await openEmpty({ javaScriptEnabled: false });
    for (const timezoneId of ['Pacific/Auckland', 'America/Los_Angeles', 'Europe/London']) {
      const page = await openEmpty({ timezoneId });
      for (const day of DAYS)
        for (const path of ['/promises', '/turns', '/impact?event=toll-announced']) {
          const address = `${application().url}${path}${path.includes('?') ? '&' : '?'}knownAt=${day}`;
          await Promise.all([page.goto(address), server.goto(address)]);
          await page.waitForSelector('html[data-ready]');
          const [seen, served] = await Promise.all([page.innerText('main'), server.innerText('main')]);
          expect({ timezoneId, address, seen }).toEqual({ timezoneId, address, seen: served });
        }
      await page.context().close();
    }
    await server.context().close();
  });

  it.each(['Pacific/Auckland', 'America/Los_Angeles'])(
    'is the day that is chosen in the calendar, wherever the reader is: %s',
    async (timezoneId) => {
      const page = await openEmpty({ timezoneId });
      await page.addInitScript(CHOOSE_A_DAY);
      await page.goto(`${application().url}/policies/harbour-toll`);
      await page.getByRole('button', { name: 'Known on: choose a day' }).first().click();
      await eventually('the day is shown', async () => (await page.innerText('.sentence')).includes('15 July 2024'));
      expect(page.url()).toContain('knownAt=2024-07-15');
      await page.context().close();
    },
  );
});
