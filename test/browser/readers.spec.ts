import { once } from 'node:events';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import { complaintsOf, describeInBrowser } from '../support/browser/browsing.js';
import { HOSTILE_VIEWS, recordHostileEvents } from './hostile-events.js';
import { recordWorkedExample, readServedText } from './views.js';

const SCRIPT_BUDGET_BYTES = 32 * 1024;
const STYLE_BUDGET_BYTES = 10 * 1024;

/** The verifier, the live stream, graphics and the foot of printed pages come when the page works; nobody waits for them. */
const LATER = /\/assets\/(?:trust-check|follow-log|graphics|print-foot)-/;

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

/** Follows a link, or presses a button, with the mouse. */
const clickOn = (target: Locator): Promise<void> => target.click();

const MOST_STOPS = 150;

/** A walk loads nine pages; on a busy machine that takes a while. */
const WALK_LIMIT_MS = 180_000;

/** Goes to a link or a button by Tab, as one who has no mouse, and presses Enter. */
async function pressOn(target: Locator): Promise<void> {
  await target.waitFor();
  const page = target.page();
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) {
      await page.keyboard.press('Enter');
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Not reached by Tab: ${String(target)}.`);
}

describeInBrowser('any reader', recordWorkedExample, ({ application, open, openEmpty }) => {
  it.each(HEAVIEST)('fetches little before a page works: %s', async (path) => {
    const page = await openEmpty();
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
      const page = await openEmpty({ timezoneId });
      const server = await openEmpty({ javaScriptEnabled: false });
      // The two days on which the clocks of the log's zone change.
      for (const [day, words] of [
        ['2024-10-27', '27 October 2024'],
        ['2025-03-30', '30 March 2025'],
      ] as const) {
        const address = `${application().url}/policies/harbour-toll/timeline?knownAt=${day}`;
        await Promise.all([page.goto(address), server.goto(address)]);
        await page.waitForSelector('html[data-ready]');
        expect(await page.innerText('.sentence')).toContain(words);
        expect(await readServedText(page)).toBe(await readServedText(server));
      }
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

  it('goes back by the browser to the day from which the slider was dragged, in one step', async () => {
    const page = await open('/policies/harbour-toll?knownAt=2024-07-15');
    const slider = page.locator('.scrubber input');
    await slider.waitFor();
    const [before, box, steps] = await Promise.all([
      page.innerText('.sentence'),
      slider.boundingBox(),
      page.evaluate<number>('history.length'),
    ]);
    const { x = 0, y = 0, width = 0, height = 0 } = box ?? {};
    const value = Number(await slider.inputValue()) / Number(await slider.getAttribute('max'));
    await page.mouse.move(x + value * width, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.9, y + height / 2, { steps: 8 });
    await eventually('a later day is shown', async () => (await page.innerText('.sentence')) !== before);
    await page.mouse.up();
    expect(await page.evaluate('history.length')).toBe(steps + 1);
    await page.goBack();
    expect(page.url()).toContain('knownAt=2024-07-15');
    await eventually('the day before is back', async () => (await page.innerText('.sentence')) === before);
    await page.goForward();
    await eventually('the later day is back', async () => (await page.innerText('.sentence')) !== before);
    await page.context().close();
  });

  it('has the fields for the times folded in a narrow window alone, and unfolds them where a date is chosen', async () => {
    const page = await open('/policies/harbour-toll', { viewport: { width: 320, height: 800 } });
    const field = page.getByLabel('As recorded', { exact: true });
    await page.waitForSelector('html[data-ready]');
    expect(await field.isVisible()).toBe(false);
    await page.locator('.sentence label').last().click();
    expect(await page.evaluate('document.activeElement.name')).toBe('recordedAt');
    await page.reload();
    await page.setViewportSize({ width: 1440, height: 800 });
    expect(await field.isVisible()).toBe(true);
    expect(await page.getByText('Change the times').isVisible()).toBe(false);
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

  it('shares a pinned link, a citation in five forms and an embed, by mouse or key', async () => {
    const page = await open('/policies/harbour-toll?knownAt=2024-07-15');
    await page.locator('.badge-verified').waitFor();
    await page.getByRole('link', { name: 'Share, cite' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('y');
    const dialog = page.getByRole('dialog', { name: 'Share, cite, download' });
    const link = dialog.getByLabel(/^(Pinned|Newest) link/);
    expect(await link.inputValue()).toMatch(
      /\/policies\/harbour-toll\?knownAt=2024-07-15T22:59:59\.999Z&recordedAt=@\d+&validAt=2024-07-15T22:59:59\.999Z$/,
    );
    await dialog.getByLabel('Always the newest').check();
    expect(await link.inputValue()).toBe(`${application().url}/policies/harbour-toll`);
    const citations: string[] = [];
    for (const form of ['Text', 'Markdown', 'CSL-JSON', 'BibTeX', 'Wikipedia']) {
      await dialog.getByLabel('Form of the citation').selectOption(form);
      citations.push(await dialog.getByLabel('Citation', { exact: true }).inputValue());
    }
    expect(new Set(citations).size).toBe(5);
    for (const citation of citations)
      expect(citation).toMatch(
        /What was known on 15 July 2024 about that day, as recorded at position \d+.*\d+ entries and the root [0-9a-f]{12}/,
      );
    await dialog.getByRole('button', { name: 'Keep a permanent citation' }).click();
    const permanent = await dialog.getByLabel(/^Permanent citation/).inputValue();
    expect((await readJson(permanent)).body).toMatchObject({ holds: true });
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.goto(`${application().url}/diff?from=2024-01-15&to=2024-10-10`);
    await page.waitForSelector('html[data-ready]');
    await page.getByRole('button', { name: 'Share, cite, download' }).click();
    expect(await dialog.getByLabel(/^Pinned link/).inputValue()).toMatch(/from\.recordedAt=@\d+.*&to\.recordedAt=@\d+/);
    expect(await dialog.innerText()).toContain('What differs between what was known on 15 January 2024 about that day');
    await page.context().close();
  });

  it('sees an embedded page on the site of another, as high as its content, which keeps nothing and frames nothing else', async () => {
    const shared = await open('/policies/harbour-toll?knownAt=2024-07-15');
    await shared.waitForSelector('html[data-ready]');
    await shared.getByRole('button', { name: 'Share, cite, download' }).click();
    await shared.getByLabel(/As high as its content/).check();
    const snippet = await shared.getByLabel('Embed, pinned', { exact: true }).inputValue();
    const whole = snippet.replace('/embed/', '/').replace('<iframe', '<iframe id="refused"');
    const host = await serveElsewhere(`<!doctype html><title>Article</title><h1>Article</h1>${snippet}${whole}`);
    const page = await openEmpty();
    await page.goto(host.url);
    const frame = page.frameLocator('iframe[src*="/embed/"]');
    await frame.getByRole('heading', { name: 'Harbour toll' }).waitFor();
    const now = `${application().url}/v1/policies/harbour-toll/diff?from=2024-07-15&to.validAt=2024-07-15`;
    expect((await readJson(now)).body).toMatchObject({ changes: [{ policy: 'harbour-toll' }] });
    const different = frame.getByRole('link', { name: '1 thing is known differently today' });
    await different.waitFor();
    expect(await frame.locator('.foot').innerText()).toMatch(/^Known on 15 July 2024 · Open · /);
    expect(await frame.locator('nav, header, .time-bar').count()).toBe(0);
    const inner = page.frames().find((each) => each.url().includes('/embed/'));
    const height = () => page.locator('iframe[src*="/embed/"]').getAttribute('height');
    await eventually('the frame is as high as its content', async () => {
      const content = await inner?.evaluate<number>('Math.ceil(document.body.getBoundingClientRect().height)');
      return (await height()) === String(content);
    });
    await eventually('the whole page refuses to be framed', async () => {
      const refused = page.frames().find((each) => each !== inner && each !== page.mainFrame());
      return refused?.url().startsWith('chrome-error:') === true;
    });
    await page.goto(`${application().url}/embed/policies`);
    await page.waitForSelector('html[data-ready]');
    await page.keyboard.press('/');
    expect(await page.evaluate('localStorage.length + sessionStorage.length')).toBe(0);
    expect(await page.context().cookies()).toEqual([]);
    expect(page.url()).toBe(`${application().url}/embed/policies`);
    await Promise.all([shared.context().close(), page.context().close(), host.close()]);
  });

  it('finds by oEmbed how a page is shown elsewhere: pinned, unless it asks for the newest', async () => {
    const page = await open('/policies/harbour-toll?knownAt=2024-07-15', { javaScriptEnabled: false });
    const address = await page.locator('link[type="application/json+oembed"]').getAttribute('href');
    const { status, body } = await readJson(`${address}&maxwidth=500&maxheight=9999`);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { version: '1.0', type: 'rich', title: 'Harbour toll', width: 500, height: 480 },
    });
    expect(JSON.stringify(body)).toMatch(
      /\/embed\/policies\/harbour-toll\?knownAt=2024-07-15T22:59:59.999Z&amp;recordedAt=@/,
    );
    const ask = (url: string) => readJson(`${application().url}/oembed?url=${encodeURIComponent(url)}`);
    const live = await ask(`${application().url}/policies/harbour-toll?live=true`);
    expect(JSON.stringify(live.body)).toContain('/embed/policies/harbour-toll?live=true');
    expect((await ask('https://elsewhere.example/policies/harbour-toll')).status).toBe(404);
    expect((await ask(`${application().url}/policies/nothing`)).status).toBe(404);
    expect((await readJson(`${address}&format=xml`)).status).toBe(501);
    await page.context().close();
  });

  it.each([
    ['the mouse', clickOn],
    ['the keyboard', pressOn],
  ] as const)(
    'walks the tour of the README by %s alone',
    async (_by, choose) => {
      const page = await open('/');
      await page.waitForSelector('html[data-ready]');
      await choose(page.getByRole('link', { name: 'Harbour toll' }).first());
      await page.locator('.scrubber input').waitFor();
      await choose(page.getByRole('button', { name: 'Previous publication' }));
      await eventually('an earlier day is shown', () => page.url().includes('knownAt='));
      await eventually(
        'its sentence, too',
        async () => !(await page.innerText('.sentence')).includes('known on today'),
      );
      await choose(page.getByRole('link', { name: 'Compare two dates' }));
      await choose(page.getByRole('link', { name: /to today$/ }));
      await choose(page.getByRole('link', { name: 'Swap the two' }));
      expect(await page.innerText('.stat')).toMatch(/^\d+ changes?: /);
      await page.goto(`${application().url}/policies/harbour-toll`);
      await choose(page.getByRole('link', { name: 'What we thought, when' }));
      await page
        .getByRole('heading', { name: /Harbour toll/ })
        .first()
        .waitFor();
      await choose(page.locator('.badge').first());
      await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor();
      await choose(page.getByRole('link', { name: 'Timeline', exact: true }));
      await choose(page.locator('.events a').first());
      await choose(page.getByRole('link', { name: 'Record a correction' }));
      await page.getByRole('button', { name: 'Record for ever' }).waitFor();
      await page.context().close();
    },
    WALK_LIMIT_MS,
  );

  // The last one: it adds a policy to the log.
  it('shows hostile texts as text: nothing of them acts, and nothing overflows a narrow window', async () => {
    const answers = await recordHostileEvents(application());
    expect(answers.at(-1)?.summary).toMatchObject({ rejected: 0 });
    const page = await openEmpty({ viewport: { width: 320, height: 800 } });
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

/** Serves a page from another site: by a name of this machine that is not its address. */
async function serveElsewhere(html: string): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end(html);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://localhost:${port}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readJson(address: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await fetch(address);
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}
