import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { TestApplication } from '../e2e/running-application.js';
import { eventually } from '../support/eventually.js';
import { describeInBrowser } from '../support/browser/browsing.js';
import { recordWorkedExample } from './views.js';

const EVENT = '/events/toll-proposed';
const POLICY = '/policies/harbour-toll';

const badgeOf = (page: Page) => page.locator('.badge-verified, .badge-wrong').first();

/** Records the worked example, and waits until a checkpoint covers it. */
async function recordAndSign(application: TestApplication): Promise<void> {
  await recordWorkedExample(application);
  await eventually('the event is in a checkpoint', async () => {
    const { status } = await application.get('/v1/audit/proof/inclusion?event=toll-proposed');
    return status === 200;
  });
}

describeInBrowser('the badge', recordAndSign, ({ application, open, openEmpty }) => {
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

  it('folds the answer of a policy again, and is red when a byte of it was changed on the way', async () => {
    const page = await open(POLICY);
    await page.getByText(/^answer checked to @\d+$/).waitFor();
    await page.route(/proof=true/, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replace('in-operation', 'in-operatiom') });
    });
    await page.reload();
    await page.locator('.badge-wrong').waitFor();
    expect(await badgeOf(page).innerText()).toContain('This log is not what was signed.');
    expect(await page.locator('.badge-wrong a[download]').count()).toBe(2);
    await page.context().close();
  });

  it('is red when the page shows something else than the entries come to', async () => {
    const page = await openEmpty();
    await page.route(`**${POLICY}`, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replace('"eventCount":', '"eventCount":1') });
    });
    await page.goto(`${application().url}${POLICY}`);
    await page.locator('.badge-wrong').waitFor();
    expect(await badgeOf(page).innerText()).toContain('The page shows something else than its entries come to.');
    await page.context().close();
  });

  it('checks the same without the cryptography of the browser', async () => {
    const page = await openEmpty();
    const without = "Object.defineProperty(crypto, 'subtle', { value: undefined });";
    await page.addInitScript(without);
    await page.route(/\/assets\/refold-/, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: without + (await answer.text()) });
    });
    const loaded = Promise.all([page.waitForRequest(/\/assets\/noble-/), page.waitForRequest(/\/assets\/refold-/)]);
    await page.goto(`${application().url}${POLICY}`);
    await loaded;
    await page.getByText(/^answer checked to @\d+$/).waitFor();
    expect(await page.evaluate('crypto.subtle === undefined')).toBe(true);
    await page.context().close();
  });

  it('stays grey without a network, and says what could not be checked', async () => {
    const page = await openEmpty();
    await page.route('**/v1/audit/**', (route) => route.abort());
    await page.goto(`${application().url}${POLICY}`);
    await page.locator('.badge-not-checked[title*="no checkpoint"]').waitFor();
    await page.unroute('**/v1/audit/**');
    await page.route(/proof=true/, (route) => route.abort());
    await page.reload();
    await page.getByText('The proof of this answer cannot be had now.').waitFor();
    expect(await badgeOf(page).innerText()).toMatch(/^checked to @\d+$/);
    expect(await badgeOf(page).getAttribute('title')).not.toContain('folded again');
    await page.context().close();
  });

  it('says beside it when an event is newer than the checkpoint', async () => {
    const page = await openEmpty();
    await page.route('**/v1/events/toll-proposed', async (route) => {
      const answer = await route.fetch();
      const event: object = JSON.parse(await answer.text());
      await route.fulfill({ response: answer, body: JSON.stringify({ ...event, position: 1_000 }) });
    });
    await page.goto(`${application().url}${EVENT}`);
    await page.getByText('This event (@1000) is newer than the checkpoint: not signed yet.').waitFor();
    expect(await badgeOf(page).getAttribute('title')).not.toContain('this event');
    await page.context().close();
  });

  it('is told level by level on the page of the audit, where the answers about all policies can be checked', async () => {
    const page = await open('/audit');
    await page.locator('#audit-level-1 .level-checked').waitFor();
    await page.locator('#audit-level-2 .level-checked').waitFor();
    expect(await page.innerText('#audit-level-4')).toContain('This is your first visit');
    expect(await page.innerText('#audit-level-3')).toContain('Not checked here');
    await page.getByRole('button', { name: 'Check the answers about all policies' }).click();
    await page.getByText(/^Checked in this browser: (\d+) of \1 answers follow from the entries\.$/).waitFor();
    await page.reload();
    await page.locator('#audit-level-4 .level-checked').waitFor();
    await page.context().close();
  });
});
