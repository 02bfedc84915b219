import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Browsing, describeInBrowser } from '../support/browser/browsing.js';
import { openGate } from '../support/browser/gate.js';
import { recordWorkedExample, readServedText } from './views.js';

/** An event that changes the toll. */
function tollEvent(price: number, summary: string): object {
  return {
    key: `toll-of-${price}`,
    policy: 'harbour-toll',
    type: 'terms.changed',
    occurred: '2025-03-10',
    publishedAt: '2025-03-10',
    actors: [{ name: 'Harbour Board', kind: 'organisation' }],
    summary,
    status: null,
    terms: [{ key: 'price', value: price, unit: 'GBP' }],
    epistemic: 'confirmed',
    ordinal: price,
    sources: [{ publisher: 'Harbour Board', title: 'New toll', publishedAt: '2025-03-10', genre: 'official' }],
  };
}

/** Records that the toll was changed, and answers the sentence that tells so. */
async function recordToll({ application }: Browsing, price: number): Promise<string> {
  const summary = `The toll became ${price} pounds.`;
  const answer = await application().post('/v1/policies/harbour-toll/events', tollEvent(price, summary));
  expect(answer).toMatchObject({ status: 201 });
  return summary;
}

/** Opens a page and waits until it has asked for the stream. */
async function follow({ application, openEmpty }: Browsing, path: string): Promise<Page> {
  const page = await openEmpty();
  page.setDefaultTimeout(10_000);
  await Promise.all([page.waitForRequest(/\/stream\?view=patches/), page.goto(`${application().url}${path}`)]);
  return page;
}

const waitForText = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor({ state: 'attached' });

describeInBrowser('a page that follows the log', recordWorkedExample, (browsing) => {
  it('shows what was recorded without being loaded again', async () => {
    const page = await follow(browsing, '/policies/harbour-toll');
    await page.evaluate('document.body.dataset.loaded = "once"');
    await waitForText(page, await recordToll(browsing, 21));
    expect(await page.locator('body').getAttribute('data-loaded')).toBe('once');
    await page.context().close();
  });

  it('stays as it is where it is pinned, and says how much is new', async () => {
    const page = await follow(browsing, '/policies/harbour-toll?knownAt=2024-07-15');
    const before = await readServedText(page);
    const summary = await recordToll(browsing, 22);
    await waitForText(page, '1 new');
    expect((await readServedText(page)).replace(/1 new · Show\s+/, '')).toBe(before);
    await page.getByRole('button', { name: 'Show', exact: true }).last().click();
    await waitForText(page, summary);
    await page.context().close();
  });

  it('does not move under the hands of somebody who writes', async () => {
    const page = await follow(browsing, '/policies/harbour-toll');
    await page.getByLabel('Known on').first().focus();
    const summary = await recordToll(browsing, 23);
    const other = await follow(browsing, '/policies/harbour-toll');
    await waitForText(other, await recordToll(browsing, 24));
    expect(await page.innerText('main')).not.toContain(summary);
    await page.locator('h1').click();
    await waitForText(page, summary);
    await Promise.all([page.context().close(), other.context().close()]);
  });

  it('has one connection a browser, which another tab takes over', async () => {
    const first = await follow(browsing, '/policies/harbour-toll');
    const streams: string[] = [];
    first.context().on('request', (request) => {
      if (request.url().includes('/stream?')) streams.push(request.url());
    });
    const second = await first.context().newPage();
    await second.goto(first.url());
    await second.waitForSelector('html[data-ready]');
    const summary = await recordToll(browsing, 25);
    await Promise.all([waitForText(first, summary), waitForText(second, summary)]);
    expect(streams).toEqual([]);
    await Promise.all([second.waitForRequest(/\/stream\?/), first.close()]);
    await waitForText(second, await recordToll(browsing, 26));
    await second.context().close();
  });

  it('keeps what it shows without a connection, says since when, and catches up', async () => {
    const page = await follow(browsing, '/policies/harbour-toll');
    await page.waitForSelector('html[data-ready]');
    await page.context().setOffline(true);
    await waitForText(page, /^Not live since \d\d:\d\d, trying\.$/);
    expect(await page.innerText('h1')).toBe('Harbour toll');
    const summary = await recordToll(browsing, 27);
    await page.context().setOffline(false);
    await waitForText(page, summary);
    expect(await page.getByText('Not live since').count()).toBe(0);
    await page.context().close();
  });

  it('lists an event that changes no state as soon as it is recorded', async () => {
    const page = await follow(browsing, '/policies/harbour-toll/timeline');
    const summary = 'A hearing on the toll was held.';
    const { status } = await browsing.application().post('/v1/policies/harbour-toll/events', {
      ...tollEvent(30, summary),
      type: 'implementation.advanced',
      key: 'toll-hearing',
      terms: undefined,
    });
    expect(status).toBe(201);
    await waitForText(page, summary);
    await page.context().close();
  });

  it('watches a past day, and speaks only when our account of that day changes', async () => {
    const page = await follow(browsing, '/policies/harbour-toll?knownAt=2024-07-15');
    await Promise.all([
      page.waitForResponse(/\/stream\?view=patches&knownAt=/),
      page.getByRole('button', { name: 'Watch this day' }).click(),
    ]);
    await recordToll(browsing, 31);
    const late = {
      ...tollEvent(32, 'The toll was 32 pounds long ago.'),
      occurred: '2024-07-01',
      publishedAt: '2024-07-01',
    };
    expect(await browsing.application().post('/v1/policies/harbour-toll/events', late)).toMatchObject({ status: 201 });
    await waitForText(page, /^Our account of 15 July 2024 has changed: harbour-toll, because of toll-of-32\./);
    expect(await page.getByText(/\d new ·/).count()).toBe(0);
    await page.locator('.told button').click();
    await waitForText(page, /32 GBP/);
    await page.locator('.told').waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('says since when it is not live while the server is started again, and goes on where it was', async () => {
    const gate = await openGate(browsing.application().url);
    const page = await browsing.openEmpty();
    await Promise.all([page.waitForRequest(/\/stream\?view=patches/), page.goto(`${gate.url}/policies/harbour-toll`)]);
    await gate.shut();
    await waitForText(page, /^Not live since \d\d:\d\d, trying\.$/);
    expect(await page.innerText('h1')).toBe('Harbour toll');
    const summary = await recordToll(browsing, 33);
    await gate.open();
    await waitForText(page, summary);
    expect(await page.getByText('Not live since').count()).toBe(0);
    await page.context().close();
    await gate.shut();
  });

  it('dims what it shows while a slow server is waited for, and keeps it without one', async () => {
    const page = await browsing.openEmpty();
    await page.clock.install();
    await page.goto(`${browsing.application().url}/policies/harbour-toll?knownAt=2024-07-15`);
    await page.locator('.scrubber input').waitFor();
    let answer = (): void => undefined;
    const waiting = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route(/\/v1\/policies\/harbour-toll\?/, async (route) => {
      await waiting;
      await route.abort();
    });
    await page.keyboard.press('[');
    await page.locator('main[aria-busy="true"]').waitFor();
    answer();
    await waitForText(page, /The server cannot be reached/);
    expect(await page.locator('main[aria-busy]').count()).toBe(0);
    expect(await page.innerText('main')).toContain('What holds');
    await page.unroute(/\/v1\/policies\/harbour-toll\?/);
    await page.clock.fastForward(5_000);
    await page.getByText(/The server cannot be reached/).waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('lists each event as it is recorded, and holds back during a pause', async () => {
    const page = await follow(browsing, '/live');
    await waitForText(page, await recordToll(browsing, 28));
    await page.getByRole('button', { name: 'Pause' }).click();
    const summary = await recordToll(browsing, 29);
    await waitForText(page, '1 event held back.');
    expect(await page.innerText('main')).not.toContain(summary);
    await page.getByRole('button', { name: 'Pause' }).click();
    await waitForText(page, summary);
    await page.context().close();
  });
});
