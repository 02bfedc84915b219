import { expect, it } from '@jest/globals';
import { describeInBrowser } from '../support/browser/browsing.js';
import { recordWorkedExample } from './views.js';

describeInBrowser('the form', recordWorkedExample, ({ application, open }) => {
  it('shows what an event would change, records it once and answers with its position', async () => {
    const before = await application().head();
    const page = await open('/record?type=terms.changed&policy=harbour-toll');
    await page.waitForSelector('html[data-ready]');
    const fill = (pointer: string, value: string) => page.locator(`[id="field${pointer}"]`).fill(value);
    await fill('/sources/0/publisher', 'Harbour Gazette');
    await fill('/sources/0/title', 'The toll falls');
    await fill('/sources/0/publishedAt', '2025-01-15');
    await page.locator('[id="field/sources/0/genre"]').selectOption('news');
    await fill('/publishedAt', '2025-01-15');
    await fill('/occurred', '2025-01-15');
    await fill('/summary', 'The toll falls to 4 pounds.');
    await page.locator('[id="field/epistemic"]').selectOption('confirmed');
    expect(await page.locator('[id="field/key"]').inputValue()).toBe('the-toll-falls-to-4-pounds');
    await page.getByRole('button', { name: 'Add to terms' }).click();
    await fill('/terms/0/key', 'price');
    await fill('/terms/0/value', '4');
    await page.getByText('terms: price').first().waitFor();
    expect(await page.locator('.preview').innerText()).toMatch(/4 GBP|4/);
    expect(await application().head()).toBe(before);
    await page.getByRole('button', { name: 'Record for ever' }).click();
    await page.getByRole('heading', { name: 'Recorded' }).waitFor();
    expect(await page.locator('.receipt').innerText()).toContain(`@${before + 1}`);
    expect(await application().head()).toBe(before + 1);
    await page.context().close();
  });

  it('shows errors at their fields and in a list, and stores nothing', async () => {
    const before = await application().head();
    const page = await open('/record?type=terms.changed&policy=harbour-toll');
    await page.waitForSelector('html[data-ready]');
    await page.locator('[id="field/occurred"]').fill('some day');
    await page.getByRole('button', { name: 'Record for ever' }).click();
    await page.locator('#mistakes li').first().waitFor();
    expect(await page.locator('[id="field/occurred"]').getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('#mistakes').innerText()).toContain('occurred');
    expect(await application().head()).toBe(before);
    await page.context().close();
  });

  it('is sent without scripts: checked, with its mistakes at their fields, recorded once, and with a receipt', async () => {
    const before = await application().head();
    const page = await open('/record?type=terms.changed&policy=harbour-toll', { javaScriptEnabled: false });
    const fill = (pointer: string, value: string) => page.locator(`[id="field${pointer}"]`).fill(value);
    await fill('/summary', 'The toll falls to 3 pounds.');
    await fill('/occurred', 'some day');
    await page.getByRole('button', { name: 'Record for ever' }).click();
    expect(await page.locator('[id="field/occurred"]').getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('[id="field/summary"]').inputValue()).toBe('The toll falls to 3 pounds.');
    await fill('/occurred', '2025-02-15');
    await fill('/publishedAt', '2025-02-15');
    await fill('/key', 'toll-falls-without-scripts');
    await fill('/sources/0/publisher', 'Harbour Gazette');
    await fill('/sources/0/title', 'The toll falls');
    await fill('/sources/0/publishedAt', '2025-02-15');
    await page.locator('[id="field/sources/0/genre"]').selectOption('news');
    await page.locator('[id="field/epistemic"]').selectOption('confirmed');
    await page.getByRole('button', { name: 'Add to terms' }).click();
    await fill('/terms/0/key', 'price');
    await fill('/terms/0/value', '3');
    await page.getByRole('button', { name: 'Check', exact: true }).last().click();
    expect(await page.locator('.preview').innerText()).toContain('terms: price');
    expect(await application().head()).toBe(before);
    await page.getByRole('button', { name: 'Record for ever' }).click();
    expect(page.url()).toContain('/record?recorded=toll-falls-without-scripts');
    expect(await page.locator('.receipt').innerText()).toContain(`@${before + 1}`);
    await page.reload();
    expect(await application().head()).toBe(before + 1);
    await page.goto(`${application().url}/record?corrects=toll-falls-without-scripts`);
    await fill('/changes/summary', 'The toll fell to 3 pounds.');
    await fill('/reason', 'A slip of the pen.');
    await fill('/summary', 'We had the wrong tense.');
    await fill('/key', 'tense-corrected');
    await fill('/occurred', '2025-02-16');
    await fill('/publishedAt', '2025-02-16');
    await page.getByRole('button', { name: 'Record for ever' }).click();
    expect(await page.locator('main').innerText()).toContain(`@${before + 2}`);
    await page.context().close();
  });

  it('is taken from pages of this server alone', async () => {
    const send = (headers: Readonly<Record<string, string>>) =>
      fetch(`${application().url}/record?type=terms.changed`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: 'check=',
      });
    expect((await send({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await send({ origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await send({ origin: application().url })).status).toBe(422);
  });
});
