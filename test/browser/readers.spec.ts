import { gzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import { complaintsOf, describeInBrowser } from '../support/browser/browsing.js';
import { HOSTILE_VIEWS, recordHostileEvents } from './hostile-events.js';
import { recordWorkedExample } from './views.js';

const SCRIPT_BUDGET_BYTES = 32 * 1024;
const STYLE_BUDGET_BYTES = 10 * 1024;

/** The verifier and the live stream come when the page works; nobody waits for them. */
const LATER = /\/assets\/(?:trust-check|follow-log)-/;

const HEAVIEST = ['/policies', '/policies/harbour-toll', '/policies/harbour-toll/timeline', '/figures', '/events'];

/** Lists the addresses of files that a page fetches from now on. */
function listFiles(page: Page): readonly string[] {
  const addresses: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.startsWith('/assets/')) addresses.push(request.url());
  });
  return addresses;
}

/** Adds up the bytes of files with an ending, as gzip packs them at its best. */
async function weigh(addresses: readonly string[], ending: string): Promise<number> {
  const bodies = await Promise.all(
    addresses.filter((each) => each.endsWith(ending)).map(async (each) => (await fetch(each)).arrayBuffer()),
  );
  return bodies.reduce((total, body) => total + gzipSync(Buffer.from(body), { level: 9 }).length, 0);
}

/** What hostile texts came to: a trace, elements made of them, links that would run, pixels beyond the window. */
const FINDINGS = `({
  hit: window.hit ?? null,
  intruders: document.querySelectorAll('main script, main img, header script, footer img').length,
  scripts: [...document.querySelectorAll('[href]')].filter((each) => /^\\s*javascript:/i.test(each.getAttribute('href'))).length,
  overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
})`;

describeInBrowser('any reader', recordWorkedExample, ({ application, open }) => {
  it.each(HEAVIEST)('fetches little before a page works: %s', async (path) => {
    const page = await open('/livez');
    await page.route(LATER, (route) => route.abort());
    const files = listFiles(page);
    await page.goto(`${application().url}${path}`);
    await page.waitForSelector('html[data-ready]');
    const eager = files.filter((each) => !LATER.test(each));
    expect(await weigh(eager, '.js')).toBeLessThan(SCRIPT_BUDGET_BYTES);
    expect(await weigh(eager, '.js')).toBeGreaterThan(5_000);
    expect(await weigh(eager, '.css')).toBeLessThan(STYLE_BUDGET_BYTES);
    await page.context().close();
  });

  it.each(['Pacific/Auckland', 'America/Los_Angeles', 'Europe/London'])(
    'sees the days of the log, whatever their own zone: %s',
    async (timezoneId) => {
      const page = await open('/policies/harbour-toll/timeline?knownAt=2024-10-27', { timezoneId });
      await page.waitForSelector('html[data-ready]');
      expect(await page.innerText('.sentence')).toContain('27 October 2024');
      const there = await page.innerText('main');
      const server = await open('/policies/harbour-toll/timeline?knownAt=2024-10-27', { javaScriptEnabled: false });
      expect(there).toBe(await server.innerText('main'));
      await Promise.all([page.context().close(), server.context().close()]);
    },
  );

  it('moves through publications by keys, and back by the browser', async () => {
    const page = await open('/policies/harbour-toll?knownAt=2024-07-15');
    await page.locator('.scrubber input').waitFor();
    const before = await page.innerText('.sentence');
    await page.keyboard.press('[');
    await eventually('an earlier day is shown', async () => (await page.innerText('.sentence')) !== before);
    expect(page.url()).not.toContain('2024-07-15');
    await page.goBack();
    await eventually('the day before is back', async () => (await page.innerText('.sentence')) === before);
    await page.keyboard.press('\\');
    await eventually('today is shown', async () => (await page.innerText('.sentence')).includes('known on today'));
    // The second of two presses counts from where the first one leads to, not from what is still shown.
    await page.goto(`${application().url}/policies/harbour-toll?knownAt=2024-09-02`);
    await page.locator('.scrubber input').waitFor();
    await page.evaluate("for (const key of ['[', ']']) dispatchEvent(new KeyboardEvent('keydown', { key }))");
    expect(page.url()).toContain('knownAt=2024-09-02');
    await page.context().close();
  });

  it('steps both sides of a comparison, from change to change, and swaps them, by keys and by buttons', async () => {
    const page = await open('/policies/harbour-toll/diff?from=2024-01-11&to=2024-05-21');
    await page.waitForResponse(/shape=index/);
    const stat = page.locator('.stat');
    const first = await stat.innerText();
    await page.keyboard.press('F7');
    await page.keyboard.press('F7');
    expect(await page.evaluate("document.querySelectorAll('.changes tbody tr')[1] === document.activeElement")).toBe(
      true,
    );
    await page.keyboard.press('Shift+F7');
    expect(await page.evaluate("document.querySelector('.changes tbody tr') === document.activeElement")).toBe(true);
    await eventually('both sides step', async () => {
      await page.keyboard.press('.');
      return page.url().includes('from=2024-03-05&to=2024-09-02');
    });
    await eventually('another comparison is shown', async () => (await stat.innerText()) !== first);
    await page.getByRole('button', { name: 'Both earlier' }).click();
    await eventually('the first comparison is back', async () => (await stat.innerText()) === first);
    await page.keyboard.press('x');
    expect(page.url()).toContain('from=2024-05-21&to=2024-01-11');
    await page.context().close();
  });

  it('chooses the colours at the foot of a page, and finds them again on the next', async () => {
    const page = await open('/help/keys', { colorScheme: 'dark' });
    await page.getByLabel('Colours').selectOption('light');
    await page.goto(`${application().url}/policies`);
    expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('light');
    await page.getByLabel('Colours').selectOption('as your system');
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBeUndefined();
    await page.context().close();
  });

  // The last one: it adds a policy to the log.
  it('shows hostile texts as text: nothing of them acts, and nothing overflows a narrow window', async () => {
    const answers = await recordHostileEvents(application());
    expect(answers.at(-1)?.summary).toMatchObject({ rejected: 0 });
    const page = await open('/livez', { viewport: { width: 320, height: 800 } });
    const complaints = complaintsOf(page);
    for (const path of HOSTILE_VIEWS) {
      await page.goto(`${application().url}${path}`);
      await page.waitForSelector('html[data-ready]');
      expect({ path, ...(await page.evaluate<object>(FINDINGS)) }).toEqual({
        path,
        hit: null,
        intruders: 0,
        scripts: 0,
        overflow: 0,
      });
      expect(await page.locator('main').textContent()).toMatch(/<script>window\.hit=1<\/script>|esrever|y{90}/);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
