import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import { StreamClient } from '../../support/http/stream-client.js';
import { inProcess } from '../cli/running-ptl.js';
import { runApplication, startOn, type TestApplication } from '../running-application.js';
import { sampleEvent } from '../writes/sample-event.js';
import type { PlainBrowser } from './browser.js';
import { AUDIENCE, CLIENT_ID, type TestProvider, signAs, startProvider } from './identity-provider.js';
import { askAbout, signInAs } from './people.js';

interface Issued {
  readonly id: string;
  readonly key: string;
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** So long may what was revoked hold something open. */
const LIMIT_MS = 1_000;

/** More than the connection of one machine to itself takes up unread. */
const LINES = 250;
const sources = Array.from({ length: 20 }, (_, index) => ({
  publisher: 'Ministry',
  title: `Statement ${index}`,
  url: `https://ministry.example/${index}?${'x'.repeat(1_900)}`,
  publishedAt: '2024-03-05',
  genre: 'official',
}));

/** A request that the test leaves unfinished, and what became of it. */
class Unfinished {
  isOver = false;
  isComplete = false;
  status: number | undefined;
  readonly #request: ClientRequest;
  #response: IncomingMessage | undefined;

  constructor(url: string, method: string, headers: Readonly<Record<string, string>>) {
    this.#request = request(url, { method, headers, agent: false }, (response) => {
      this.#response = response;
      this.status = response.statusCode;
      response.on('close', () => {
        this.isComplete = response.complete;
        this.isOver = true;
      });
      response.on('error', () => (this.isOver = true));
    });
    this.#request.on('error', () => (this.isOver = true));
    if (method === 'GET') this.#request.end();
  }

  send(text: string): void {
    this.#request.write(text);
  }

  /** Reads on; what the system holds is read before a cut is noticed. */
  readOn(): void {
    this.#response?.resume();
  }

  cut(): void {
    this.#request.destroy();
  }
}

describe('what is under way for somebody', () => {
  let provider: TestProvider;
  let one: TestApplication;
  let other: { readonly url: string; stop(): Promise<void> };
  let operator: Readonly<Record<string, string>>;

  beforeAll(async () => {
    provider = await startProvider();
    const variables = {
      OIDC_ISSUER: provider.issuer,
      OIDC_AUDIENCE: AUDIENCE,
      OIDC_CLIENT_ID: CLIENT_ID,
      READS: 'keys',
    };
    one = await runApplication(variables);
    other = await startOn(one.databaseUrl, variables);
    operator = bearer(await signAs(provider, { roles: 'operator' }));
    const lines = Array.from({ length: LINES }, (_, index) => sampleEvent(`e${index}`, { sources }));
    const policy = { policy: { slug: 'ferry', title: 'Ferry', kind: 'scheme', jurisdiction: 'GB' } };
    const imported = await checkedFetch(`${one.url}/v1/imports`, {
      method: 'POST',
      headers: { ...operator, 'content-type': 'application/x-ndjson' },
      body: [policy, ...lines].map((line) => JSON.stringify(line)).join('\n'),
    });
    expect((await imported.text()).trim().split('\n').at(-1)).toContain(`"recorded":${LINES + 1}`);
  }, 120_000);
  afterAll(async () => {
    await other.stop();
    await one.stop();
    await provider.stop();
  });

  /** Makes a key, and waits until both processes know it. */
  async function issue(role: string): Promise<Issued> {
    const { body } = await one.post<Issued>('/v1/keys', { name: 'x', role }, operator);
    const known = async () =>
      (await checkedFetch(`${other.url}/v1/about`, { headers: bearer(body.key) })).status === 200;
    await eventually('the other process knows the key', known);
    return body;
  }

  const revoke = (id: string): Promise<Response> =>
    checkedFetch(`${one.url}/v1/keys/${id}`, { method: 'DELETE', headers: operator });

  async function expectSoon(what: string, holds: () => boolean): Promise<void> {
    const began = performance.now();
    await eventually(what, holds);
    expect(performance.now() - began).toBeLessThan(LIMIT_MS);
  }

  const streamsWith = (headers: Readonly<Record<string, string>>) =>
    Promise.all(
      [`${one.url}/v1/stream`, `${one.url}/v1/stream?view=patches`, `${other.url}/v1/stream`].map((url) =>
        new StreamClient(url, { headers }).caughtUp(),
      ),
    );

  it('ends within a second in every process once its key is revoked, and nothing else does', async () => {
    const [lent, kept] = [await issue('reader'), await issue('reader')];
    const [ending, going] = [await streamsWith(bearer(lent.key)), await streamsWith(bearer(kept.key))];
    expect((await revoke(lent.id)).status).toBe(200);
    await expectSoon('streams have ended', () => ending.every(({ hasEnded }) => hasEnded));
    const again = new StreamClient(`${other.url}/v1/stream`, { headers: bearer(lent.key) });
    await eventually('an answer', () => again.status !== undefined);
    expect(again.status).toBe(401);
    await one.post('/v1/policies', { slug: 'tram', title: 'Tram', kind: 'scheme', jurisdiction: 'GB' }, operator);
    for (const stream of going) {
      await eventually('the other key is told', () => stream.messages.length > 1);
      expect(stream.hasEnded).toBe(false);
      stream.cut();
    }
    for (const stream of ending) expect(JSON.stringify(stream.messages)).not.toContain('tram');
  });

  it('is cut off in the middle of a file or an import, and nothing of the import is recorded', async () => {
    const lent = await issue('recorder');
    await eventually('the log is signed', async () => {
      const checkpoint = await checkedFetch(`${other.url}/v1/audit/checkpoint`, { headers: operator });
      return Number((await checkpoint.text()).split('\n')[1]) > LINES;
    });
    const file = new Unfinished(`${other.url}/v1/audit/export`, 'GET', bearer(lent.key));
    const arriving = new Unfinished(`${other.url}/v1/imports`, 'POST', {
      ...bearer(lent.key),
      'content-type': 'application/x-ndjson',
    });
    arriving.send(`${JSON.stringify(sampleEvent('too-late'))}\n`);
    await eventually('the file begins', () => file.status === 200);
    await revoke(lent.id);
    await expectSoon('the import is over', () => arriving.isOver);
    file.readOn();
    await eventually('the file is over', () => file.isOver);
    expect(file.isComplete).toBe(false);
    const found = await checkedFetch(`${one.url}/v1/events/too-late`, { headers: operator });
    expect(found.status).toBe(404);
  });

  it('ends with the session of whoever is signed in, and with the token that has expired', async () => {
    const browser: PlainBrowser = await signInAs({ url: one.url, provider }, { login: 'ada', role: 'reader' });
    const staying = await signInAs({ url: one.url, provider }, { login: 'ada', role: 'reader' });
    const cookieOf = (each: PlainBrowser) => ({
      cookie: `__Host-ptl-session=${each.cookie(one.url, '__Host-ptl-session') ?? ''}`,
    });
    const [cookie, going] = [cookieOf(browser), await streamsWith(cookieOf(staying))];
    const ending = await streamsWith(cookie);
    const { csrfToken = '' } = await askAbout(browser, one.url);
    await browser.send(`${one.url}/sign-out`, { 'csrf-token': csrfToken });
    await expectSoon('streams have ended', () => ending.every(({ hasEnded }) => hasEnded));
    const again = new StreamClient(`${other.url}/v1/stream`, { headers: cookie });
    await eventually('an answer', () => again.status !== undefined);
    expect([again.status, going.map(({ hasEnded }) => hasEnded)]).toEqual([401, [false, false, false]]);
    // An operator ends somebody's session, and is shown neither their secret nor their name.
    const listed = await one.get<{ items: { id: string; principal: string; role: string }[] }>(
      '/v1/sessions',
      operator,
    );
    expect(listed.body.items.map(({ role, principal }) => [role, principal])).toEqual([
      ['reader', expect.stringMatching(/^subject-[0-9a-f]{32}$/)],
    ]);
    const secret = staying.cookie(one.url, '__Host-ptl-session') ?? 'none';
    for (const hidden of ['ada', secret]) expect(JSON.stringify(listed.body)).not.toContain(hidden);
    expect((await one.get<{ items: object[] }>('/v1/sessions?principal=nobody', operator)).body.items).toEqual([]);
    const path = `${other.url}/v1/sessions/${listed.body.items[0]?.id ?? ''}`;
    const ptl = (...given: readonly string[]) =>
      inProcess(['sessions', ...given], { PTL_URL: one.url, PTL_KEY: operator['authorization']?.slice(7) ?? '' });
    expect((await ptl('list')).out).toContain(listed.body.items[0]?.id);
    expect(await ptl('list', '--principal', 'nobody')).toMatchObject({ code: 0, out: '' });
    expect((await ptl('end', 'nothing')).code).toBe(3);
    const end = async () => (await checkedFetch(path, { method: 'DELETE', headers: operator })).status;
    expect(await end()).toBe(200);
    await expectSoon('the other streams have ended', () => going.every(({ hasEnded }) => hasEnded));
    expect([await end(), (await staying.open(`${one.url}/policies`)).status]).toEqual([404, 303]);
    // Clocks may differ by 30 s.
    const exp = Math.floor(Date.now() / 1_000) - 27;
    const short = await streamsWith(bearer(await signAs(provider, { roles: 'reader', exp })));
    await eventually('its streams have ended', () => short.every(({ hasEnded }) => hasEnded));
  });
});
