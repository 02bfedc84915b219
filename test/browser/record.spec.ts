import { expect, it } from '@jest/globals';
import { describeInBrowser } from '../support/browser/browsing.js';
import { recordWorkedExample } from './views.js';

const MOST_STEPS = 120;

/** What whoever sees the focused element takes for its name: its label, or its own text. */
const NAME_OF_FOCUSED = `(document.activeElement.labels?.[0] ?? document.activeElement).textContent.replace(' (optional)', '').trim()`;

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
    expect(await page.locator('#mistakes').innerText()).toContain('When it happened');
    expect(await page.evaluate('document.activeElement.id')).toBe('mistakes');
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
    await fill('/reason', 'A slip of the pen.');
    await page.getByRole('button', { name: 'Change summary' }).click();
    expect(await page.locator('[id="field/changes/summary"]').inputValue()).toBe('The toll falls to 3 pounds.');
    expect(await page.locator('[id="field/reason"]').inputValue()).toBe('A slip of the pen.');
    await fill('/changes/summary', 'The toll fell to 3 pounds.');
    await fill('/summary', 'We had the wrong tense.');
    await page.getByRole('button', { name: 'Record for ever' }).click();
    expect(await page.locator('main').innerText()).toContain(`@${before + 2}`);
    await page.context().close();
  });

  it('takes dates as sources say them, and says what is only not filled in yet as that', async () => {
    const page = await open('/record?type=policy.announced&policy=harbour-toll');
    await page.waitForSelector('html[data-ready]');
    await page.getByLabel('Summary').fill('The port would talk of the toll.');
    await page.getByText('Still needed').waitFor();
    expect(await page.locator('#mistakes li, [aria-invalid=true]').count()).toBe(0);
    const occurred = page.getByLabel('When it happened', { exact: true });
    await occurred.fill('early July 2025');
    await page.getByText('some time from 1 July 2025 to 10 July 2025').waitFor();
    await occurred.press('Tab');
    expect(await occurred.inputValue()).toBe('[2025-07-01..2025-07-10]');
    await occurred.fill('7/8/2025');
    await page.getByRole('button', { name: '7 August 2025' }).click();
    expect(await occurred.inputValue()).toBe('2025-08-07');
    expect(await page.evaluate('document.activeElement.id')).toBe('field/occurred');
    await page.context().close();
  });

  it('keeps a draft for its policy alone, until somebody starts afresh', async () => {
    const page = await open('/record?type=policy.announced&policy=harbour-toll');
    await page.waitForSelector('html[data-ready]');
    await page.getByLabel('Summary').fill('The port would talk of the toll.');
    await page.reload();
    await page.getByText('Your draft of this form was kept').waitFor();
    expect(await page.getByLabel('Summary').inputValue()).toBe('The port would talk of the toll.');
    await page.goto(`${application().url}/record?type=policy.announced&policy=no-such-policy`);
    await page.waitForSelector('html[data-ready]');
    expect(await page.getByLabel('Summary').inputValue()).toBe('');
    await page.goBack();
    await page.getByRole('button', { name: 'Start afresh' }).click();
    expect(await page.getByLabel('Summary').inputValue()).toBe('');
    await page.reload();
    await page.waitForSelector('html[data-ready]');
    expect(await page.getByText('Your draft of this form was kept').count()).toBe(0);
    await page.context().close();
  });

  it('registers a policy, corrects a term of its first event and retracts it, by keyboard alone', async () => {
    const before = await application().head();
    const page = await open('/record');
    await page.waitForSelector('html[data-ready]');
    const { keyboard } = page;
    const toField = async (label: string): Promise<void> => {
      for (let step = 0; step < MOST_STEPS; step += 1) {
        await keyboard.press('Tab');
        if ((await page.evaluate<string>(NAME_OF_FOCUSED)) === label) return;
      }
      throw new Error(`No Tab leads to "${label}".`);
    };
    const typeInto = async (label: string, text: string): Promise<void> => {
      await toField(label);
      await keyboard.type(text);
    };
    const press = async (label: string): Promise<void> => {
      await toField(label);
      await keyboard.press('Enter');
    };
    await press('registered');
    await page.waitForURL(/type=policy\.registered/);
    await page.waitForSelector('html[data-ready]');
    await typeInto('Title', 'Ferry fare');
    await typeInto('Kind', 's');
    await typeInto('Jurisdiction', 'GB');
    await press('Record for ever');
    await page.getByRole('heading', { name: 'Recorded' }).waitFor();
    expect(await application().head()).toBe(before + 1);
    await press('Record an event about it');
    await page.waitForURL(/policy=ferry-fare/);
    await press('Terms described');
    await page.waitForURL(/type=terms\.described/);
    await page.waitForSelector('html[data-ready]');
    await typeInto('Publisher', 'Port');
    await typeInto('Title', 'Fares');
    await typeInto('When it was published', '8 July 2025');
    await typeInto('Kind of source', 'o');
    await typeInto('When it became public', '8 July 2025');
    await typeInto('When it happened', 'by 8 July 2025');
    await typeInto('Summary', 'The fare is 7 pounds.');
    await typeInto('Key', 'fare');
    await typeInto('Value', '7');
    await typeInto('How well established it is', 'c');
    await press('Record for ever');
    await page.getByText('in the checkpoint of').waitFor();
    await press('Correct it');
    await page.waitForURL(/corrects=the-fare-is-7-pounds/);
    await page.waitForSelector('html[data-ready]');
    await typeInto('Summary', 'The fare is 8 pounds.');
    await press('Change terms');
    await toField('Value');
    await keyboard.press('Control+A');
    await keyboard.type('8');
    await typeInto('Why the record is changed', 'It was misread.');
    await press('Check');
    await page.getByText('the earlier account stands').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('preview');
    await press('Record for ever');
    await page.getByRole('heading', { name: 'Recorded' }).waitFor();
    await page.goto(`${application().url}/policies/ferry-fare`);
    expect(await page.locator('table.state').innerText()).toContain('8');
    await page.goto(`${application().url}/events/the-fare-is-7-pounds`);
    await page.waitForSelector('html[data-ready]');
    await press('Record a retraction');
    await page.waitForURL(/retracts=/);
    await page.waitForSelector('html[data-ready]');
    await typeInto('Summary', 'There is no ferry.');
    await typeInto('Why the record is changed', 'It was a story of another port.');
    await press('Record for ever');
    await page.getByRole('heading', { name: 'Recorded' }).waitFor();
    expect(await application().head()).toBe(before + 4);
    await page.context().close();
  }, 120_000);

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
