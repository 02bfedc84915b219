import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { TestApplication } from '../e2e/running-application.js';
import { eventually } from '../support/eventually.js';
import { describeInBrowser } from '../support/browser/browsing.js';
import { recordWorkedExample } from './views.js';

const EVENT = '/events/toll-proposed';

const badgeOf = (page: Page) => page.locator('.badge-verified, .badge-wrong').first();

/** Records the worked example, and waits until a checkpoint covers it. */
async function recordAndSign(application: TestApplication): Promise<void> {
  await recordWorkedExample(application);
  await eventually('the event is in a checkpoint', async () => {
    const { status } = await application.get('/v1/audit/proof/inclusion?event=toll-proposed');
    return status === 200;
  });
}

describeInBrowser('the badge', recordAndSign, ({ application, open }) => {
  it('checks signature and event in this browser, and growth from the second visit on', async () => {
    const page = await open(EVENT);
    await expect(badgeOf(page).getAttribute('title')).resolves.toBe(
      'Checked in this browser: the newest checkpoint is signed; this event is in the signed log as it is shown.',
    );
    await page.reload();
    await expect(badgeOf(page).getAttribute('title')).resolves.toContain(
      'the log has only grown since your first visit',
    );
    await page.context().close();
  });

  it('is red when an event is shown otherwise than it was recorded, and offers the checkpoints', async () => {
    const page = await open('/help/times');
    await badgeOf(page).waitFor();
    await page.route('**/v1/events/toll-proposed', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({
        response: answer,
        body: (await answer.text()).replace('"epistemic":"confirmed"', '"epistemic":"reported"'),
      });
    });
    await page.goto(`${application().url}${EVENT}`);
    const text = await badgeOf(page).innerText();
    expect(text).toContain('This log is not what was signed.');
    expect(text).toContain('First bad position: @');
    expect(await page.locator('.badge-wrong a[download]').count()).toBe(2);
    await page.context().close();
  });

  it('is red when the log is another than on the first visit', async () => {
    const page = await open(EVENT);
    await badgeOf(page).waitFor();
    await page.evaluate(
      "localStorage.setItem('first checkpoint', localStorage.getItem('first checkpoint').replace(/stream-heads 2 ./, (all) => all.endsWith('A') ? 'stream-heads 2 B' : 'stream-heads 2 A'))",
    );
    await page.reload();
    expect(await badgeOf(page).innerText()).toContain('This log is not what was signed.');
    await page.context().close();
  });
});
